"""A queue message's body: base64 of JSON as a rule, sometimes raw, sometimes neither."""

import base64
import binascii
import json


def decode(text: str) -> bytes:
    """Return the JSON that ``text`` carries, else ``text`` itself, unchanged.

    Base64 counts only if JSON comes out: a raw body may look like base64 by chance.
    What is neither stays as it came; whoever reads it later says what is wrong.
    """
    carried = _from_base64(text)
    if carried is not None and _is_json(carried):
        return carried
    # A lone surrogate cannot come out of an XML reader, so this cannot fail.
    return text.encode()


def _from_base64(text: str) -> bytes | None:
    try:
        # Some encoders break lines, which strict decoding would refuse.
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _is_json(body: bytes) -> bool:
    """Tell whether ``body`` is JSON in the widest sense; the reader is stricter."""
    try:
        # Numbers stay text: only the form matters, and a huge one would take long.
        json.loads(body, parse_int=str, parse_float=str)
    except RecursionError:
        return True  # only brackets nest so deeply
    except ValueError:
        return False
    return True

"""JSON as strangers send it: cut into items, decoded leniently, made safe to store.

No Django, no I/O. ``msgspec`` does the common case; what it refuses but a vendor was
seen to send (lone surrogates, raw line breaks in a string, very long numbers, one
item nested past all sense among good ones) takes the slow way, which gives the same
values. Neither way recurses deeper than ``MAX_DEPTH`` on what it keeps.
"""

import json
import re
from collections.abc import Iterable
from typing import NoReturn

import msgspec

from channels_cfg.wire import BadBody, BadItem

MAX_DEPTH = 64
"""How many arrays and objects may stand inside one another in one item."""

MAX_ITEMS = 300_000
"""How many items one body may hold. The largest body has no room for more that say
anything; ten megabytes of ``{}`` would only fill the quarantine."""

_elements = msgspec.json.Decoder(list[msgspec.Raw])
_whole = msgspec.json.Decoder(msgspec.Raw)
_anything = msgspec.json.Decoder()

_BLANK = re.compile(r"[ \t\n\r]*")
# A string without an end matches to the end of the text, or a body of quotes would
# be scanned once for each of them.
_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
# No text column can hold NUL, and no UTF-8 a surrogate.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_INT64 = range(-(2**63), 2**63)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}  # a string is no step


def split_array(body: bytes) -> list[bytes]:
    """Cut a JSON array into its elements, or take an object as the one element.

    Elements keep their bytes; each is decoded by ``load_item``. Raises ``BadBody``
    for what is not JSON in UTF-8, for a bare string, number, true, false or null, for
    too many elements, and for a body whose only element is nested too deeply.
    """
    body = _utf8(body)
    if not body.startswith((b"[", b"{")):
        raise BadBody("neither a JSON array nor an object")
    elements = bounded(_cut(body))
    if len(elements) == 1 and _too_deep(elements[0]):
        raise BadBody("nested too deeply")
    return elements


def load_item(text: bytes) -> tuple[object, bool]:
    """Decode one item; the second value says that its strings had to be sanitised.

    NUL characters and lone surrogates, which no database text can hold, become
    U+FFFD; numbers that no 64 bits can hold become text. Of equal keys the last
    counts. Raises ``BadItem`` for what is not JSON or is nested too deeply.
    """
    try:
        item: object = _anything.decode(text)
    except RecursionError:
        raise BadItem("nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _load_slowly(text)
    if _is_plain(item, 1) and not (b"\\" in text and b"\\u0000" in text):
        return item, False
    return _storable(item)


def bounded(items: list[bytes]) -> list[bytes]:
    """Return ``items``. Raises ``BadBody`` for more than any body can mean."""
    if len(items) > MAX_ITEMS:
        raise BadBody(f"{len(items)} items, more than {MAX_ITEMS} in one body")
    return items


def _utf8(body: bytes) -> bytes:
    """Return ``body`` without byte order mark and blanks. Raises ``BadBody``."""
    if body.startswith(b"\x1f\x8b"):
        raise BadBody("compressed (gzip); the provider must send plain JSON")
    if not body.isascii():
        body = body.removeprefix(b"\xef\xbb\xbf")
        try:
            body.decode()
        except UnicodeDecodeError as exc:
            raise BadBody(f"not UTF-8 at byte {exc.start}") from None
    return body.strip(b" \t\n\r")


def _cut(body: bytes) -> list[bytes]:
    try:
        if body.startswith(b"{"):
            return [bytes(_whole.decode(body))]
        return [bytes(raw) for raw in _elements.decode(body)]
    except (msgspec.DecodeError, RecursionError):
        return _cut_slowly(body.decode())


def _cut_slowly(text: str) -> list[bytes]:
    """Find where each element ends, one at a time, so that one may be odd."""
    if text.startswith("{"):
        _expect_end(text, _end_of_element(text, 0))
        return [text.encode()]
    elements: list[bytes] = []
    at = _skip_blanks(text, 1)
    if text[at : at + 1] == "]":
        _expect_end(text, at + 1)
        return elements
    while True:
        end = _end_of_element(text, at)
        elements.append(text[at:end].encode())
        at = _skip_blanks(text, end)
        if text[at : at + 1] != ",":
            break
        at = _skip_blanks(text, at + 1)
    if text[at : at + 1] != "]":
        raise BadBody(f"not JSON: expected ',' or ']' at character {at}")
    _expect_end(text, at + 1)
    return elements


def _expect_end(text: str, at: int) -> None:
    if _skip_blanks(text, at) != len(text):
        raise BadBody(f"not JSON: more text after the end, at character {at}")


def _skip_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _end_of_element(text: str, at: int) -> int:
    try:
        return _lenient.raw_decode(text, at)[1]
    except RecursionError:
        return _end_of_nest(text, at)
    except json.JSONDecodeError as exc:
        raise BadBody(f"not JSON: {exc.msg} at character {exc.pos}") from None
    except ValueError as exc:
        raise BadBody(f"not JSON: {exc}") from None


def _end_of_nest(text: str, at: int) -> int:
    """Return where the array or object at ``at`` ends, by its brackets alone."""
    depth = 0
    for found in _BRACKET.finditer(text, at):
        depth += _STEPS.get(found[0], 0)
        if depth == 0:
            return found.end()
    raise BadBody("not JSON: the text ends inside an array or object")


def _too_deep(text: bytes) -> bool:
    if text.count(b"[") + text.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    for found in _BRACKET.finditer(text.decode()):
        depth += _STEPS.get(found[0], 0)
        if depth > MAX_DEPTH:
            return True
    return False


def _is_plain(value: object, depth: int) -> bool:
    """Whether every number in ``value`` fits 64 bits. Raises ``BadItem`` if too deep."""
    parts: Iterable[object]
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list):
        parts = value
    else:
        return type(value) is not int or value in _INT64
    if depth > MAX_DEPTH:
        raise BadItem("nested too deeply")
    plain = True
    for part in parts:
        kind = type(part)
        if kind is str or (kind is int and part in _INT64):
            continue
        plain = _is_plain(part, depth + 1) and plain
    return plain


def _load_slowly(text: bytes) -> tuple[object, bool]:
    try:
        words = text.decode()
        try:
            item, is_lenient = _strict.decode(words), False
        except json.JSONDecodeError:
            item, is_lenient = _lenient.decode(words), True
    except RecursionError:
        raise BadItem("nested too deeply") from None
    except ValueError as exc:
        raise BadItem(f"not JSON: {exc}") from None
    _is_plain(item, 1)
    item, is_changed = _storable(item)
    return item, is_lenient or is_changed


def _storable(value: object) -> tuple[object, bool]:
    """Return ``value`` as a database can hold it, and whether a text was changed."""
    if isinstance(value, str):
        clean, changes = _UNSTORABLE.subn("\ufffd", value)
        return clean, changes > 0
    if isinstance(value, list):
        return _storable_parts(value)
    if isinstance(value, dict):
        keys, keys_changed = _storable_parts(list(value))
        values, values_changed = _storable_parts(list(value.values()))
        return dict(zip(keys, values, strict=True)), keys_changed or values_changed
    if type(value) is int and value not in _INT64:
        return str(value), False
    return value, False


def _storable_parts(parts: list[object]) -> tuple[list[object], bool]:
    read = [_storable(part) for part in parts]
    return [part for part, _ in read], any(changed for _, changed in read)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _whole_number(digits: str) -> int | str:
    # A text for what is longer than any id or time: int() of it is quadratic.
    return int(digits) if len(digits) < 40 else digits


def _fraction(digits: str) -> float | str:
    value = float(digits)
    return value if value - value == 0 else digits  # 1e999 stays text


def _decoder(*, strict: bool) -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_constant=_refuse_constant,
        parse_int=_whole_number,
        parse_float=_fraction,
        strict=strict,
    )


_strict = _decoder(strict=True)
_lenient = _decoder(strict=False)

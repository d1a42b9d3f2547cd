"""How this provider proves a body, for tests that push through the real door."""

import hashlib
import hmac
from collections.abc import Mapping

SIGNING_SECRETS = ("app secret",)


def prove(body: bytes) -> Mapping[str, str]:
    """Return the headers that the provider sends beside ``body``."""
    digest = hmac.new(SIGNING_SECRETS[0].encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}

"""How Meta proves itself: a token when a URL is set, a signature on every body."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from channels_cfg.wire import Ack, BadSignature

_HEADER = "x-hub-signature-256"
_REFUSED = Ack(body=b"", status=403, content_type="text/plain")


def answer_challenge(
    query: Mapping[str, str], verify_tokens: Iterable[str]
) -> Ack | None:
    """Return the bare challenge to who knows a token, 403 to who does not.

    None for a GET that asks for nothing, such as a probe of a monitor.
    """
    if not any(name.startswith("hub.") for name in query):
        return None
    token = query.get("hub.verify_token", "")
    is_subscribing = query.get("hub.mode") == "subscribe"
    if not is_subscribing or not _is_one_of(token, verify_tokens):
        return _REFUSED
    challenge = query.get("hub.challenge", "").encode()
    return Ack(body=challenge, content_type="text/plain")


def check_signature(
    body: bytes, headers: Mapping[str, str], secrets: Iterable[str]
) -> None:
    """Raise ``BadSignature`` unless one of the app secrets signed the raw bytes."""
    signed = (
        "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        for secret in secrets
        if secret
    )
    if not _is_one_of(headers.get(_HEADER, "").strip().lower(), signed):
        raise BadSignature("X-Hub-Signature-256 is missing or no secret made it")


def _is_one_of(given: str, known: Iterable[str]) -> bool:
    # All are compared, so that the time tells nothing; an empty one opens nothing.
    offered = given.encode("utf-8", "replace")
    matches = [hmac.compare_digest(offered, each.encode()) for each in known if each]
    return any(matches)

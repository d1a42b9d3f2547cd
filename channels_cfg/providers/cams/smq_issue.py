"""The token service's one call: ``QueryTokenForMnsQueue``, signed ACS3-HMAC-SHA256."""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

from channels_cfg.pulling import QueueAddress, QueueError, Step

from .endpoints import MESSAGE_TYPES
from .smq_errors import Refused, Unreachable
from .smq_http import Answer, Connection
from .smq_meanings import Trouble, token_error
from .smq_signing import (
    Credential,
    canonical_query,
    rpc_authorization,
)
from .smq_token import Token, TokenSource, token

ACTION = "QueryTokenForMnsQueue"
# The vendor's newer clients speak the first on both sites, the older ones for the
# Singapore site the second.
VERSIONS = ("2017-05-25", "2018-05-01")
_OTHER_VERSION = ("InvalidVersion", "InvalidAction")
_OTHER_SECRET = ("SignatureDoesNotMatch", "IncompleteSignature")
_EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

# ``ExpireTime`` is China's wall clock without a zone, as the vendor's own clients read
# it. A fixed offset: no summer time there, and small images have no zone data.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
ASSUMED_LIFE = timedelta(minutes=10)  # where ExpireTime is unreadable


def token_source(queue: QueueAddress) -> TokenSource:
    """Return the source of keys for ``queue``, to be shared by its consumers."""
    return TokenSource(partial(issue_token, queue))


def issue_token(queue: QueueAddress) -> Token:
    """Ask for a key. Raises ``QueueError``.

    While a secret is being rotated each one is tried; a site that does not know one
    version of the call is asked for the other.
    """
    error = Refused("no secret is set", "enter the secret of the key", step=Step.TOKEN)
    with Connection(queue.token_endpoint) as connection:
        for version in VERSIONS:
            for secret in queue.access_key_secrets:
                try:
                    credential = Credential(queue.access_key_id, secret)
                    return _ask(connection, queue, credential, version=version)
                except Refused as exc:
                    error = exc
                if not error.code.startswith(_OTHER_SECRET):
                    break
            if not error.code.startswith(_OTHER_VERSION):
                break
    raise error


def _ask(
    connection: Connection, queue: QueueAddress, credential: Credential, *, version: str
) -> Token:
    query = canonical_query(
        {
            "MessageType": MESSAGE_TYPES[queue.receipt_type],
            "QueueName": queue.queue_name,
        }
    )
    headers = _headers_to_sign(connection.netloc, version)

    def sign(target: str) -> Mapping[str, str]:
        sent = target.partition("?")[2]
        proof = rpc_authorization(credential, headers, query=sent)
        return headers | {"Authorization": proof, "Accept": "application/json"}

    return _read(connection.send("POST", f"/?{query}", sign=sign))


def _headers_to_sign(host: str, version: str) -> dict[str, str]:
    return {
        "host": host,
        "x-acs-action": ACTION,
        "x-acs-version": version,
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": _EMPTY_SHA256,
    }


def _read(answer: Answer) -> Token:
    """Read the answer; a refusal may also come as status 200 with another code."""
    told = _json_object(answer.body)
    code = _text(told, "Code")
    if answer.status != 200 or code not in ("OK", ""):
        raise token_error(
            Trouble(
                answer.status,
                code=code,
                message=_text(told, "Message"),
                request_id=_text(told, "RequestId"),
            )
        )
    return _token(told.get("MessageTokenDTO"))


def _token(told: object) -> Token:
    values = told if isinstance(told, dict) else {}
    credential = Credential(
        _text(values, "AccessKeyId"),
        _text(values, "AccessKeySecret"),
        _text(values, "SecurityToken"),
    )
    if not credential.access_key_id or not credential.access_key_secret:
        raise _not_a_token()
    return token(credential, expires_at=expiry(_text(values, "ExpireTime")))


def expiry(text: str) -> datetime:
    """Read ``ExpireTime``, Shanghai time unless it names a zone; ten minutes if none."""
    try:
        named = datetime.fromisoformat(text.strip())
        return (named if named.tzinfo else named.replace(tzinfo=SHANGHAI)).astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return datetime.now(UTC) + ASSUMED_LIFE


def _json_object(body: bytes) -> dict[str, object]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else {}


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _not_a_token() -> QueueError:
    return Unreachable(
        "the answer is not the token service's",
        "check the token endpoint, and the proxy if there is one",
        step=Step.TOKEN,
    )

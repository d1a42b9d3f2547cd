"""Who may call the stand-in: both signatures checked from the vendor's pages.

Written from the documentation and on purpose without the client's own signing code,
so that a mistake there cannot be made twice.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, quote

SKEW_S = 15 * 60


class Denied(Exception):
    """A caller is turned away, with the service's status and code."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message or f"denied by the stand-in: {code}"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Key:
    """A temporary key that was given out."""

    access_key_id: str
    secret: str
    security_token: str
    message_type: str
    created_at: float
    expires_at: float


@dataclass(slots=True)
class Keys:
    """The customer's long-term keys and the temporary ones given for them."""

    long_term: dict[str, str]
    temporary: dict[str, Key] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    clock_ahead_s: float = 0  # how far this side's clock is ahead

    def now(self) -> float:
        return time.time() + self.clock_ahead_s

    def give(self, message_type: str, *, life_s: float) -> Key:
        key = Key(
            "STS." + secrets.token_hex(8),
            secrets.token_hex(20),
            base64.b64encode(secrets.token_bytes(60)).decode(),
            message_type,
            self.now(),
            self.now() + life_s,
        )
        self.temporary[key.access_key_id] = key
        return key

    def end_all(self) -> None:
        """Let every temporary key end now."""
        for key in list(self.temporary.values()):
            key.expires_at = 0

    def check_token_call(self, request: Request) -> None:
        """Check ACS3-HMAC-SHA256. Raises ``Denied``."""
        algorithm, _, rest = request.headers.get("authorization", "").partition(" ")
        parts = dict(part.partition("=")[::2] for part in rest.split(","))
        secret = self.long_term.get(parts.get("Credential", ""))
        if algorithm != "ACS3-HMAC-SHA256":
            raise Denied(400, "IncompleteSignature")
        if secret is None:
            raise Denied(404, "InvalidAccessKeyId.NotFound")
        names = parts.get("SignedHeaders", "").split(";")
        self._check_signed_names(request, names)
        text = _acs3_text(request, names)
        expected = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, parts.get("Signature", "")):
            raise Denied(400, "SignatureDoesNotMatch")
        self._check_freshness(request)

    def _check_signed_names(self, request: Request, names: list[str]) -> None:
        must = {name for name in request.headers if name.startswith("x-acs-")}
        must |= {"host", "x-acs-action", "x-acs-version", "x-acs-date"}
        if names != sorted(names) or not must <= set(names):
            raise Denied(400, "IncompleteSignature")
        digest = hashlib.sha256(request.body).hexdigest()
        if request.headers.get("x-acs-content-sha256") != digest:
            raise Denied(400, "SignatureDoesNotMatch")

    def _check_freshness(self, request: Request) -> None:
        date = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%S%z")
        if abs(date.timestamp() - self.now()) > SKEW_S:
            raise Denied(400, "InvalidTimeStamp.Expired")
        nonce = request.headers.get("x-acs-signature-nonce", "")
        if not nonce or nonce in self.nonces:
            raise Denied(400, "SignatureNonceUsed")
        self.nonces.add(nonce)

    def check_queue_call(self, request: Request) -> Key:
        """Check the MNS signature; return the key it was made with. Raises ``Denied``."""
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        access_key_id, _, signature = rest.partition(":")
        key = self.temporary.get(access_key_id)
        if scheme != "MNS" or not signature:
            raise Denied(400, "MissingAuthorizationHeader")
        if key is None:
            raise Denied(403, "InvalidAccessKeyId")
        if "date" not in request.headers or "x-mns-version" not in request.headers:
            raise Denied(400, "MissingDateHeader")
        told = parsedate_to_datetime(request.headers["date"]).timestamp()
        if abs(told - self.now()) > SKEW_S:
            raise Denied(408, "TimeExpired")
        text = _mns_text(request)
        expected = hmac.new(key.secret.encode(), text.encode(), hashlib.sha1).digest()
        if base64.b64encode(expected).decode() != signature:
            raise Denied(403, "SignatureDoesNotMatch")
        if request.headers.get("security-token") != key.security_token:
            raise Denied(403, "AccessDenied")
        if key.expires_at <= self.now():
            raise Denied(403, "AccessDenied", "The temporary key has expired.")
        return key


def _acs3_text(request: Request, names: list[str]) -> str:
    path, _, query = request.target.partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    canonical = "\n".join(
        [
            request.method,
            path,
            "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs),
            *(f"{name}:{request.headers.get(name, '').strip()}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
        ]
    )
    return "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _mns_text(request: Request) -> str:
    headers = request.headers
    lines = [
        request.method,
        headers.get("content-md5", ""),
        headers.get("content-type", ""),
        headers.get("date", ""),
    ]
    lines += sorted(f"{n}:{v}" for n, v in headers.items() if n.startswith("x-mns-"))
    return "\n".join([*lines, request.target])

"""Callback paths as the door needs them: each with all that proves its callers."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from channels_cfg import registry
from channels_cfg.models import CallbackPath
from channels_cfg.services.networks import Network
from channels_cfg.wire import BadSignature, ReceiptType, Secrets

NO_SECRETS = Secrets()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One enabled callback path. Digests are SHA-256, of the newest secret first."""

    path: str
    path_id: int
    channel_id: int
    channel_key: str
    provider: str
    receipt_type: ReceiptType
    channel_type: str
    header_name: str = ""  # lower case
    header_digests: tuple[bytes, ...] = ()
    basic_digests: tuple[bytes, ...] = ()  # of "user:password"
    networks: tuple[Network, ...] = ()
    secrets: Secrets = NO_SECRETS
    is_locked: bool = False  # a stored secret cannot be read: nobody is let in

    def prove(self, headers: Mapping[str, str], body: bytes, address: str) -> int:
        """Return which secret matched, 0 for the newest or none.

        Of several proofs the oldest secret counts. ``headers`` has lower-case names.
        Raises ``BadSignature``.
        """
        caller = self.prove_caller(headers, address)
        return max(caller, self._prove_signature(headers, body))

    def prove_caller(self, headers: Mapping[str, str], address: str) -> int:
        """Prove what can be proven before the body is read, as ``prove`` does."""
        if self.is_locked:
            raise BadSignature("a stored secret cannot be read")
        if self.networks and not self._is_allowed(address):
            raise BadSignature("address not allowed")
        return max(self._prove_header(headers), self._prove_basic(headers))

    def _is_allowed(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        # A dual-stack socket shows IPv4 callers as ::ffff:203.0.113.9.
        mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
        return any((mapped or ip) in network for network in self.networks)

    def _prove_header(self, headers: Mapping[str, str]) -> int:
        if not self.header_name:
            return 0
        # Servers hand header bytes over as Latin-1 text.
        told = headers.get(self.header_name, "").strip().encode("latin-1", "replace")
        return _find(told, self.header_digests)

    def _prove_basic(self, headers: Mapping[str, str]) -> int:
        if not self.basic_digests:
            return 0
        scheme, _, encoded = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            raise BadSignature("no basic authorization")
        try:
            told = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise BadSignature("basic authorization is not base64") from None
        return _find(told, self.basic_digests)

    def _prove_signature(self, headers: Mapping[str, str], body: bytes) -> int:
        verify = registry.adapter(self.provider).verify
        if len(self.secrets.signing) < 2:
            verify(body, headers, self.secrets)
            return 0
        for index, secret in enumerate(self.secrets.signing):
            one = Secrets(signing=(secret,), verify_tokens=self.secrets.verify_tokens)
            with suppress(BadSignature):
                verify(body, headers, one)
                return index
        raise BadSignature("no signing secret matches")


def load() -> dict[str, Route]:
    """Return every enabled path of every active channel, by path; one query.

    Paths of a provider whose folder is gone are left out.
    """
    rows = CallbackPath.objects.filter(
        is_enabled=True,
        channel__is_active=True,
        channel__provider__in=registry.adapters(),
    ).select_related("channel")
    return {row.path: _route(row) for row in rows.order_by("pk").iterator()}


def _route(row: CallbackPath) -> Route:
    user = row.basic_username
    return Route(
        path=row.path,
        path_id=row.pk,
        channel_id=row.channel_id,
        channel_key=row.channel.key,
        provider=row.channel.provider,
        receipt_type=ReceiptType(row.receipt_type),
        channel_type=row.channel.type,
        header_name=row.header_name.lower(),
        header_digests=tuple(_digest(value) for value in row.header_values),
        basic_digests=tuple(_digest(f"{user}:{word}") for word in row.basic_passwords),
        networks=tuple(ipaddress.ip_network(n, strict=False) for n in row.allow_from),
        secrets=Secrets(
            signing=tuple(row.signing_secrets), verify_tokens=tuple(row.verify_tokens)
        ),
        is_locked=not row.has_readable_secrets,
    )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _find(told: bytes, digests: tuple[bytes, ...]) -> int:
    """Return the place of ``told``, comparing all so that time tells nothing."""
    digest = hashlib.sha256(told).digest()
    matches = [hmac.compare_digest(digest, each) for each in digests]
    if True not in matches:
        raise BadSignature("no secret matches")
    return matches.index(True)

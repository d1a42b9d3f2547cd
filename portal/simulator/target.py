"""Where a channel takes what its provider pushes, as an operator would copy it."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from channels_cfg import registry
from channels_cfg.models import CallbackPath, Channel
from channels_cfg.wire import Adapter, ReceiptType
from portal.simulator.traffic import WORDS


class NotPossible(Exception):
    """The simulator cannot do what it was asked; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One callback URL, and the headers that prove the caller."""

    url: str
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A channel of a running portal at ``base_url`` (no slash at its end)."""

    channel: Channel
    base_url: str
    doors: Mapping[ReceiptType, Door]

    @property
    def adapter(self) -> Adapter:
        """The adapter of the channel's provider: its clock is the clock to obey."""
        return registry.adapter(self.channel.provider)

    def door(self, receipt_type: ReceiptType) -> Door:
        """Return where receipts of a type are pushed: their own path, or that of all."""
        return self.doors.get(receipt_type) or self.doors[ReceiptType.ANY]


def target(key: str, base_url: str = "") -> Target:
    """Return the channel ``key`` as a target; ``base_url`` '' is ``PUBLIC_BASE_URL``.

    Raises ``NotPossible``.
    """
    channel = Channel.objects.filter(key=key).first()
    if channel is None:
        raise NotPossible(f"There is no channel {key}: add --create to make one.")
    if channel.provider not in WORDS:
        known = " and ".join(WORDS)
        raise NotPossible(f"The simulator speaks {known}, not {channel.provider}.")
    if not channel.is_active:
        raise NotPossible(f"The channel {key} is switched off.")
    base_url = (base_url or settings.PUBLIC_BASE_URL).rstrip("/")
    doors = _doors(channel, base_url)
    if not doors:
        raise NotPossible(f"No callback path of the channel {key} is switched on.")
    return Target(channel=channel, base_url=base_url, doors=doors)


def _doors(channel: Channel, base_url: str) -> dict[ReceiptType, Door]:
    # While rotating, the newest path: it comes last and wins.
    rows: Iterable[CallbackPath] = channel.callback_paths.filter(is_enabled=True)
    return {
        ReceiptType(row.receipt_type): Door(
            url=f"{base_url}/callbacks/{row.path}", headers=_proof(row)
        )
        for row in sorted(rows, key=lambda row: row.pk)
    }


def _proof(row: CallbackPath) -> dict[str, bytes]:
    if not row.has_readable_secrets:
        raise NotPossible(f"A secret of {row} cannot be read: see FIELD_KEYS.")
    headers = {"Content-Type": b"application/json"}
    if row.header_name:
        headers[row.header_name] = row.header_values[0].encode()
    if row.basic_passwords:
        login = f"{row.basic_username}:{row.basic_passwords[0]}"
        headers["Authorization"] = b"Basic " + base64.b64encode(login.encode())
    return headers

"""Rows as they are wanted, beside what is stored; nothing is written here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import models

from channels_cfg import registry
from channels_cfg.fields import address
from channels_cfg.models import CallbackPath, Channel, ProviderQueue, QueueAccount
from channels_cfg.services.specs import (
    CallbackSpec,
    ChannelSpec,
    Place,
    QueueAccountSpec,
    QueueSpec,
)
from channels_cfg.wire import Adapter

Row = TypeVar("Row", bound=models.Model)

CHANNEL_FIELDS = ("name", "provider", "type", "account", "audit_version", "is_active")
# Not its path, which is what it is known by.
CALLBACK_FIELDS = (
    "receipt_type",
    "is_enabled",
    "header_name",
    "header_values",
    "basic_username",
    "basic_passwords",
    "signing_secrets",
    "verify_tokens",
    "allow_from",
)
QUEUE_FIELDS = ("queue_name", "is_enabled", "consumers")
ACCOUNT_FIELDS = (
    "token_endpoint",
    "queue_endpoint",
    "access_key_id",
    "access_key_secrets",
)


@dataclass(slots=True, kw_only=True)
class Drafted(Generic[Row]):
    """One row as wanted; ``before`` holds the stored values, None if it is new."""

    row: Row
    place: Place
    fields: tuple[str, ...]
    before: dict[str, object] | None

    @classmethod
    def of(
        cls, row: Row, spec: object, *, place: Place, fields: tuple[str, ...]
    ) -> "Drafted[Row]":
        """Set on ``row`` what ``spec`` says; None in it leaves the value as it is."""
        is_new = row.pk is None
        before = None if is_new else {name: getattr(row, name) for name in fields}
        for name in fields:
            wanted = getattr(spec, name, None)
            if wanted is not None:
                setattr(row, name, list(wanted) if name == "allow_from" else wanted)
        return cls(row=row, place=place, fields=fields, before=before)

    @property
    def is_new(self) -> bool:
        return self.before is None

    def changed(self) -> list[str]:
        """Return the fields that differ from what is stored; all of a new row."""
        if self.before is None:
            return list(self.fields)
        before = self.before
        return [name for name in self.fields if getattr(self.row, name) != before[name]]


@dataclass(frozen=True, slots=True)
class _Off:
    """What is wanted of a path or queue that is stored but no longer listed."""

    is_enabled: bool = False


@dataclass(slots=True, kw_only=True)
class Draft:
    """One channel as wanted. Addresses: as compared, to as the operator wrote them."""

    spec: ChannelSpec
    channel: Drafted[Channel]
    callbacks: list[Drafted[CallbackPath]] = field(default_factory=list)
    queues: list[Drafted[ProviderQueue]] = field(default_factory=list)
    account: Drafted[QueueAccount] | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    stored_addresses: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.channel.row.key

    @property
    def adapter(self) -> Adapter | None:
        """Return the adapter of its provider, None if there is no such folder."""
        return registry.adapters().get(self.channel.row.provider)

    @property
    def pulled(self) -> list[Drafted[ProviderQueue]]:
        return [queue for queue in self.queues if queue.row.is_enabled]


def draft(
    spec: ChannelSpec, stored: Channel | None, *, make_path: Callable[[], str]
) -> Draft:
    """Return the channel of ``spec`` as it would be."""
    row = stored or Channel(key=spec.key, name=spec.key, type=_usual_type(spec))
    drafted = Drafted.of(row, spec, place=spec.place, fields=CHANNEL_FIELDS)
    shown = (
        {a.value: a.shown for a in stored.business_addresses.all()} if stored else {}
    )
    return Draft(
        spec=spec,
        channel=drafted,
        callbacks=_callbacks(spec, row, make_path),
        queues=_queues(spec, row),
        account=_account(spec.queue_account, row),
        addresses=shown
        if spec.addresses is None
        else _addresses(spec.addresses, shown),
        stored_addresses=shown,
    )


def _usual_type(spec: ChannelSpec) -> str:
    adapter = registry.adapters().get(spec.provider or "")
    return adapter.channel_types[0] if adapter else ""


def _addresses(written: Iterable[str], stored: dict[str, str]) -> dict[str, str]:
    # Written another way it is still the same address: what is stored stays.
    values = {address(each): each.strip() for each in written if each.strip()}
    return {value: stored.get(value, shown) for value, shown in values.items()}


def _callbacks(
    spec: ChannelSpec, channel: Channel, make_path: Callable[[], str]
) -> list[Drafted[CallbackPath]]:
    stored = list(channel.callback_paths.all()) if channel.pk else []
    if spec.callbacks is None:
        return [_callback(row, None, spec.place) for row in stored]
    found = _match(spec.callbacks, stored)
    drafts = [
        _callback(
            row or CallbackPath(channel=channel, path=wanted.path or make_path()),
            wanted,
            wanted.place,
        )
        for wanted, row in zip(spec.callbacks, found, strict=True)
    ]
    place = (*spec.place, "callbacks")
    unlisted = [row for row in stored if row not in found]
    return drafts + [_callback(row, _Off(), place) for row in unlisted]


def _callback(
    row: CallbackPath, spec: "CallbackSpec | _Off | None", place: Place
) -> Drafted[CallbackPath]:
    return Drafted.of(row, spec, place=place, fields=CALLBACK_FIELDS)


def _match(
    wanted: Sequence[CallbackSpec], stored: Sequence[CallbackPath]
) -> list[CallbackPath | None]:
    """Return the stored row of each wanted path, None where one is to be made.

    One without a path gets a row of its receipt type that nobody names: those
    switched on first, then the newest, as the older one was rotated away.
    """
    by_path = {row.path: row for row in stored}
    named = {spec.path for spec in wanted}
    free = sorted(
        (row for row in stored if row.path not in named),
        key=lambda row: (row.is_enabled, row.pk),
    )
    found: list[CallbackPath | None] = []
    # From the end, so that of two made in one go each finds itself again.
    for spec in reversed(wanted):
        row = by_path.get(spec.path) if spec.path else _take(free, spec.receipt_type)
        found.append(row)
    return found[::-1]


def _take(free: list[CallbackPath], receipt_type: str) -> CallbackPath | None:
    fitting = [row for row in free if row.receipt_type == receipt_type]
    if not fitting:
        return None
    free.remove(fitting[-1])
    return fitting[-1]


def _queues(spec: ChannelSpec, channel: Channel) -> list[Drafted[ProviderQueue]]:
    rows = channel.queues.all() if channel.pk else ()
    stored = {row.receipt_type: row for row in rows}
    if spec.queues is None:
        return [_queue(row, None, spec.place) for row in stored.values()]
    drafts = []
    for wanted in spec.queues:
        kind = wanted.receipt_type
        new = ProviderQueue(channel=channel, receipt_type=kind)
        drafts.append(_queue(stored.pop(kind, new), wanted, wanted.place))
    place = (*spec.place, "queues")
    return drafts + [_queue(row, _Off(), place) for row in stored.values()]


def _queue(
    row: ProviderQueue, spec: "QueueSpec | _Off | None", place: Place
) -> Drafted[ProviderQueue]:
    return Drafted.of(row, spec, place=place, fields=QUEUE_FIELDS)


def _account(
    spec: QueueAccountSpec | None, channel: Channel
) -> Drafted[QueueAccount] | None:
    # Django raises an AttributeError where there is none.
    row: QueueAccount | None = getattr(channel, "queue_account", None)
    if row is None and spec is None:
        return None
    row = row or QueueAccount(channel=channel)
    place = spec.place if spec else ()
    drafted = Drafted.of(row, spec, place=place, fields=ACCOUNT_FIELDS)
    row.token_endpoint = row.token_endpoint.strip().rstrip("/")
    row.queue_endpoint = row.queue_endpoint.strip().rstrip("/")
    return drafted

"""Which queues are to be pulled, as configured."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, NoReturn

from channels_cfg.models import ProviderQueue
from channels_cfg.pulling import (
    NoQueues,
    OpenQueue,
    QueueAddress,
    QueueError,
    Queues,
    Step,
    queues_of,
)
from channels_cfg.registry import UnknownProvider
from channels_cfg.wire import ReceiptType


class QueueName(NamedTuple):
    """What a queue is known by, whoever names it."""

    endpoint: str
    name: str

    def __str__(self) -> str:
        return f"{self.endpoint}/{self.name}"


class Place(NamedTuple):
    """One of the places from which a queue is pulled at the same time."""

    queue: QueueName
    number: int


class Misconfigured(QueueError):
    """It cannot be pulled as it is configured here; the provider was not asked."""

    is_configuration = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A queue to be pulled, and the channel its callbacks are kept for.

    Several channels may name one queue: then it is the oldest one's, and the drain
    finds out whose each item is.
    """

    name: QueueName
    provider: str
    channel_id: int
    address: QueueAddress
    has_readable_secrets: bool = True
    consumers: int = field(default=1, compare=False)  # more or fewer change no puller

    @property
    def places(self) -> list[Place]:
        return [Place(self.name, number) for number in range(self.consumers)]

    def open(self) -> OpenQueue:
        """Return the queue; one that cannot be pulled says why when it is used."""
        try:
            return self.provider_queues().open(self.address)
        except Misconfigured as exc:
            return _Hindered(exc)

    def provider_queues(self) -> Queues:
        """Return what the provider's folder offers. Raises ``Misconfigured``."""
        if not self.has_readable_secrets:
            raise Misconfigured(
                "the stored secret cannot be read",
                "put back into FIELD_KEYS the key that was in force when it was "
                "saved, or enter the secret anew",
                step=Step.TOKEN,
            )
        try:
            return queues_of(self.provider)
        except (NoQueues, UnknownProvider):
            what = f"this version knows no queues of {self.provider}"
            fix = "switch the queue off, or install the version that knows them"
            raise Misconfigured(what, fix, step=Step.QUEUE) from None


@dataclass(frozen=True, slots=True)
class _Hindered:
    why: Misconfigured

    @property
    def token_expires_at(self) -> datetime | None:
        return None

    def client(self) -> NoReturn:
        raise copy(self.why)  # each thread its own: a raise adds to the traceback


def load() -> dict[QueueName, Wanted]:
    """Return every queue that is switched on, of channels that are."""
    return {name: _shared(rows) for name, rows in pulled_rows().items()}


def pulled_rows() -> dict[QueueName, list[ProviderQueue]]:
    """Return the queues to be pulled, each with all that name it, the oldest first."""
    found = (
        ProviderQueue.objects.filter(
            is_enabled=True,
            channel__is_active=True,
            channel__queue_account__isnull=False,
        )
        .select_related("channel__queue_account")
        .order_by("channel_id", "pk")
    )
    rows: dict[QueueName, list[ProviderQueue]] = {}
    for row in found:
        rows.setdefault(name_of(row), []).append(row)
    return rows


def name_of(row: ProviderQueue) -> QueueName:
    """Return what the queue of ``row`` is known by; its channel has an account."""
    endpoint = row.channel.queue_account.queue_endpoint
    return QueueName(endpoint.lower().rstrip("/"), row.queue_name)


def wanted(row: ProviderQueue, consumers: int = 1) -> Wanted:
    """Return the queue of ``row`` as its channel configures it."""
    account = row.channel.queue_account
    address = QueueAddress(
        token_endpoint=account.token_endpoint,
        queue_endpoint=account.queue_endpoint,
        queue_name=row.queue_name,
        receipt_type=ReceiptType(row.receipt_type),
        access_key_id=account.access_key_id,
        access_key_secrets=tuple(account.access_key_secrets),
    )
    return Wanted(
        name=name_of(row),
        provider=row.channel.provider,
        channel_id=row.channel_id,
        address=address,
        has_readable_secrets=account.access_key_secrets.is_readable,
        consumers=consumers,
    )


def _shared(rows: Iterable[ProviderQueue]) -> Wanted:
    own, *others = rows
    return wanted(own, max(row.consumers for row in (own, *others)))

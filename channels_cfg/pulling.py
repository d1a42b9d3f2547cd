"""The seam to a provider's queues: what a folder that has them offers, in our words.

Such a folder has a module ``queues`` with a ``QUEUES``. It talks to the network, so it
stands apart from the adapter and is imported only by who pulls. Knows no Django.

    QueueError    what went wrong, in words for ops staff; providers derive their own
"""

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from channels_cfg import registry
from channels_cfg.wire import ReceiptType, Where


class Step(StrEnum):
    """How far an attempt came; also the steps of a test of the connection."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    ANSWER = "answer"
    TOKEN = "token"  # noqa: S105  # a step's name
    PERMISSION = "permission"
    QUEUE = "queue"


class QueueError(Exception):
    """What happened and its fix; ``str()`` gives both in one sentence."""

    is_configuration = False  # True: a second try cures nothing, somebody must act
    is_throttling = False  # True: the provider wants fewer calls, keep away for longer

    def __init__(
        self,
        what: str,
        fix: str,
        *,
        code: str = "",
        request_id: str = "",
        step: Step = Step.ANSWER,
    ) -> None:
        super().__init__(what, fix)
        self.what = what
        self.fix = fix
        self.code = code  # the service's own word, '' if it gave none
        self.request_id = request_id  # what the provider's support asks for
        self.step = step

    def __str__(self) -> str:
        marks = (self.code, self.request_id and f"request {self.request_id}")
        told = ", ".join(mark for mark in marks if mark)
        return f"{self.what}: {self.fix}" + (f" ({told})" if told else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAddress:
    """Everything needed to pull one queue; equal addresses are the same queue."""

    token_endpoint: str
    queue_endpoint: str
    queue_name: str
    receipt_type: ReceiptType
    access_key_id: str
    access_key_secrets: tuple[str, ...] = field(repr=False)  # newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Two endpoints that belong together: what a provider has one of in each region."""

    slug: str
    label: str
    token_endpoint: str
    queue_endpoint: str


class QueueMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message as received; times are None where the service tells none.

    ``receipt_handle`` is good until ``next_visible_at``, which goes by the service's
    clock. ``is_intact`` compares the body with the digest that came with it, None
    without one: for information, a message is kept either way.
    """

    message_id: str
    receipt_handle: str
    body: bytes
    enqueued_at: datetime | None
    next_visible_at: datetime | None
    first_dequeued_at: datetime | None
    dequeue_count: int
    is_intact: bool | None = None


class Undeleted(msgspec.Struct, frozen=True, kw_only=True):
    """A handle that a delete did not take, with the service's code and words.

    ``is_stale`` is benign: the message was received again or is gone.
    """

    receipt_handle: str
    code: str
    words: str = ""
    is_stale: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """How one step went, in words for ops staff; a failed one names its fix."""

    step: Step
    host: str
    is_ok: bool
    words: str


class Client(Protocol):
    """One thread's way to a queue. Every call raises ``QueueError``."""

    @property
    def most(self) -> int:
        """How many messages one receive gives at most: fewer, and little waits."""

    def receive(self, wait_s: int) -> Sequence[QueueMessage]:
        """Return a few messages; none when none came within ``wait_s``.

        None well before ``wait_s`` is no error: pause before calling again.
        """

    def delete(self, handles: Sequence[str]) -> Sequence[Undeleted]:
        """Delete messages; return those that were not taken. May be repeated."""

    def close(self) -> None:
        """Drop the connection."""


class OpenQueue(Protocol):
    """A queue and its key, shared by the threads of a process."""

    @property
    def token_expires_at(self) -> datetime | None:
        """When the present key ends; None before the first."""

    def client(self) -> Client:
        """Make a client for one thread. Raises ``QueueError``."""


class Queues(Protocol):
    """What a folder offers as ``QUEUES``."""

    @property
    def sites(self) -> Sequence[Site]:
        """The provider's own sites; other endpoints may be named all the same."""

    @property
    def console(self) -> Sequence[Where]:
        """Where the provider's console shows the name of a queue."""

    def open(self, address: QueueAddress) -> OpenQueue:
        """Name a queue; nothing is asked yet."""

    def check(self, address: QueueAddress) -> Iterator[Finding]:
        """Try the way to a queue step by step, taking no message from it."""


class NoQueues(LookupError):
    """The provider has no queues that could be pulled."""


def queues_of(provider: str) -> Queues:
    """Return the queues' side of a provider.

    Raises ``NoQueues``, or ``UnknownProvider`` for a slug no folder offers.
    """
    adapter = registry.adapter(provider)
    if not adapter.queue_types:
        raise NoQueues(provider)
    folder = type(adapter).__module__.rpartition(".")[0]
    offered: Queues = importlib.import_module(f"{folder}.queues").QUEUES
    return offered

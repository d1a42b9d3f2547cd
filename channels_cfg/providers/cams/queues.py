"""CAMS queues as the seam wants them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from channels_cfg.pulling import Finding, QueueAddress, Site
from channels_cfg.wire import Where

from .console import QUEUE_CONSOLE
from .endpoints import SITES
from .smq import QueueClient
from .smq_check import check_connection
from .smq_issue import token_source


class SmqQueue:
    """One queue; its threads share one temporary key."""

    def __init__(self, address: QueueAddress) -> None:
        self._address = address
        self._tokens = token_source(address)

    @property
    def token_expires_at(self) -> datetime | None:
        return self._tokens.expires_at

    def client(self) -> QueueClient:
        return QueueClient(self._address, self._tokens)


class Smq:
    """Every queue of the vendor's SMQ."""

    @property
    def sites(self) -> Sequence[Site]:
        return SITES

    @property
    def console(self) -> Sequence[Where]:
        return QUEUE_CONSOLE

    def open(self, address: QueueAddress) -> SmqQueue:
        return SmqQueue(address)

    def check(self, address: QueueAddress) -> Iterator[Finding]:
        return check_connection(address)


QUEUES = Smq()

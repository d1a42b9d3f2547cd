"""The changes feed, for programs that follow along."""

import binascii
import threading
import time
from datetime import datetime

import msgspec
from django.conf import settings
from django.core import signing
from rest_framework.request import Request
from rest_framework.response import Response

from channels_cfg.models import Channel
from channels_cfg.wire import Kind
from receipts import feed, shapes
from receipts.api import asking, described, examples
from receipts.api.base import ApiView
from receipts.api.described import Parameter
from receipts.api.problems import ApiProblem
from receipts.presenting.receipts import show_receipts
from receipts.querysets.bounded import bounded
from receipts.search import BadParameters, Mistake

LONGEST_WAIT_S = 25
LOOKS_EVERY_S = 0.3
_SIGNER = signing.Signer(salt="changes")

# However many follow, threads are left for the rest.
_waiting = threading.BoundedSemaphore(settings.API_LONG_POLLS)


class _Cursor(msgspec.Struct, array_like=True, frozen=True):
    """What a cursor of the feed holds."""

    epoch: str
    xid: int
    pk: int
    at: datetime


class Changes(ApiView):
    """Receipts in the order they became visible: none skipped, none twice."""

    answer = examples.one(examples.CHANGES)
    problems = ("cursor-gone", "too-costly")

    @classmethod
    def parameters(cls) -> list[Parameter]:
        """Return where to go on, how long to wait, and what is wanted."""
        return [
            Parameter(
                name="after",
                schema={"type": "string"},
                description="`cursor` of the answer before; without it the feed "
                "begins with the oldest receipt that is kept.",
            ),
            Parameter(
                name="wait",
                schema={
                    "type": "integer",
                    "minimum": 0,
                    "maximum": LONGEST_WAIT_S,
                    "default": 0,
                },
                description="Seconds to wait while there is nothing.",
            ),
            Parameter(name="channel", schema={"type": "string", "pattern": r"\S"}),
            described.one_of("kind", Kind),
            described.page_size(),
        ]

    def get(self, request: Request) -> Response:
        """Return what came after a cursor; wait for it if there is nothing yet."""
        given = asking.once_each(request)
        asking.only(given, ("after", "wait", "channel", "kind", "page_size"))
        limit = asking.whole(
            given,
            "page_size",
            least=1,
            most=asking.LARGEST_PAGE,
            default=asking.PAGE_SIZE,
        )
        wait = asking.whole(given, "wait", least=0, most=LONGEST_WAIT_S, default=0)
        with bounded():
            epoch = feed.epoch()
            position = _position(given.get("after"), epoch)
            wanted = self._wanted(given)
        found = _follow(position, wanted, limit, wait)
        cursor = _Cursor(
            epoch, found.position.xid, found.position.pk, found.position.at
        )
        with bounded():
            rows = show_receipts(found.rows, is_clear=self.caller.is_clear)
        return Response(shapes.Changes(results=rows, cursor=_seal(cursor)))

    def _wanted(self, given: dict[str, str]) -> feed.Wanted:
        kind = asking.word(given, "kind", [str(kind) for kind in Kind])
        channels = self.caller.channels
        if "channel" in given:
            if "\0" in given["channel"]:
                raise BadParameters([Mistake("channel", "Give the key of a channel.")])
            own = Channel.objects.filter(key=given["channel"])
            named = frozenset(own.values_list("pk", flat=True))
            channels = named if channels is None else named & channels
        return feed.Wanted(channels=channels, kind=kind)


def _follow(
    position: feed.Position, wanted: feed.Wanted, limit: int, wait: int
) -> feed.Found:
    until = time.monotonic() + wait
    found = _read(position, wanted, limit)
    if found.rows or not wait or not _waiting.acquire(blocking=False):
        return found
    try:
        while not found.rows and time.monotonic() < until:
            time.sleep(LOOKS_EVERY_S)
            found = _read(found.position, wanted, limit)
    finally:
        _waiting.release()
    return found


def _read(position: feed.Position, wanted: feed.Wanted, limit: int) -> feed.Found:
    with bounded():
        return feed.read(position, wanted, limit)


def _position(after: str | None, epoch: str) -> feed.Position:
    """Return where a cursor stands. Raises a 400, or a 410 for one of no use here."""
    if after is None:
        return feed.start()
    cursor = _open(after)
    position = feed.Position(xid=cursor.xid, pk=cursor.pk, at=cursor.at)
    if cursor.epoch != epoch or feed.is_expired(position):
        raise ApiProblem(
            "cursor-gone",
            "This cursor is older than what is kept, or from another database.",
        )
    return position


def _seal(cursor: _Cursor) -> str:
    return _SIGNER.sign(signing.b64_encode(msgspec.json.encode(cursor)).decode())


def _open(text: str) -> _Cursor:
    content = text.rpartition(_SIGNER.sep)[0]
    try:
        raw = signing.b64_decode(content.encode())
        cursor = msgspec.json.decode(raw, type=_Cursor)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        detail = "Give the cursor of an answer of changes/, as it is."
        raise BadParameters([Mistake("after", detail)]) from None
    try:
        _SIGNER.unsign(text)
    except signing.BadSignature:
        # It reads like one of ours: another portal, with another key, made it.
        return _Cursor("", cursor.xid, cursor.pk, cursor.at)
    return cursor

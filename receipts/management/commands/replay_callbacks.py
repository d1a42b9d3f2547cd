"""``manage.py replay_callbacks``: reads kept callbacks again; the new reading counts."""

import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels_cfg.models import Channel
from receipts.models import Callback, QuarantinedItem
from receipts.processing.replay import Replayed
from receipts.processing.replay_many import (
    Step,
    Wanted,
    of_callbacks,
    of_items,
    replay_many,
)
from receipts.querysets.callback import QuarantineQuerySet

PROGRESS_EVERY_S = 5.0
STATES = [state for state in Callback.State.values if state != Callback.State.PENDING]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; all of it together narrows."""

    callback: list[UUID]
    quarantine: list[int]
    cause: str | None
    state: str | None
    channel: str | None
    start: datetime | None
    end: datetime | None
    dry_run: bool


class Command(BaseCommand):
    """Find what is wanted, replay it step by step, say what came of it."""

    help = (
        "Read kept callbacks again with the adapters of this release. What an item gave "
        "before is replaced by what it gives now; messages and counts follow, the raw "
        "bytes stay. Run twice it changes nothing more. Say which: callbacks or "
        "quarantined items by id, the open items of a cause, or callbacks by state, "
        "channel and time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--callback", nargs="+", type=UUID, default=[], metavar="ID")
        which.add_argument(
            "--quarantine", nargs="+", type=int, default=[], metavar="ID"
        )
        which.add_argument("--cause", help="open quarantined items of this cause")
        which.add_argument("--state", choices=STATES, help="callbacks in this state")
        add = parser.add_argument
        add("--channel", metavar="KEY", help="only what came to this channel")
        add("--from", dest="start", type=_moment, metavar="ISO", help="received since")
        add("--to", dest="end", type=_moment, metavar="ISO", help="received before")
        words = "say what would change, each callback by itself, and change nothing"
        add("--dry-run", action="store_true", help=words)

    def handle(self, *_args: object, **options: object) -> None:
        known = {name: options[name] for name in Asked.__struct_fields__}
        asked = msgspec.convert(known, Asked)
        done = Progress(self)
        for step in replay_many(_wanted(asked), dry_run=asked.dry_run):
            done.note(step)
        word = "would replay" if asked.dry_run else "replayed"
        self.stdout.write(f"{word} {done}")
        if done.troubles:
            raise CommandError(f"{done.troubles} callbacks could not be replayed")


class Progress:
    """What was done so far, told now and then."""

    def __init__(self, command: BaseCommand) -> None:
        self.troubles = 0
        self._command = command
        self._total = Replayed()
        self._callbacks = 0
        self._told_at = time.monotonic()

    def note(self, step: Step) -> None:
        """Count one callback, and say so if nothing was said for a while."""
        if step.trouble:
            self.troubles += 1
            words = f"not replayed: {step.callback_id}: {step.trouble}"
            self._command.stderr.write(words)
        else:
            self._callbacks += 1
            self._total.add(step.replayed)
        if time.monotonic() - self._told_at >= PROGRESS_EVERY_S:
            self._told_at = time.monotonic()
            self._command.stdout.write(f"so far {self}")

    def __str__(self) -> str:
        total = self._total
        return (
            f"{self._callbacks} callbacks: {total.receipts} receipts, "
            f"{total.duplicates} duplicates, {total.quarantined} quarantined, "
            f"{total.changed} changed"
        )


def _wanted(asked: Asked) -> Iterator[Wanted]:
    """Return what to replay, in order. Raises ``CommandError``."""
    narrows = bool(asked.channel or asked.start or asked.end)
    if narrows and (asked.callback or asked.quarantine):
        raise CommandError("with ids, --channel, --from and --to have nothing to say")
    if asked.callback:
        return iter([Wanted(pk) for pk in sorted(set(asked.callback))])
    if asked.quarantine:
        return of_items(_items_by_id(set(asked.quarantine)))
    if asked.cause:
        return _of_cause(asked, asked.cause)
    if not narrows and not asked.state:
        raise CommandError("say what to replay; --help tells how")
    rows = Callback.objects.received(asked.start, asked.end)
    states = [asked.state] if asked.state else STATES
    return of_callbacks(rows.filter(state__in=states, **_of_channel(asked)))


def _items_by_id(ids: set[int]) -> QuarantineQuerySet:
    items = QuarantinedItem.objects.filter(pk__in=ids)
    missing = ids - set(items.values_list("pk", flat=True))
    if missing:
        named = ", ".join(str(pk) for pk in sorted(missing))
        raise CommandError(f"there is no quarantined item {named}")
    return items


def _of_cause(asked: Asked, cause: str) -> Iterator[Wanted]:
    items = QuarantinedItem.objects.of_cause(cause).received(asked.start, asked.end)
    items = items.filter(**_of_channel(asked))
    if not items.exists():
        known = QuarantinedItem.objects.open().values_list("cause", flat=True)
        causes = "; ".join(sorted(known.order_by("cause").distinct()[:20]))
        raise CommandError(
            f"no open item has that cause; there are: {causes or 'none'}"
        )
    return of_items(items)


def _of_channel(asked: Asked) -> dict[str, Channel]:
    if asked.channel is None:
        return {}
    channel = Channel.objects.filter(key=asked.channel).first()
    if channel is None:
        raise CommandError(f"there is no channel {asked.channel}")
    return {"channel": channel}


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        words = f"{written} is no time such as 2026-11-20T10:00:00Z"
        raise ArgumentTypeError(words) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""One tile a channel: what was last seen of each type, and what needs somebody."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels_cfg.models import Channel
from portal.console.problems import Problems
from portal.console.tallies import Day, failure_rates_before
from receipts.alerts.judging import findings
from receipts.alerts.kinds import ON_TILES
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.arrivals import TYPES, Seen
from receipts.queues.health import Health
from receipts.watching.deadlines import Deadline, deadlines

__all__ = ["TYPES", "Tile", "tiles"]
_ACKS_OF = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A channel as the overview shows it; ``needs`` says what is wrong, if anything."""

    channel: Channel
    seen: list[Seen]
    needs: list[str]
    is_waiting: bool  # for its very first receipt
    receipts: int
    failures: int
    failure_rate: float | None  # per cent of its MT statuses
    failure_rate_before: float | None  # the same of the week before
    quarantined: int
    acks: Deadline | None
    queues: list[Health]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What is read once for all tiles."""

    day: Day
    quarantined: Counter[str]
    rates: Mapping[int, float]
    acks: Mapping[int, Deadline]
    needs: Mapping[int, list[str]]


def tiles(day: Day, problems: Problems, now: datetime) -> list[Tile]:
    """Return the tiles of active channels, those that need somebody first."""
    look = Look(now)
    rows = look.channels
    lately = Lately(
        day=day,
        quarantined=_counted(problems),
        rates=failure_rates_before(now),
        acks={each.channel_id: each for each in deadlines(now - _ACKS_OF)},
        needs=_found(look),
    )
    made = [_tile(channel, lately, look) for channel in rows]
    return sorted(made, key=lambda tile: (not tile.needs, tile.channel.key))


def _counted(problems: Problems) -> Counter[str]:
    counted: Counter[str] = Counter()
    for problem in problems.groups:
        counted[problem.channel] += problem.count
    return counted


def _found(look: Look) -> Mapping[int, list[str]]:
    """Return what is judged of each channel, as alerts judge it, by their rules."""
    rules = Rules()
    found: dict[int, list[str]] = {}
    for kind in ON_TILES:
        for finding in findings(kind, look, rules):
            if finding.channel_id is not None:
                found.setdefault(finding.channel_id, []).append(finding.summary)
    return found


def _tile(channel: Channel, lately: Lately, look: Look) -> Tile:
    counts = lately.day.by_channel.get(channel.pk, Counter())
    statuses = counts["statuses"] + counts["failures"]
    seen = look.seen(channel)
    tile = Tile(
        channel=channel,
        seen=seen,
        needs=[],
        is_waiting=all(each.at is None for each in seen),
        receipts=counts.total(),
        failures=counts["failures"],
        failure_rate=100 * counts["failures"] / statuses if statuses else None,
        failure_rate_before=lately.rates.get(channel.pk),
        quarantined=lately.quarantined[channel.key],
        acks=lately.acks.get(channel.pk),
        queues=look.queues_of(channel),
    )
    return replace(tile, needs=list(_needs(tile, lately)))


def _needs(tile: Tile, lately: Lately) -> Iterable[str]:
    if not tile.seen:
        yield "No callback path and no queue is switched on"
    for need in lately.needs.get(tile.channel.pk, ()):
        said = need.removeprefix(f"{tile.channel.name}: ")
        yield said[:1].upper() + said[1:]
    yield from _held(tile.quarantined)


def _held(quarantined: int) -> Iterable[str]:
    if quarantined:
        yield f"{quarantined:,} item{'s' * (quarantined != 1)} in quarantine"

"""The words of judging: a finding, a limit, a kind of alert. Plain values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import TextChoices

if TYPE_CHECKING:
    from receipts.alerts.looking import Look
    from receipts.alerts.rules import Rules


class Level(TextChoices):
    """How much a finding matters."""

    WARNING = "warning"
    CRITICAL = "critical"  # receipts may be lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that needs somebody now.

    ``subject`` is the same each time the same thing is found. ``samples`` is asked
    once, when an alert opens.
    """

    subject: str
    summary: str
    channel_id: int | None = None
    level: Level = Level.WARNING
    facts: Mapping[str, str] = field(default_factory=dict)
    path: str = ""  # of the console page that shows more
    samples: Callable[[], list[str]] = list


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number that an operator may change."""

    name: str
    label: str
    default: float
    unit: str = ""
    least: float = 0
    most: float = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKind:
    """What is judged in one manner, and how long it must last before anybody is told."""

    slug: str
    label: str
    tells: str  # when it fires, in a sentence
    judge: "Callable[[Look, Rules], Iterator[Finding]]"
    limits: tuple[Limit, ...] = ()
    is_of_channels: bool = True  # a channel may have limits of its own
    lasting: float = 0  # minutes that a finding lasts before the alert opens
    clear: float = 5  # minutes without it before the alert is over

    @property
    def all_limits(self) -> tuple[Limit, ...]:
        """Return its own limits and the two of every kind."""
        return (*self.limits, _lasting(self.lasting), _clear(self.clear))


LASTING, CLEAR = "lasting", "clear"


def _lasting(default: float) -> Limit:
    label = "Tell after it lasted"
    return Limit(name=LASTING, label=label, default=default, unit="min", most=1440)


def _clear(default: float) -> Limit:
    label = "Over when not seen for"
    return Limit(name=CLEAR, label=label, default=default, unit="min", most=1440)

"""What is kept how long: one rule a kind, worked out from the settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from receipts.partitioning import start_of

# A repeat of a receipt whose partition is gone must still be known as one.
_KEYS_TIMES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind: ``before`` is the time of the oldest row it keeps, None for all."""

    kind: str
    says: str
    before: datetime | None = None


def callbacks_before(now: datetime) -> datetime:
    """Return where the oldest day of callbacks that is kept begins."""
    return start_of("day", now - timedelta(days=settings.RETENTION_CALLBACKS_DAYS))


def receipts_before(now: datetime) -> datetime:
    """Return where the oldest month of receipts that is kept begins."""
    return start_of("month", now - timedelta(days=settings.RETENTION_RECEIPTS_DAYS))


def keys_before(now: datetime) -> datetime:
    """Return since when the keys of receipts are kept: twice as long as those."""
    days = _KEYS_TIMES * settings.RETENTION_RECEIPTS_DAYS
    return start_of("month", now - timedelta(days=days))


def records_before(now: datetime) -> datetime:
    """Return since when it is kept who did what."""
    return start_of("day", now - timedelta(days=settings.RETENTION_RECORDS_DAYS))


def rules(now: datetime) -> Sequence[Rule]:
    """Return the rule of every kind, those with a time first."""
    callbacks = f"{settings.RETENTION_CALLBACKS_DAYS} days"
    receipts = f"{settings.RETENTION_RECEIPTS_DAYS} days, whole months"
    keys = f"{_KEYS_TIMES * settings.RETENTION_RECEIPTS_DAYS} days: longer than receipts, so that a late repeat is one"
    day, month = callbacks_before(now), receipts_before(now)
    return (
        Rule(kind="callbacks", says=f"{callbacks}, whole days", before=day),
        Rule(
            kind="quarantine",
            says=f"closed items {callbacks}; open ones until somebody acts",
            before=day,
        ),
        Rule(kind="refusals", says=f"{callbacks} after the last", before=day),
        Rule(kind="receipts", says=receipts, before=month),
        Rule(kind="sightings", says="with the receipts", before=month),
        Rule(kind="messages", says=f"{receipts} after the last receipt", before=month),
        Rule(kind="conversations", says="with their last message", before=month),
        Rule(kind="keys", says=keys, before=keys_before(now)),
        Rule(
            kind="records",
            says=f"who did what, what was removed: {settings.RETENTION_RECORDS_DAYS} days",
            before=records_before(now),
        ),
        Rule(kind="exports", says="24 hours", before=now),
        Rule(kind="counts", says="for ever: they name nobody"),
        Rule(kind="templates", says="for ever: their last state"),
        Rule(kind="erasures", says="for ever: certificates name nobody"),
    )

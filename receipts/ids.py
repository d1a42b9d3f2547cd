"""Ids of callbacks: UUID version 7, in the order of time (RFC 9562)."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7(moment: datetime) -> UUID:
    """Return a new id that holds ``moment`` in milliseconds and microseconds."""
    micros = (moment - _EPOCH) // timedelta(microseconds=1)
    millis, rest = divmod(micros, 1000)
    random = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return UUID(int=millis << 80 | 0x7 << 76 | (rest * 4) << 64 | 0b10 << 62 | random)


def span_of(callback_id: UUID) -> tuple[datetime, datetime] | None:
    """Return the millisecond that a version 7 id was made in; None for another id.

    None also for one that claims to be of a year that no clock of ours can show.
    """
    if callback_id.version != 7:
        return None
    try:
        start = _EPOCH + timedelta(milliseconds=callback_id.int >> 80)
    except OverflowError:
        return None
    return start, start + timedelta(milliseconds=1)

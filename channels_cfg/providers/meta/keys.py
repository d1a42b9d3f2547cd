"""What makes an update once that has no id: its words and the time of its entry."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b

import msgspec

from .names import Batch, instant

# Every retry carries the entry's time; without one an equal update may be a second.
_RETRIES = timedelta(minutes=10)


def key_of(kind: str, batch: Batch, *said: str) -> tuple[str, ...]:
    """Return the key of an update of an account, known by what it says."""
    return (kind, batch.field, batch.waba_id, *said, instant(batch.at))


def key_lasts(batch: Batch) -> timedelta | None:
    """Return how long an equal key means the same update; None: for ever."""
    return None if batch.at else _RETRIES


def digest(value: Mapping[str, object]) -> str:
    """Return a digest of all that an update says, whatever the order of its fields."""
    encoded = msgspec.json.encode(value, order="deterministic")
    return blake2b(encoded, digest_size=16).hexdigest()

"""What makes an event once that is about no message."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from channels_cfg.fields import word

# 8x8 gives up some two minutes after its first try.
_RETRIES = timedelta(minutes=10)


class Once(msgspec.Struct, frozen=True, kw_only=True):
    """A key, and how long an equal one means the same event; None: for ever."""

    key: tuple[str, ...]
    lasts: timedelta | None = None


def event_once(
    event: Mapping[str, object], event_id: object, claimed_at: datetime | None
) -> Once:
    """Return the provider's event id as key; without one, a digest of the fields.

    With neither id nor time a later equal one may be a second event.
    """
    if told := word(event_id):
        return Once(key=("event", told))
    digest = blake2b(
        msgspec.json.encode(event, order="deterministic"), digest_size=16
    ).hexdigest()
    return Once(key=("event", "", digest), lasts=None if claimed_at else _RETRIES)

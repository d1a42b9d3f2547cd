"""Which channel an item belongs to, from memory; as configured a few seconds ago."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from channels_cfg.models import BusinessAddress, Channel
from channels_cfg.wire import ReceiptEvent

_FRESH_FOR_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel, as far as reading its items needs it."""

    id: int
    key: str
    provider: str
    type: str
    account: Mapping[str, str]
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Directory:
    """All channels, and who owns a business address of a provider."""

    places: Mapping[int, Place]
    owners: Mapping[tuple[str, str], frozenset[int]]  # provider and address
    loaded_at: float = field(default_factory=time.monotonic)

    def owner(self, place: Place, event: ReceiptEvent) -> Place | None:
        """Return the one channel that owns an address of ``event``, if there is one.

        Of several (a page id and a number may look alike) the one whose type fits.
        """
        for address in (event.business_address, *event.other_addresses):
            ids = self.owners.get((place.provider, address))
            if ids and (owner := self._fitting(ids, event.channel_type or place.type)):
                return owner
        return None

    def account_owner(self, place: Place, event: ReceiptEvent) -> Place | None:
        """Return the one other channel whose account ``event`` names, if ``place`` is not it.

        Reviews of templates name no business address, only an account.
        """
        told = dict(event.account_ids)
        if not told or _has(place, told):
            return None
        ids = frozenset(
            each.id
            for each in self.places.values()
            if each.provider == place.provider and _has(each, told)
        )
        return self._fitting(ids, event.channel_type or place.type) if ids else None

    def _fitting(self, ids: frozenset[int], wanted: str) -> Place | None:
        if len(ids) == 1:
            return self.places[next(iter(ids))]
        fitting = [self.places[i] for i in ids if self.places[i].type == wanted]
        return fitting[0] if len(fitting) == 1 else None


def _has(place: Place, told: Mapping[str, str]) -> bool:
    """Say whether ``place`` is of an account: one id is the same, and none another."""
    own = {name: place.account.get(name, "") for name in told}
    is_other = any(own[name] not in ("", value) for name, value in told.items())
    return any(own.values()) and not is_other


_current: Directory | None = None


def directory(needed: Iterable[int] = ()) -> Directory:
    """Return the channels, loaded at most a few seconds ago.

    Loaded anew for a ``needed`` one that is not among them: it has just been made.
    """
    global _current  # one per process
    is_old = _current is None or time.monotonic() - _current.loaded_at > _FRESH_FOR_S
    if _current is None or is_old or not _current.places.keys() >= set(needed):
        _current = load()
    return _current


def forget() -> None:
    """Load anew at the next look; for commands and tests that change channels."""
    global _current  # one per process
    _current = None


def load() -> Directory:
    """Load all channels and their addresses."""
    owned: dict[int, set[str]] = {}
    owners: dict[tuple[str, str], set[int]] = {}
    for row in BusinessAddress.objects.all():
        owned.setdefault(row.channel_id, set()).add(row.value)
        owners.setdefault((row.provider, row.value), set()).add(row.channel_id)
    places = {
        channel.pk: Place(
            id=channel.pk,
            key=channel.key,
            provider=channel.provider,
            type=channel.type,
            account=channel.account,
            addresses=frozenset(owned.get(channel.pk, ())),
        )
        for channel in Channel.objects.all()
    }
    return Directory(places, {key: frozenset(ids) for key, ids in owners.items()})

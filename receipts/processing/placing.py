"""Which channel an item belongs to, and whether it is another account's."""

from channels_cfg.wire import ReceiptEvent, ReceiptMode
from receipts.processing import bits
from receipts.processing.directory import Directory, Place


def place_of(
    place: Place, event: ReceiptEvent, channels: Directory, *, mode: str
) -> tuple[Place, int]:
    """Return the channel of an item that came to ``place``, and a flag or 0.

    A queue may serve several channels, told apart by business address, else by account;
    a callback path serves its own.
    """
    owner = channels.owner(place, event)
    if mode == ReceiptMode.QUEUE:
        owner = owner or channels.account_owner(place, event)
        if owner is not None:
            return owner, 0
    is_of_other = owner is not None and owner.id != place.id
    is_foreign = is_of_other or _is_unlisted(place, event) or _differs(place, event)
    return place, bits.OTHER_ACCOUNT if is_foreign else 0


def _is_unlisted(place: Place, event: ReceiptEvent) -> bool:
    if not place.addresses or not event.business_address:
        return False
    addresses = (event.business_address, *event.other_addresses)
    return place.addresses.isdisjoint(addresses)


def _differs(place: Place, event: ReceiptEvent) -> bool:
    return bool(event.account_ids) and any(
        place.account.get(name, value) not in ("", value)
        for name, value in event.account_ids
    )

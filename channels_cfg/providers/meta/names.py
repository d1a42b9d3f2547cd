"""What every update shares: its batch, its ids, and how Meta names people."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from channels_cfg.fields import (
    LONGEST_WORD,
    address,
    moment,
    person,
    phone,
    text,
    word,
)
from channels_cfg.wire import BadItem, Flag, Identity, IdentityKind

CHANNEL_TYPE = "whatsapp"
_BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What the entry and the value around an update say; '' is "not told"."""

    field: str
    waba_id: str
    at: datetime | None
    address: str
    number_id: str
    contacts: tuple[Mapping[str, object], ...]

    @property
    def account_ids(self) -> tuple[tuple[str, str], ...]:
        return (("waba_id", self.waba_id),) if self.waba_id else ()

    @property
    def other_addresses(self) -> tuple[str, ...]:
        known = self.number_id and self.number_id != self.address
        return (self.number_id,) if known else ()


def batch_of(item: Mapping[str, object]) -> Batch:
    """Read what ``cut.py`` put beside an update."""
    metadata = part(item, "metadata")
    number_id = word(metadata.get("phone_number_id"))
    contacts = item.get("contacts")
    listed = contacts if isinstance(contacts, list) else ()
    return Batch(
        field=word(item.get("field")).lower(),
        waba_id=word(item.get("entry_id")),
        at=moment(item.get("entry_time")),
        address=address(metadata.get("display_phone_number")) or number_id,
        number_id=number_id,
        contacts=tuple(each for each in listed if isinstance(each, dict)),
    )


def part(fields: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return the object under ``name``, {} if there is none."""
    found = fields.get(name)
    return found if isinstance(found, dict) else {}


def message_id(fields: Mapping[str, object]) -> str:
    """Return ``id``. Raises ``BadItem`` if there is none or it is too long."""
    found = text(fields.get("id"))
    if not found:
        raise BadItem("no id")
    if len(found) > LONGEST_WORD:
        raise BadItem(f"id has {len(found)} characters")
    return found


def instant(at: datetime | None) -> str:
    """Return a time as part of a key."""
    return at.isoformat() if at else ""


def time_flag(at: datetime | None) -> Flag:
    """Return the mark of a receipt without a usable time."""
    return Flag(0) if at else Flag.TIME_UNUSABLE


def people(batch: Batch, *named: object) -> tuple[Identity, ...]:
    """Return every way in which an update and its contacts name one person.

    A number may be missing, and a user id may stand where a number was. A profile
    name stands in where no user name is told.
    """
    found = [_identity(person(each)) for each in named]
    for contact in batch.contacts:
        found.extend(_of_contact(contact))
    return tuple(dict.fromkeys(each for each in found if each.value))


def _of_contact(contact: Mapping[str, object]) -> Iterator[Identity]:
    profile = part(contact, "profile")
    for name in ("wa_id", "user_id", "parent_user_id"):
        yield _identity(person(contact.get(name)))
    user_name = word(profile.get("username")).removeprefix("@")
    yield Identity(IdentityKind.USERNAME, user_name or word(profile.get("name")))


def _identity(named: str) -> Identity:
    if digits := phone(named):
        return Identity(IdentityKind.PHONE, digits)
    bsuid = _BSUID.fullmatch(named)
    if bsuid is None:
        return Identity(IdentityKind.CHANNEL_USER_ID, named)
    is_parent = bsuid[1] is not None
    kind = IdentityKind.PARENT_USER_ID if is_parent else IdentityKind.USER_ID
    return Identity(kind, named)

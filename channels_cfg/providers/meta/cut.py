"""Cut a batch, entry by entry and change by change, into items that stand alone.

An item holds the bytes of one update as they came, and beside them what its entry and
its value said of all: account, time, field, number, and the contacts it names.
"""

from collections.abc import Iterator, Mapping

from channels_cfg.fields import address
from channels_cfg.json_text import bounded, load_item, split_array
from channels_cfg.wire import BadBody, BadItem

from .members import elements, members

# The arrays of a value that hold one update each.
LISTS = ("statuses", "messages", "message_echoes", "user_preferences", "errors")
# How a contact, and how an update, names a person.
_CONTACT_IDS = ("wa_id", "user_id")
_PERSON_IDS = (
    "from",
    "from_user_id",
    "to",
    "to_user_id",
    "recipient_id",
    "recipient_user_id",
    "recipient_participant_id",
    "recipient_participant_user_id",
    *_CONTACT_IDS,
)
# What an entry says of all goes into each item: a megabyte of it, a thousand times over,
# would be a gigabyte. Real ones have some hundred bytes.
_LARGEST_SHARED = 1000


def split_batch(body: bytes) -> list[bytes]:
    """Return the items of a body, each a JSON object. Raises ``BadBody``.

    What is no batch stays whole: reading it tells what is wrong with it.
    """
    return bounded([item for whole in _wholes(body) for item in _of_batch(whole)])


def _wholes(body: bytes) -> list[bytes]:
    try:
        return split_array(body)
    except BadBody as refused:
        # One update that is nested past all sense must not cost the thousand others;
        # beside a neighbour an element may be as deep as it likes.
        bare = body.removeprefix(b"\xef\xbb\xbf").strip()
        if not bare.startswith(b"{"):
            raise
        try:
            cut = split_array(b"[" + bare + b",0]")
        except BadBody:
            raise refused from None
        if len(cut) != 2 or elements(members(cut[0]).get("entry")) is None:
            raise
        return cut[:1]


def _of_batch(whole: bytes) -> Iterator[bytes]:
    top = members(whole)
    entries = elements(top.get("entry"))
    if entries is not None:
        for entry in entries:
            yield from _of_entry(top, entry)
    elif "field" in top:  # a sample of the app dashboard: one change, no batch
        yield from _of_change({}, top)
    else:
        yield whole


def _of_entry(top: Mapping[str, bytes], entry: bytes) -> Iterator[bytes]:
    parts = members(entry)
    changes = elements(parts.get("changes"))
    about = _named(("object", top.get("object")))
    if changes is None:  # another product (Messenger, Instagram), or rubbish
        yield _item(about, "entry", entry)
        return
    about |= _named(("entry_id", parts.get("id")), ("entry_time", parts.get("time")))
    for change in changes:
        change_parts = members(change)
        if "value" in change_parts:
            yield from _of_change(about, change_parts)
        else:
            yield _item(about, "change", change)


def _of_change(
    about: Mapping[str, bytes], change: Mapping[str, bytes]
) -> Iterator[bytes]:
    raw_value = change.get("value", b"null")
    value = members(raw_value)
    shared = {**about, **_named(("field", change.get("field")))}
    lists = [name for name in LISTS if name in value]
    if not lists:
        yield _item(shared, "value", raw_value)
        return
    shared |= _named(("metadata", value.get("metadata")))
    contacts = _contacts(value.get("contacts"))
    for name in lists:
        found = elements(value[name])
        for update in [value[name]] if found is None else found:
            named = _contacts_of(update, contacts)
            yield _item(shared | {"contacts": named}, name, update)


def _contacts(raw: bytes | None) -> dict[str, bytes]:
    """Return the contacts of a value by each of their ids."""
    found: dict[str, bytes] = {}
    for contact in elements(raw) or ():
        if len(contact) > _LARGEST_SHARED:
            continue
        for person in _ids(contact, _CONTACT_IDS):
            found.setdefault(person, contact)
    return found


def _contacts_of(update: bytes, contacts: Mapping[str, bytes]) -> bytes:
    if not contacts:
        return b"[]"
    # Only those it names: a stranger's user id would merge two people for good.
    named = dict.fromkeys(
        contacts[person] for person in _ids(update, _PERSON_IDS) if person in contacts
    )
    return b"[" + b",".join(named) + b"]"


def _ids(raw: bytes, names: tuple[str, ...]) -> list[str]:
    try:
        fields, _ = load_item(raw)
    except BadItem:
        return []
    if not isinstance(fields, dict):
        return []
    return [found for name in names if (found := address(fields.get(name)))]


def _named(*parts: tuple[str, bytes | None]) -> dict[str, bytes]:
    return {
        name: raw
        for name, raw in parts
        if raw is not None and len(raw) <= _LARGEST_SHARED
    }


def _item(about: Mapping[str, bytes], name: str, update: bytes) -> bytes:
    parts = {**about, name: update}
    return b"{%s}" % b",".join(b'"%s":%s' % (n.encode(), p) for n, p in parts.items())

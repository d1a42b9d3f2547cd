"""What an event says, flat: each part under the name that the API or the console shows."""

from collections.abc import Iterator, Mapping

import msgspec

from channels_cfg.documenting.samples import Unread
from channels_cfg.wire import Flag, ReceiptEvent

Reading = Mapping[str, str]

QUARANTINED = "quarantined"
KEY = "key"
# Our own names for what the API calls otherwise, or shows nowhere by itself.
_NAMES = {
    "failure.code": "error.code",
    "failure.upstream_code": "error.upstream_code",
    "failure.description": "error.description",
    "template_code": "template.code",
    "template_name": "template.name",
    "template_language": "template.language",
    "template.aspect": "template aspect",
    "template.status": "template status",
    "template.raw_status": "template raw_status",
    "template.quality": "template quality",
    "template.category": "template category",
    "template.reason": "template reason",
    "recipient_number": "recipient",
    "other_addresses": "further addresses",
    "key_lasts": KEY,
}
_PEOPLE = {"channel_user_id": "user_id"}


def reading_of(event: ReceiptEvent | Unread) -> Reading:
    """Return all that an event says; what it does not say lacks."""
    if isinstance(event, Unread):
        return {QUARANTINED: event.reason}
    found: dict[str, str] = {}
    for name, value in _parts(event):
        if value not in ("", "None", "[]", "{}"):
            found[name] = found.get(name, "") + value
    return found


def _parts(event: ReceiptEvent) -> Iterator[tuple[str, str]]:
    for who in event.identities:
        yield f"user.{_PEOPLE.get(who.kind, who.kind)}", who.value
    for name, value in event.account_ids:
        yield f"account.{name}", value
    flags = (str(each.name).lower() for each in Flag if each & event.flags)
    yield "flags", ", ".join(flags)
    said = msgspec.to_builtins(event)
    for name in ("identities", "account_ids", "flags"):
        del said[name]
    for name, leaf in _leaves(said, ""):
        yield _NAMES.get(name, name), str(leaf)


def _leaves(value: object, name: str) -> Iterator[tuple[str, object]]:
    # Details are JSON of any shape: one place for all of it.
    if not isinstance(value, dict) or name.endswith("details"):
        yield name, value
        return
    for part, inner in value.items():
        yield from _leaves(inner, f"{name}.{part}" if name else part)

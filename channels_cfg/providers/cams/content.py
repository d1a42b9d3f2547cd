"""What an inbound message says: the nine documented types, and all others kept raw.

``Message`` is a text, a JSON text inside the JSON, or (newer pages) an object.
"""

from collections.abc import Callable, Mapping

import msgspec

from channels_cfg.fields import Names, text, verbatim, word
from channels_cfg.json_text import load_item
from channels_cfg.wire import BadItem, Content, Flag, Media

_INNER = Names(
    "text",
    "body",
    "payload",
    "caption",
    "id",
    "name",
    "filename",
    "mimeType",
    "url",
    "animated",
    "address",
    "latitude",
    "longitude",
)
# What the display of a message has fields of its own for.
_SHOWN = frozenset({"text", "caption", "url", "mimeType", "filename"})
_MEDIA = ("image", "video", "audio", "document")
_BESIDE = (("notice_type", "NoticeType"), ("display_name", "DisplayName"))


def read_content(fields: Mapping[str, object]) -> tuple[Content, Flag]:
    """Return what an item says; the flag tells whether an inner text was sanitised."""
    kind = word(fields.get("Type")).lower()
    inner, flags = _inner(kind, fields.get("Message"))
    read = _READERS.get(kind)
    content = read(kind, inner) if read else _unsupported(fields)
    beside = {name: text(fields.get(field)) for name, field in _BESIDE}
    told = {name: value for name, value in beside.items() if value}
    return msgspec.structs.replace(content, details=content.details | told), flags


def _inner(kind: str, message: object) -> tuple[object, Flag]:
    """Return ``Message`` with a JSON text in it decoded; a user's own text is not one."""
    if kind == "text" or not isinstance(message, str):
        return message, Flag(0)
    if not message.lstrip().startswith(("{", "[")):
        return message, Flag(0)
    try:
        inner, is_sanitised = load_item(message.strip().encode())
    except BadItem:
        return message, Flag(0)
    return inner, Flag.SANITISED if is_sanitised else Flag(0)


def _words(kind: str, inner: object) -> Content:
    """Read what is words first: a text, a reply, a system message."""
    if said := verbatim(inner):
        return Content(type=kind, text=said)
    found = _INNER.of(inner)
    field = "text" if "text" in found else "body"
    details = _rest(inner, found, shown=frozenset({field}))
    return Content(type=kind, text=verbatim(found.get(field)), details=details)


def _media(kind: str, inner: object) -> Content:
    found = _INNER.of(inner)
    url = text(found.get("url"))
    media = Media(
        url=url,
        mime_type=word(found.get("mimeType")),
        filename=text(found.get("filename")),
    )
    return Content(
        type=kind,
        text=verbatim(found.get("caption")),
        media=media if url else None,
        details=_rest(inner, found),
    )


def _structure(kind: str, inner: object) -> Content:
    """Read what is data rather than words: a location, contacts."""
    found = _INNER.of(inner)
    return Content(type=kind, details=_rest(inner, found, shown=frozenset()))


def _rest(
    inner: object, found: Mapping[str, object], *, shown: frozenset[str] = _SHOWN
) -> dict[str, object]:
    """Return what has no field of its own; all of it where it is no object."""
    if isinstance(inner, dict):
        return {name: part for name, part in found.items() if name not in shown}
    return {} if inner is None else {"message": inner}


def _unsupported(fields: Mapping[str, object]) -> Content:
    raw = {"type": fields.get("Type"), "message": fields.get("Message")}
    return Content(type="unsupported", details=raw)


_READERS: Mapping[str, Callable[[str, object], Content]] = {
    "text": _words,
    "reply": _words,
    "system": _words,
    "location": _structure,
    "contacts": _structure,
    **dict.fromkeys(_MEDIA, _media),
}

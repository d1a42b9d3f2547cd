"""What an inbound message or an echo says: ``type`` and ``content``, in any case."""

from collections.abc import Callable, Mapping

from channels_cfg.fields import Names, text, verbatim, word
from channels_cfg.json_text import load_item
from channels_cfg.wire import BadItem, Content, Flag, Media

_CONTENT = Names("text", "url", "payload", "location", "interactive", "fileName")
_LOCATION = Names("latitude", "longitude", "name", "address")
_REPLY = Names("id", "title", "description")

# One page calls documents Document, the table of types knows only File.
_MEDIA = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "document",
    "document": "document",
}
# Listed without a shape: kept raw beside the one field that is described.
_SHAPELESS = {
    "carousel": "interactive",
    "list": "interactive",
    "buttons": "interactive",
    "template": "template",
}


def read_content(fields: Mapping[str, object]) -> tuple[Content, Flag]:
    """Return what was written; the flag tells whether an inner text was sanitised.

    Stickers, contacts and reactions are not documented: those, ``None`` and what is
    new are kept raw as ``unsupported``.
    """
    if "type" not in fields and "body" in fields:  # an SMS
        return Content(type="text", text=verbatim(fields["body"])), Flag(0)
    kind = text(fields.get("type")).lower()
    found = _CONTENT.of(fields.get("content"))
    if kind == "interactive":
        return _interactive(fields, found)
    read = _READERS.get(kind, _unsupported)
    return read(kind, fields, found), Flag(0)


_Fields = Mapping[str, object]


def _text(kind: str, fields: _Fields, found: _Fields) -> Content:
    said = verbatim(found.get("text")) or verbatim(fields.get("content"))
    return Content(type="text", text=said)


def _media(kind: str, fields: _Fields, found: _Fields) -> Content:
    url, shown = text(found.get("url")), ("url", "text", "fileName")
    return Content(
        type=_MEDIA[kind],
        text=verbatim(found.get("text")),
        media=Media(url=url, filename=text(found.get("fileName"))) if url else None,
        details={name: part for name, part in found.items() if name not in shown},
    )


def _location(kind: str, fields: _Fields, found: _Fields) -> Content:
    place = _LOCATION.of(found.get("location"))
    return Content(type="location", details=dict(place))


def _shapeless(kind: str, fields: _Fields, found: _Fields) -> Content:
    said = verbatim(found.get("text")) or verbatim(found.get("payload"))
    return Content(type=_SHAPELESS[kind], text=said, details=dict(found))


def _unsupported(kind: str, fields: _Fields, found: _Fields) -> Content:
    raw = {"type": fields.get("type"), "message": fields.get("content")}
    return Content(type="unsupported", text=verbatim(found.get("text")), details=raw)


_READERS: Mapping[str, Callable[[str, _Fields, _Fields], Content]] = {
    "text": _text,
    "location": _location,
    **dict.fromkeys(_MEDIA, _media),
    **dict.fromkeys(_SHAPELESS, _shapeless),
}


def _interactive(fields: _Fields, found: _Fields) -> tuple[Content, Flag]:
    """Read an answer. One enum of theirs has two styles, so both are taken."""
    parts = found.get("interactive")
    if not isinstance(parts, dict):
        return _unsupported("interactive", fields, found), Flag(0)
    inner = {_style(name): part for name, part in parts.items()}
    kind = _style(text(inner.get("type")))
    answer = inner.get(kind, parts)
    if kind in ("buttonreply", "listreply"):
        reply = _REPLY.of(answer)
        details = {name: part for name, part in reply.items() if name != "title"}
        said = verbatim(reply.get("title"))
        return Content(type="reply", text=said, details=details), Flag(0)
    flags = Flag(0)
    if kind == "nfmreply":
        answer, flags = _form(answer)
    details = {"type": word(inner.get("type")), "answer": answer}
    return Content(type="interactive", details=details), flags


def _form(answer: object) -> tuple[object, Flag]:
    """Return a flow's answers: JSON in a text, left as text where it is none."""
    parts = answer if isinstance(answer, dict) else {}
    written = {_style(name): part for name, part in parts.items()}.get("responsejson")
    if not isinstance(written, str):
        return answer, Flag(0)
    try:
        answers, is_sanitised = load_item(written.strip().encode())
    except BadItem:
        return written, Flag(0)
    return answers, Flag.SANITISED if is_sanitised else Flag(0)


def _style(name: str) -> str:
    return name.strip().lower().replace("_", "")

"""What a message says, by its ``type``; the object of that name holds it."""

from collections.abc import Callable, Mapping

from channels_cfg.fields import text, verbatim, word
from channels_cfg.json_text import load_item
from channels_cfg.wire import BadItem, Content, Flag, Media

from .names import part

_Fields = Mapping[str, object]
_MEDIA = {
    "image": "image",
    "audio": "audio",
    "voice": "audio",
    "video": "video",
    "document": "document",
    "sticker": "sticker",
}
# What the display of a message has fields of its own for.
_SHOWN = frozenset({"caption", "url", "mime_type", "filename"})


def read_content(fields: _Fields) -> tuple[Content, Flag]:
    """Return what was written; the flag tells whether an inner text was sanitised.

    A type that is not known here, and Meta's own ``unsupported``, are kept raw.
    """
    kind = text(fields.get("type")).lower()
    if kind == "interactive":
        return _interactive(part(fields, kind))
    read = _READERS.get(kind)
    if read is None:
        raw = {"type": fields.get("type"), "message": dict(fields)}
        return Content(type="unsupported", details=raw), Flag(0)
    return read(kind, fields), Flag(0)


def _text(kind: str, fields: _Fields) -> Content:
    return Content(type="text", text=verbatim(part(fields, kind).get("body")))


def _media(kind: str, fields: _Fields) -> Content:
    """Read a file: an id to fetch it by, and on newer versions a short-lived link."""
    file = part(fields, kind)
    url = text(file.get("url"))
    media = Media(
        url=url,
        mime_type=word(file.get("mime_type")),
        filename=text(file.get("filename")),
    )
    hidden = _SHOWN if url else frozenset({"caption"})
    return Content(
        type=_MEDIA[kind],
        text=verbatim(file.get("caption")),
        media=media if url else None,
        details={name: value for name, value in file.items() if name not in hidden},
    )


def _location(kind: str, fields: _Fields) -> Content:
    return Content(type="location", details=dict(part(fields, kind)))


def _contacts(kind: str, fields: _Fields) -> Content:
    listed = fields.get(kind)
    cards = listed if isinstance(listed, list) else ()
    named = (part(card, "name") for card in cards if isinstance(card, dict))
    names = (text(name.get("formatted_name")) for name in named)
    return Content(
        type="contacts",
        text=", ".join(name for name in names if name),
        details={kind: listed},
    )


def _button(kind: str, fields: _Fields) -> Content:
    button = part(fields, kind)
    rest = {name: value for name, value in button.items() if name != "text"}
    return Content(type="reply", text=verbatim(button.get("text")), details=rest)


def _words(kind: str, fields: _Fields) -> Content:
    """Read a reaction, an order or a system message: its words, and the rest."""
    found = part(fields, kind)
    said = {"reaction": "emoji", "system": "body", "order": "text"}[kind]
    return Content(
        type="interactive" if kind == "order" else kind,
        text=verbatim(found.get(said)),
        details={name: value for name, value in found.items() if name != said},
    )


_READERS: Mapping[str, Callable[[str, _Fields], Content]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "reaction": _words,
    "system": _words,
    "order": _words,
    **dict.fromkeys(_MEDIA, _media),
}


def _interactive(answer: _Fields) -> tuple[Content, Flag]:
    kind = text(answer.get("type")).lower()
    chosen = part(answer, kind)
    if kind in ("button_reply", "list_reply"):
        rest = {name: value for name, value in chosen.items() if name != "title"}
        said = verbatim(chosen.get("title"))
        return Content(type="reply", text=said, details=rest), Flag(0)
    if kind != "nfm_reply":
        return Content(type="interactive", details=dict(answer)), Flag(0)
    response, flags = _form(chosen.get("response_json"))
    return Content(
        type="interactive",
        text=verbatim(chosen.get("body")),
        details={"type": kind, "answer": response},
    ), flags


def _form(written: object) -> tuple[object, Flag]:
    """Return a form's answers: JSON in a text, left as text where it is none."""
    if not isinstance(written, str):
        return written, Flag(0)
    try:
        answers, is_sanitised = load_item(written.strip().encode())
    except BadItem:
        return written, Flag(0)
    return answers, Flag.SANITISED if is_sanitised else Flag(0)

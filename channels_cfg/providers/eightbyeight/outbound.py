"""``outboundContent``: a copy of the message that a v9 receipt says was delivered."""

from collections.abc import Mapping

import msgspec

from channels_cfg.fields import Names, text, verbatim, word
from channels_cfg.wire import Content, Media

_COPY = Names(
    "channel",
    "contentType",
    "template",
    "header",
    "body",
    "footer",
    "actions",
    "cards",
    "meta",
)
_TEMPLATE = Names("name", "language", "category")
_HEADER = Names("type", "text", "media", "location")
_FILE = Names("url", "filename")
_WORDS = Names("text")

# Their content type, and ours; media say their type in the header.
_TYPES = {
    "text": "text",
    "location": "location",
    "template": "template",
    "template_auth": "template",
    "carousel": "template",
    "interactive": "interactive",
}
_MEDIA = frozenset({"image", "video", "audio", "document"})
_DETAILS = ("template", "header", "footer", "actions", "cards", "meta")


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt tells of the message it is about; '' and None: nothing."""

    message_type: str = ""
    template_name: str = ""
    template_language: str = ""
    content: Content | None = None


def read_outbound(copy: object) -> Sent:
    """Read ``outboundContent``, or nothing.

    With masking of personal data only channel, type and ``meta`` are left; one-time
    codes come as stars. A type that is not documented is kept raw.
    """
    if not isinstance(copy, dict) or not copy:
        return Sent()
    fields = _COPY.of(copy)
    template = _TEMPLATE.of(fields.get("template"))
    message_type = word(fields.get("contentType")).lower()
    return Sent(
        message_type=message_type,
        template_name=word(template.get("name")),
        template_language=word(template.get("language")),
        content=_content(message_type, fields),
    )


def _content(message_type: str, fields: Mapping[str, object]) -> Content:
    header = _HEADER.of(fields.get("header"))
    header_type = text(header.get("type")).lower()
    shown = _TYPES.get(message_type)
    if message_type == "media" and header_type in _MEDIA:
        shown = header_type
    if shown is None:
        raw = {"type": fields.get("contentType"), "message": dict(fields)}
        return Content(type="unsupported", details=raw)
    return Content(
        type=shown,
        text=verbatim(_WORDS.of(fields.get("body")).get("text")),
        media=_media(header),
        details={name: fields[name] for name in _DETAILS if fields.get(name)},
    )


def _media(header: Mapping[str, object]) -> Media | None:
    file = _FILE.of(header.get("media"))
    url = text(file.get("url"))
    return Media(url=url, filename=text(file.get("filename"))) if url else None

"""The public shape of a template."""

import msgspec

from receipts.shapes.parts import ChannelKey, Id, Time


class Template(msgspec.Struct, kw_only=True, frozen=True):
    """A template of a channel in one language, each aspect as last told.

    Its history is its receipts: `receipts/?kind=template&template_code=…`.
    """

    id: Id
    channel: ChannelKey
    code: str
    name: str | None
    language: str | None
    status: str | None
    raw_status: str | None
    category: str | None
    quality: str | None
    reason: str | None
    updated_at: Time

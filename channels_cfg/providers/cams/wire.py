"""CAMS receipts as documented in README.md: which kind an item is, and the adapter."""

from collections.abc import Callable, Mapping, Sequence

from channels_cfg.fields import text
from channels_cfg.json_text import split_array
from channels_cfg.wire import (
    Ack,
    BadItem,
    Limits,
    ReceiptEvent,
    ReceiptType,
    Secrets,
    Setting,
    Where,
)

from .audit import NOTICES, read_audit
from .console import ACCOUNT_SETTINGS, CONSOLE
from .inbound import read_inbound
from .limits import LIMITS
from .names import FIELDS
from .status import CONSENTS, read_status

_ACK = Ack(body=b'{"code":0,"msg":"Success"}')
_READERS: Mapping[ReceiptType, Callable[[Mapping[str, object], str], ReceiptEvent]] = {
    ReceiptType.MT_STATUS: read_status,
    ReceiptType.MO_MESSAGE: read_inbound,
    ReceiptType.TEMPLATE_AUDIT: read_audit,
}
# What an item that is none of them for certain is taken for on a path for all.
_SIGNS = {
    "Status": ReceiptType.MT_STATUS,
    "Message": ReceiptType.MO_MESSAGE,
    "AuditStatus": ReceiptType.TEMPLATE_AUDIT,
    "MsgFrameType": ReceiptType.MT_STATUS,
}


class Cams:
    """The adapter; ``slug`` is the name of its folder."""

    label = "Alibaba Cloud Chat App Message Service (CAMS)"
    receipt_types: tuple[ReceiptType, ...] = (*_READERS, ReceiptType.ANY)
    queue_types: tuple[ReceiptType, ...] = tuple(_READERS)
    channel_types: tuple[str, ...] = (
        "whatsapp",
        "viber",
        "messenger",
        "instagram",
        "line",
        "telegram",
    )
    account_settings: tuple[Setting, ...] = ACCOUNT_SETTINGS
    console: tuple[Where, ...] = CONSOLE
    limits: Limits = LIMITS

    def __init__(self, *, slug: str) -> None:
        self.slug = slug

    def handshake(self, query: Mapping[str, str], secrets: Secrets) -> Ack | None:
        """Answer nothing: whether the console probes a URL is not documented."""
        return None

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: Secrets) -> None:
        """Accept: CAMS signs nothing, so the unguessable path is the proof."""

    def split(self, body: bytes) -> Sequence[bytes]:
        """Cut a pushed array, or take the single object of a queue message."""
        return split_array(body)

    def read(
        self, receipt_type: ReceiptType, item: object, channel_type: str
    ) -> ReceiptEvent:
        """Read one item as what it unmistakably is, else as what its path is for.

        On a path for all it is told by its fields. Raises ``BadItem`` for what is no
        object, or lacks what its kind cannot do without.
        """
        if not isinstance(item, dict):
            raise BadItem("not a JSON object")
        fields = FIELDS.of(item)
        reader = _READERS.get(_unmistakable(fields) or receipt_type)
        if reader is None:
            reader = _READERS[_likely(fields)]
        return reader(fields, channel_type)

    def ack(self) -> Ack:
        """Return ``code`` 0: all that counts is a 200 with a number there."""
        return _ACK


def _unmistakable(fields: Mapping[str, object]) -> ReceiptType | None:
    """Return the type that only this combination of fields can have, else None."""
    if text(fields.get("MessageId")):
        return _unmistakable_message(fields)
    account = text(fields.get("TemplateCode")) or text(fields.get("WabaId"))
    notice = text(fields.get("Type")).casefold()
    if account and (text(fields.get("AuditStatus")) or notice in NOTICES):
        return ReceiptType.TEMPLATE_AUDIT
    if text(fields.get("Status")).casefold() in CONSENTS:
        return ReceiptType.MT_STATUS
    return None


def _unmistakable_message(fields: Mapping[str, object]) -> ReceiptType | None:
    has_status = bool(text(fields.get("Status")))
    has_message = fields.get("Message") is not None
    if has_status and not has_message:
        return ReceiptType.MT_STATUS
    ends = (text(fields.get(name)) for name in ("Type", "From", "To"))
    if has_message and not has_status and all(ends):
        return ReceiptType.MO_MESSAGE
    return None


def _likely(fields: Mapping[str, object]) -> ReceiptType:
    for name, receipt_type in _SIGNS.items():
        if fields.get(name) is not None:
            return receipt_type
    raise BadItem("neither a status, an inbound message nor an audit")

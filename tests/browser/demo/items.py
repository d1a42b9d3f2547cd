"""Items as 8x8 and CAMS write them, with made-up people."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

Item = dict[str, object]
SUB_ACCOUNT = "acme_hq"
SENDER = "8613100000000"


def umid(name: str) -> str:
    """Return the message id that stands for ``name`` in every run."""
    return str(uuid5(NAMESPACE_URL, f"demo/{name}"))


def told(
    person: Item,
    name: str,
    at: datetime,
    state: str,
    *,
    status: Item | None = None,
    **payload: object,
) -> tuple[datetime, Item]:
    """Return an 8x8 receipt of the message ``name``, and when it is told."""
    fields = {"state": state, "timestamp": at.isoformat(), **(status or {})}
    return at, {
        "version": 9,
        "namespace": "ChatApps",
        "eventType": "outbound_message_status_changed",
        "payload": {
            "umid": umid(name),
            "clientMessageId": name,
            "subAccountId": SUB_ACCOUNT,
            "channel": "whatsapp",
            "user": person,
            "status": fields,
            **payload,
        },
    }


def copy_of(text: str, template: str = "") -> Item:
    """Return the copy of a message that 8x8's receipts carry."""
    content: Item = {
        "channel": "whatsapp",
        "contentType": "template" if template else "text",
        "body": {"text": text},
    }
    if template:
        content["template"] = {"name": template, "language": "en", "category": "U"}
    return {"outboundContent": content}


def wrote(
    person: Item, name: str, at: datetime, kind: str, content: Item, **payload: object
) -> tuple[datetime, Item]:
    """Return an 8x8 item of what a person wrote, and when it is told."""
    return at, {
        "version": 3,
        "namespace": "ChatApps",
        "eventType": "inbound_message_received",
        "payload": {
            "umid": umid(name),
            "subAccountId": SUB_ACCOUNT,
            "timestamp": at.isoformat(),
            "user": person,
            "recipient": {"channel": "whatsapp", "channelId": "6531590000"},
            "type": kind,
            "content": content,
            **payload,
        },
    }


def cams_status(
    number: str, name: str, at: datetime, word: str, **more: object
) -> Item:
    """Return a CAMS status of the message ``name``, which was sent ``at``."""
    return {
        "MessageId": str(uuid5(NAMESPACE_URL, name).int % 10**22),
        "From": SENDER,
        "To": number,
        "Status": word,
        "Timestamp": int(at.timestamp() * 1000),
        "MsgFrameType": "template",
        "Type": "TEMPLATE",
        **more,
    }


def cams_inbound(number: str, name: str, at: datetime, text: str) -> Item:
    """Return a CAMS item of a text that somebody wrote."""
    return {
        "MessageId": str(uuid5(NAMESPACE_URL, name).int % 10**22),
        "From": number,
        "To": SENDER,
        "Timestamp": int(at.timestamp() * 1000),
        "Type": "TEXT",
        "Message": text,
    }

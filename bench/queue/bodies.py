"""What a provider would put into its queues, and as what the API must show it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from channels_cfg.wire import ReceiptType

BUSINESS = "8613100000008"
_TIMESTAMP = 1763632800000


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One receipt, as far as it must be told apart from every other one."""

    kind: str
    id: str
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message of a queue."""

    receipt_type: ReceiptType
    body: bytes
    about: About


def three_types(mark: str, count: int) -> list[Told]:
    """Return ``count`` messages: 80 % statuses, 15 % from users, 5 % template reviews."""
    inbound, audits = count * 15 // 100, count * 5 // 100
    return [
        *islice(statuses(mark), count - inbound - audits),
        *(_inbound(f"{mark}i{n:07}") for n in range(inbound)),
        *(_audit(f"{mark}t{n:07}") for n in range(audits)),
    ]


def statuses(mark: str, sender: str = BUSINESS) -> Iterator[Told]:
    """Yield statuses without end: three of each message."""
    number = 0
    while True:
        message_id = f"{mark}s{number:07}"
        for word in ("Sent", "Delivered", "Read"):
            yield _status(message_id, word, sender=sender)
        number += 1


def _status(message_id: str, word: str, *, sender: str) -> Told:
    item = {
        "MessageId": message_id,
        "From": sender,
        "To": f"86138{message_id[-8:].translate(_DIGITS)}",
        "Timestamp": _TIMESTAMP,
        "Status": word,
        "ConversationId": f"conversation-{message_id}",
        "ConversationType": "utility",
        "MsgFrameType": "template",
        "Type": "TEMPLATE",
        "TaskId": message_id,
        "TemplateCode": "744c4b5c79c9432497a075bdfca31234",
        "TemplateName": "order_update",
        "Language": "en_US",
    }
    about = About(kind="status", id=message_id, word=word)
    return _told(ReceiptType.MT_STATUS, item, about)


def _inbound(message_id: str) -> Told:
    item = {
        "CustSpaceId": "cams-1",
        "WabaId": "90999999901234",
        "MessageId": message_id,
        "From": f"86138{message_id[-8:].translate(_DIGITS)}",
        "To": BUSINESS,
        "Timestamp": _TIMESTAMP,
        "DisplayName": "Guest",
        "Name": "guest",
        "Type": "TEXT",
        "Message": f"Where is my parcel {message_id}?",
    }
    return _told(ReceiptType.MO_MESSAGE, item, About(kind="inbound", id=message_id))


def _audit(code: str) -> Told:
    item = {
        "WabaId": "90999999901234",
        "TemplateCode": code,
        "Language": "en_US",
        "AuditStatus": "pass",
    }
    return _told(ReceiptType.TEMPLATE_AUDIT, item, About(kind="template", id=code))


def _told(receipt_type: ReceiptType, item: Mapping[str, object], about: About) -> Told:
    return Told(receipt_type=receipt_type, body=json.dumps(item).encode(), about=about)


_DIGITS = {ord(letter): "0" for letter in "abcdefghijklmnopqrstuvwxyz"}

"""What the queue service answers, as values: messages, handles, errors."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import msgspec

from channels_cfg.pulling import QueueMessage, Undeleted

from . import smq_xml
from .smq_body import decode
from .smq_errors import Unreachable
from .smq_http import Answer
from .smq_meanings import Trouble

# On a receive: nothing there. On a delete: received again or gone, which is no harm.
NOT_THERE = "MessageNotExist"


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A message's new handle and the time until which it is hidden from others."""

    receipt_handle: str
    next_visible_at: datetime | None


def messages(answer: Answer) -> list[QueueMessage]:
    """Read every message of a batch, each by itself."""
    return [
        _message(node)
        for node in smq_xml.read(answer.body, root="Messages")
        if node.name == "Message"
    ]


def single_message(answer: Answer) -> QueueMessage:
    return _message(smq_xml.read(answer.body, root="Message"))


def hold(answer: Answer) -> Hold:
    node = smq_xml.read(answer.body, root="ChangeVisibility")
    return Hold(
        receipt_handle=node.texts.get("ReceiptHandle", ""),
        next_visible_at=node.time("NextVisibleTime"),
    )


def undeleted(answer: Answer, handles: Iterable[str]) -> list[Undeleted]:
    """Say which of ``handles`` a batch delete did not take; [] for another answer.

    The service names the failed ones in ``Errors``. One plain ``Error`` about a handle
    is about them all.
    """
    try:
        nodes = list(smq_xml.read(answer.body, root="Errors"))
    except Unreachable:
        told = trouble(answer)
        about_handles = told.code in (NOT_THERE, "ReceiptHandleError")
        failed = handles if about_handles else ()
        return [_undeleted(each, told.code, told.message) for each in failed]
    return [
        _undeleted(
            node.texts.get("ReceiptHandle", ""),
            node.texts.get("ErrorCode", ""),
            node.texts.get("ErrorMessage", ""),
        )
        for node in nodes
    ]


def _undeleted(handle: str, code: str, words: str) -> Undeleted:
    return Undeleted(
        receipt_handle=handle, code=code, words=words, is_stale=code == NOT_THERE
    )


def trouble(answer: Answer) -> Trouble:
    """Read an error answer; it may also be bare text, then only its status counts."""
    try:
        texts = smq_xml.read(answer.body, root="Error").texts
    except Unreachable:
        return Trouble(answer.status, request_id=answer.request_id)
    return Trouble(
        answer.status,
        code=texts.get("Code", "").strip(),
        message=texts.get("Message", "").strip(),
        request_id=texts.get("RequestId", "").strip() or answer.request_id,
    )


def _message(node: smq_xml.Node) -> QueueMessage:
    text = node.texts.get("MessageBody", "")
    return QueueMessage(
        message_id=node.texts.get("MessageId", ""),
        receipt_handle=node.texts.get("ReceiptHandle", ""),
        body=decode(text),
        enqueued_at=node.time("EnqueueTime"),
        next_visible_at=node.time("NextVisibleTime"),
        first_dequeued_at=node.time("FirstDequeueTime"),
        dequeue_count=node.number("DequeueCount"),
        is_intact=_is_intact(text, node.texts.get("MessageBodyMD5", "").strip()),
    )


def _is_intact(text: str, digest: str) -> bool | None:
    if not digest:
        return None
    own = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return own == digest.lower()

"""What the stand-in answers, byte for byte as the vendor documents it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape

from tests.smq.proof import Denied, Key
from tests.smq.state import Held

_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_NAMESPACE = 'xmlns="http://mns.aliyuncs.com/doc/v1/"'
_CHINA = timezone(timedelta(hours=8))
GARBAGE = b"<html><p>Sorry, something went wrong"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE Messages [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b"<Messages><Message><MessageBody>&c;</MessageBody></Message></Messages>"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to be sent."""

    status: int
    body: bytes = b""
    content_type: str = "text/xml;charset=utf-8"


def batch(messages: Iterable[Held]) -> Reply:
    inner = "".join(_message(held, with_handle=True) for held in messages)
    return Reply(200, f"{_HEAD}<Messages {_NAMESPACE}>{inner}</Messages>".encode())


def one(held: Held, *, with_handle: bool) -> Reply:
    inner = _message(held, with_handle=with_handle)
    inner = inner.replace("<Message>", f"<Message {_NAMESPACE}>", 1)
    return Reply(200, (_HEAD + inner).encode())


def hidden(held: Held) -> Reply:
    inner = _fields(
        ReceiptHandle=held.handle, NextVisibleTime=str(int(held.visible_at * 1000))
    )
    text = f"{_HEAD}<ChangeVisibility {_NAMESPACE}>{inner}</ChangeVisibility>"
    return Reply(200, text.encode())


def deleted(failed: dict[str, str]) -> Reply:
    """Answer a batch delete; ``failed`` is the error code by handle."""
    if not failed:
        return Reply(204)
    inner = "".join(
        "<Error>"
        + _fields(ErrorCode=code, ErrorMessage="not deleted", ReceiptHandle=handle)
        + "</Error>"
        for handle, code in failed.items()
    )
    return Reply(404, f"{_HEAD}<Errors {_NAMESPACE}>{inner}</Errors>".encode())


def error(status: int, code: str, message: str = "no") -> Reply:
    inner = _fields(
        Code=code, Message=message, RequestId="5F1A2B3C4D5E6F70", HostId="http://local"
    )
    return Reply(status, f"{_HEAD}<Error {_NAMESPACE}>{inner}</Error>".encode())


def token(key: Key) -> Reply:
    told = {
        "RequestId": "7D8E9F",
        "Code": "OK",
        "Message": "OK",
        "MessageTokenDTO": {
            "AccessKeyId": key.access_key_id,
            "AccessKeySecret": key.secret,
            "SecurityToken": key.security_token,
            "CreateTime": _china(key.created_at),
            "ExpireTime": _china(key.expires_at),
        },
    }
    return Reply(200, json.dumps(told).encode(), "application/json")


def token_denied(denied: Denied) -> Reply:
    told = {
        "RequestId": "7D8E9F",
        "HostId": "127.0.0.1",
        "Code": denied.code,
        "Message": denied.message,
    }
    return Reply(denied.status, json.dumps(told).encode(), "application/json")


def _china(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, _CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _message(held: Held, *, with_handle: bool) -> str:
    fields = {
        "MessageId": held.message_id,
        "MessageBodyMD5": held.digest,
        "MessageBody": held.text,
        "EnqueueTime": str(int(held.enqueued_at * 1000)),
        "FirstDequeueTime": str(int(held.first_received_at * 1000)),
        "DequeueCount": str(held.receives),
        "Priority": "8",
    }
    if with_handle:
        fields["ReceiptHandle"] = held.handle
        fields["NextVisibleTime"] = str(int(held.visible_at * 1000))
    return f"<Message>{_fields(**fields)}</Message>"


def _fields(**fields: str) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())

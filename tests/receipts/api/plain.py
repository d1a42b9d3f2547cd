"""What filters mean, said a second time in plain Python over a list of rows."""

from collections.abc import Callable, Mapping
from datetime import datetime

from channels_cfg.wire import Flag
from receipts.models import Message, Receipt

Test = Callable[[str], Callable[..., bool]]


def moment(text: str) -> datetime:
    """Read a time as the tests write it."""
    return datetime.fromisoformat(text)


def _equals(field: str) -> Test:
    return lambda value: lambda row: getattr(row, field) == value


def _time(field: Callable[..., datetime], is_after: bool) -> Test:
    if is_after:
        return lambda value: lambda row: field(row) >= moment(value)
    return lambda value: lambda row: field(row) < moment(value)


def _span(name: str, field: Callable[..., datetime]) -> dict[str, Test]:
    return {
        f"{name}_after": _time(field, is_after=True),
        f"{name}_before": _time(field, is_after=False),
    }


def _of_channel(row: Receipt | Message) -> str:
    return row.channel.key


_SHARED: dict[str, Test] = {
    "channel": lambda value: lambda row: row.channel.key == value,
    "provider": lambda value: lambda row: row.channel.provider == value,
    "channel_type": _equals("channel_type"),
    "message_id": _equals("message_id"),
    "task_id": _equals("task_id"),
    "conversation": lambda value: lambda row: str(row.conversation_id) == value,
    "business_address": lambda value: (
        lambda row: row.business_address == value.removeprefix("+")
    ),
    "error_code": _equals("error_code"),
    "template_code": _equals("template_code"),
    "template_name": _equals("template_name"),
    "status": _equals("status"),
}


def _flagged(value: str) -> Callable[[Receipt], bool]:
    return lambda row: bool(row.flags & Flag[value.upper()])


RECEIPTS: Mapping[str, Test] = {
    **_SHARED,
    "receipt_type": _equals("receipt_type"),
    "mode": _equals("mode"),
    "kind": _equals("kind"),
    "raw_status": _equals("raw_status"),
    "batch_id": _equals("batch_id"),
    "client_batch_id": _equals("client_batch_id"),
    "provider_conversation_id": _equals("provider_conversation_id"),
    "flag": _flagged,
    **_span("occurred", lambda row: row.claimed_at or row.received_at),
    **_span("received", lambda row: row.received_at),
}
MESSAGES: Mapping[str, Test] = {
    **_SHARED,
    "direction": _equals("direction"),
    "contradiction": lambda value: (
        lambda row: (
            (row.failure_key is not None and row.progress >= 40) == (value == "true")
        )
    ),
    "text": lambda value: lambda row: value.lower() in (row.text or "").lower(),
    **_span("first", lambda row: row.first_at),
    **_span("last", lambda row: row.last_at),
}


def keep(
    rows: list[Receipt] | list[Message],
    tests: Mapping[str, Test],
    parameters: Mapping[str, str],
) -> list[str]:
    """Return the ids of the rows that pass every test."""
    wanted = [tests[name](value) for name, value in parameters.items()]
    return [str(row.pk) for row in rows if all(test(row) for test in wanted)]

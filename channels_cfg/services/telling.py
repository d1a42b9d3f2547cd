"""What would change, in words, one line each; no secret ever stands in them."""

from collections.abc import Iterator, Mapping

from channels_cfg.models import CallbackPath
from channels_cfg.secrets import Hidden
from channels_cfg.services.drafts import Draft, Drafted, Row
from channels_cfg.services.problems import in_file
from channels_cfg.services.urls import callback_url

_SWITCHES = {"is_active", "is_enabled"}


def lines(draft: Draft) -> Iterator[str]:
    """Yield what storing ``draft`` changes; nothing if it is as stored."""
    yield from (f"{draft.key}: {line}" for line in _lines(draft))


def _lines(draft: Draft) -> Iterator[str]:
    row = draft.channel.row
    if draft.channel.is_new:
        yield f"new channel, {row.provider}, {row.type}"
        if not row.is_active:
            yield "switched off"
    else:
        yield from _changes(draft.channel)
    yield from _addresses(draft.addresses, draft.stored_addresses)
    for callback in draft.callbacks:
        yield from _callback(callback)
    for queue in draft.queues:
        yield from _named(
            queue, f"queues.{queue.row.receipt_type}", queue.row.queue_name
        )
    if draft.account:
        yield from _named(
            draft.account, "queue_account", draft.account.row.queue_endpoint
        )


def _addresses(wanted: dict[str, str], stored: dict[str, str]) -> Iterator[str]:
    for value, shown in wanted.items():
        if value not in stored:
            yield f"address {shown} added"
    for value, shown in stored.items():
        if value not in wanted:
            yield f"address {shown} removed"


def _callback(callback: Drafted[CallbackPath]) -> Iterator[str]:
    row = callback.row
    shown = callback_url(row.path) if callback.is_new and row.path else row.path
    yield from _named(callback, f"callbacks.{row.receipt_type}", shown)


def _named(drafted: Drafted[Row], place: str, shown: str) -> Iterator[str]:
    if drafted.is_new:
        yield f"{place}: new, {shown}{_off(drafted.row)}"
        return
    yield from (f"{place} {shown}: {change}" for change in _changes(drafted))


def _off(row: object) -> str:
    return "" if getattr(row, "is_enabled", True) else ", switched off"


def _changes(drafted: Drafted[Row]) -> Iterator[str]:
    for name in drafted.changed():
        before = (drafted.before or {})[name]
        yield _change(name, before, getattr(drafted.row, name))


def _change(name: str, before: object, after: object) -> str:
    label = ".".join(str(step) for step in in_file(name))
    if name in _SWITCHES:
        return "switched on" if after else "switched off"
    if isinstance(after, Hidden):
        count = f"{len(after)} value" + ("s" if len(after) > 1 else "")
        return f"{label} changed, {count}" if after else f"{label} removed"
    return f"{label}: {_shown(before)} -> {_shown(after)}"


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each}" for key, each in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "none"
    return str(value) or "none"

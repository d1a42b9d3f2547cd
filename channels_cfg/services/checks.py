"""The rules one channel must keep; those between channels are in ``clashes``."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from channels_cfg.services.callback_checks import CALLBACK_RULES, MULTI
from channels_cfg.services.drafts import Draft, Drafted
from channels_cfg.services.problems import Problem
from channels_cfg.services.queue_checks import QUEUE_RULES
from channels_cfg.wire import Adapter

LONGEST_ID = 255
LONGEST_ADDRESS = 128

Row = TypeVar("Row", bound=models.Model)


def problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with one channel, errors and warnings."""
    adapter = draft.adapter
    yield from _provider(draft)
    yield from _fields(draft)
    if adapter is None:
        return
    for rule in (*_RULES, *CALLBACK_RULES, *QUEUE_RULES):
        yield from rule(draft, adapter)


def _provider(draft: Draft) -> Iterator[Problem]:
    row, before = draft.channel.row, draft.channel.before
    if before and before["provider"] != row.provider:
        message = f"is {before['provider']} for good: make another channel"
    elif not row.provider:
        message = "a new channel needs its provider"
    elif draft.adapter is None:
        message = f"there is no provider {row.provider}"
    else:
        return
    yield Problem(place=draft.channel.place, field="provider", message=message)


def _fields(draft: Draft) -> Iterator[Problem]:
    """The models' own rules: lengths, letters, choices."""
    yield from _clean(draft.channel, exclude={"provider"})
    for callback in draft.callbacks:
        yield from _clean(callback, exclude={"channel", "allow_from"})
    for queue in draft.queues:
        yield from _clean(queue, exclude={"channel", "queue_name"})
    if draft.account:
        yield from _clean(draft.account, exclude={"channel"})


def _clean(drafted: Drafted[Row], *, exclude: set[str]) -> Iterator[Problem]:
    try:
        drafted.row.clean_fields(exclude=exclude)
    except ValidationError as exc:
        for name, messages in exc.message_dict.items():
            yield Problem(place=drafted.place, field=name, message=" ".join(messages))


def _type(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    row = draft.channel.row
    if row.type in (*adapter.channel_types, MULTI):
        return
    known = ", ".join(adapter.channel_types)
    yield Problem(
        place=draft.channel.place,
        field="type",
        message=f"{row.type} is not a type we know of {row.provider} ({known}); its "
        "receipts are taken all the same",
        is_warning=True,
    )


def _account_ids(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    known = [setting.name for setting in adapter.account_settings]
    place = (*draft.channel.place, "account")
    for name, value in (draft.spec.account or {}).items():
        if name not in known:
            message = f"unknown; {adapter.slug} knows {', '.join(known) or 'none'}"
            yield Problem(place=place, field=name, message=message)
        elif len(value) > LONGEST_ID:
            message = f"longer than {LONGEST_ID} characters"
            yield Problem(place=place, field=name, message=message)


def _addresses(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    for value, shown in draft.addresses.items():
        if max(len(value), len(shown)) > LONGEST_ADDRESS:
            message = f"{shown[:20]}… is longer than {LONGEST_ADDRESS} characters"
            yield Problem(place=draft.channel.place, field="addresses", message=message)


def _arrival(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    if not draft.channel.row.is_active:
        return
    if draft.pulled or any(each.row.is_enabled for each in draft.callbacks):
        return
    yield Problem(
        place=draft.channel.place,
        message="nothing can arrive: no callback path and no queue is switched on",
        is_warning=True,
    )


_RULES: tuple[Callable[[Draft, Adapter], Iterator[Problem]], ...] = (
    _type,
    _account_ids,
    _addresses,
    _arrival,
)

"""A channel's page: its forms taken together, checked and saved by the service."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django import forms
from django.http import QueryDict

from channels_cfg import registry
from channels_cfg.forms.channel import ChannelForm
from channels_cfg.forms.parts import (
    CallbackForm,
    FurtherCallbackForm,
    QueueForm,
)
from channels_cfg.forms.queue_account import QueueAccountForm
from channels_cfg.models import CallbackPath, Channel, ProviderQueue, QueueAccount
from channels_cfg.pulling import Site, queues_of
from channels_cfg.services import channels
from channels_cfg.services.channels import Outcome
from channels_cfg.services.problems import Invalid, Problem
from channels_cfg.services.specs import ChannelSpec
from channels_cfg.wire import Adapter, ReceiptType, Where


class ChannelPage:
    """All forms of one channel; ``row`` is unsaved for a new one.

    Raises ``UnknownProvider`` for a channel whose provider's folder is gone.
    """

    def __init__(self, row: Channel, data: QueryDict | None = None) -> None:
        self.adapter = registry.adapter(row.provider)
        self.row = row
        self.callbacks = list(_callbacks(row, self.adapter, data))
        self.queues = list(_queues(row, self.adapter, data))
        account: QueueAccount | None = getattr(row, "queue_account", None)
        self.account = QueueAccountForm(
            data, row=account or QueueAccount(), sites=_sites(self.adapter)
        )
        seen = ",".join(str(form.row.pk) for form in self.callbacks if form.row.pk)
        self.main = ChannelForm(data, row=row, adapter=self.adapter, seen=seen)

    @property
    def parts(self) -> list[forms.Form]:
        account = [self.account] if self.queues else []
        return [self.main, *self.callbacks, *self.queues, *account]

    def save(self) -> Outcome | None:
        """Store what was filled in; None if it cannot be: the fields say why."""
        # Every form is asked, so that every error shows at once.
        if [form for form in self.parts if not form.is_valid()]:
            return None
        try:
            return channels.configure([self._spec()])
        except Invalid as exc:
            for problem in exc.problems:
                if not problem.is_warning:
                    self._show(problem)
            return None

    def _spec(self) -> ChannelSpec:
        return replace(
            self.main.spec(),
            is_new=self.row.pk is None,
            callbacks=tuple(
                form.spec(("callbacks", index))
                for index, form in enumerate(self.callbacks)
                if form.is_filled
            ),
            queues=tuple(
                form.spec(("queues", index))
                for index, form in enumerate(self.queues)
                if form.is_filled
            ),
            queue_account=self.account.spec() if self.queues else None,
        )

    def _show(self, problem: Problem) -> None:
        form, name = self._field(problem)
        message = problem.message[:1].upper() + problem.message[1:]
        form.add_error(name if name in form.fields else None, message)

    def _field(self, problem: Problem) -> tuple[forms.Form, str]:
        match problem.place:
            case ("callbacks", int(index)):
                return self.callbacks[index], problem.field
            case ("queues", int(index)):
                return self.queues[index], problem.field
            case ("queue_account",):
                return self.account, problem.field or "access_key_id"
            case ("account",):
                return self.main, f"account_{problem.field}"
            case _:
                return self.main, problem.field


def _callbacks(
    channel: Channel, adapter: Adapter, data: QueryDict | None
) -> Iterator[CallbackForm]:
    stored = list(channel.callback_paths.all()) if channel.pk else []
    usual = () if channel.pk else usual_types(adapter, channel.type)
    order = [each.value for each in adapter.receipt_types]
    # In the adapter's order; what it no longer knows comes last.
    for kind in dict.fromkeys([*order, *(row.receipt_type for row in stored)]):
        rows = [row for row in stored if row.receipt_type == kind]
        for row in rows:
            yield CallbackForm(data, row=row, prefix=f"path-{row.pk}")
        if not rows:
            yield CallbackForm(
                data,
                row=CallbackPath(path="", receipt_type=kind),
                prefix=f"new-{kind}",
                is_usual=kind in usual,
            )
    if stored:
        yield FurtherCallbackForm(data, row=CallbackPath(path="", receipt_type=""))


def usual_types(adapter: Adapter, channel_type: str) -> list[ReceiptType]:
    """Return the receipt types for which a new channel usually has a path."""
    if adapter.receipt_types[0] == ReceiptType.ANY:
        return [ReceiptType.ANY]
    asked = {
        where.receipt_type
        for where in adapter.console
        if where.channel_type in ("", channel_type)
    }
    usual = asked or {ReceiptType.MT_STATUS, ReceiptType.MO_MESSAGE}
    return [each for each in adapter.receipt_types if each in usual]


def fitting(
    console: Iterable[Where], receipt_type: str, channel_type: str
) -> tuple[Where, ...]:
    """Return the places of a provider's console that are for these types."""
    # Several types of one account: each place may be the right one.
    types = ("", channel_type)
    return tuple(
        where
        for where in console
        if where.receipt_type == receipt_type
        and (where.channel_type in types or channel_type == "multi")
    )


def _sites(adapter: Adapter) -> Sequence[Site]:
    # Not before it is asked for: the module brings an HTTP client.
    return queues_of(adapter.slug).sites if adapter.queue_types else ()


def _queues(
    channel: Channel, adapter: Adapter, data: QueryDict | None
) -> Iterator[QueueForm]:
    rows = channel.queues.all() if channel.pk else ()
    stored = {row.receipt_type: row for row in rows}
    for receipt_type in adapter.queue_types:
        row = stored.get(receipt_type) or ProviderQueue(receipt_type=receipt_type.value)
        console = queues_of(adapter.slug).console
        places = fitting(console, receipt_type, channel.type)
        yield QueueForm(data, row=row, places=places)

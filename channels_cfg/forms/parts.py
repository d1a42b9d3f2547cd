"""The parts of a channel's form that it may have several of: callback paths, queues."""

import re
from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from channels_cfg.forms.secrets import SecretForm
from channels_cfg.models import CallbackPath, ProviderQueue
from channels_cfg.models.callback_path import RECEIPT_TYPES
from channels_cfg.services.specs import CallbackSpec, Place, QueueSpec
from channels_cfg.wire import Where

_SEPARATORS = re.compile(r"[\s,;]+")


class CallbackForm(SecretForm):
    """One callback path, stored or yet to be made; a stored path stays what it is."""

    secrets = {
        "header_values": "Header value",
        "basic_passwords": "Basic password",
        "signing_secrets": "Signing secret",
        "verify_tokens": "Verify token",
    }

    is_enabled = forms.BooleanField(label="HTTP protocol", required=False)
    path = forms.CharField(
        required=False,
        max_length=200,
        help_text="Leave empty: one that nobody can guess is made.",
    )
    header_name = forms.CharField(required=False, max_length=64)
    basic_username = forms.CharField(
        label="Basic user name", required=False, max_length=128
    )
    allow_from = forms.CharField(
        label="Allowed addresses",
        required=False,
        help_text="Addresses or networks such as 203.0.113.0/24; none allows all.",
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        row: CallbackPath,
        prefix: str,
        is_usual: bool = False,
    ) -> None:
        initial: dict[str, object] = {
            name: getattr(row, name) for name in ("header_name", "basic_username")
        }
        initial["is_enabled"] = row.is_enabled if row.pk else is_usual
        initial["allow_from"] = ", ".join(row.allow_from)
        stored = {name: getattr(row, name) for name in self.secrets}
        super().__init__(data, prefix=prefix, initial=initial, stored=stored)
        self.row = row
        self.is_usual = is_usual
        if row.pk:
            del self.fields["path"]

    @property
    def is_filled(self) -> bool:
        """Say whether there is a path, or is to be one."""
        said = self.cleaned_data
        return bool(self.row.pk or said.get("is_enabled") or said.get("path"))

    @property
    def label(self) -> str:
        return RECEIPT_TYPES[self.row.receipt_type]

    def receipt_type(self) -> str:
        return self.row.receipt_type

    def spec(self, place: Place) -> CallbackSpec:
        said = self.cleaned_data
        named = {name: self.wanted(name) for name in self.secrets}
        return CallbackSpec(
            place=place,
            receipt_type=self.receipt_type(),
            path=self.row.path if self.row.pk else said.get("path"),
            is_enabled=said.get("is_enabled", False),
            header_name=said.get("header_name", ""),
            basic_username=said.get("basic_username", ""),
            allow_from=tuple(filter(None, _SEPARATORS.split(said["allow_from"]))),
            **named,
        )


class FurtherCallbackForm(CallbackForm):
    """A further path beside a stored one, while rotating; its type is chosen."""

    kind = forms.ChoiceField(
        label="Receipt type",
        required=False,
        choices=[("", "none"), *RECEIPT_TYPES.items()],
    )

    def __init__(self, data: QueryDict | None, *, row: CallbackPath) -> None:
        super().__init__(data, row=row, prefix="further")
        self.initial["is_enabled"] = True

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("kind") or self.cleaned_data.get("path"))

    @property
    def label(self) -> str:
        return "One more path, while rotating"

    def receipt_type(self) -> str:
        return str(self.cleaned_data.get("kind", ""))

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if said.get("path") and not said.get("kind"):
            self.add_error("kind", "Choose what is pushed to this path.")
        return said


class QueueForm(forms.Form):
    """One queue of one receipt type."""

    is_enabled = forms.BooleanField(label="Message queue monitoring", required=False)
    queue_name = forms.CharField(
        required=False,
        max_length=200,
        help_text="As the provider's console shows it, for this receipt type.",
    )
    consumers = forms.IntegerField(
        min_value=1, initial=1, help_text="How many may pull it at the same time."
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        row: ProviderQueue,
        places: Sequence[Where] = (),
    ) -> None:
        initial = {
            "is_enabled": row.is_enabled if row.pk else False,
            "queue_name": row.queue_name,
            "consumers": row.consumers,
        }
        super().__init__(data, prefix=f"queue-{row.receipt_type}", initial=initial)
        self.row = row
        self.places = places

    @property
    def is_filled(self) -> bool:
        said = self.cleaned_data
        return bool(self.row.pk or said["is_enabled"] or said["queue_name"])

    @property
    def label(self) -> str:
        return RECEIPT_TYPES[self.row.receipt_type]

    def spec(self, place: Place) -> QueueSpec:
        said = self.cleaned_data
        return QueueSpec(
            place=place,
            receipt_type=self.row.receipt_type,
            queue_name=said["queue_name"],
            is_enabled=said["is_enabled"],
            consumers=said["consumers"],
        )

"""The channel's own form: names, type, the ids of its account, addresses."""

from django import forms
from django.http import QueryDict

from channels_cfg.models import Channel
from channels_cfg.services.specs import ChannelSpec
from channels_cfg.wire import Adapter


class ChannelForm(forms.Form):
    """The channel itself; its account ids are those its provider's adapter names."""

    key = forms.CharField(
        max_length=64,
        help_text="Lower-case letters, digits, hyphens. Stands in the API, for good.",
    )
    name = forms.CharField(max_length=200)
    type = forms.CharField(
        max_length=32,
        help_text="What it carries; multi for an account that serves several types.",
        widget=forms.TextInput(attrs={"list": "known-types"}),
    )
    is_active = forms.BooleanField(label="Active", required=False)
    addresses = forms.CharField(
        label="Business addresses",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Numbers, page or service ids, one a line. They tell apart channels "
        "that share an account or a queue.",
    )
    audit_version = forms.ChoiceField(
        label="API version of the audit feed",
        choices=(("V1", "V1"), ("V2", "V2")),
        help_text="As chosen in the provider's console.",
    )
    # Which paths the page showed; those made meanwhile would look unticked.
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(
        self, data: QueryDict | None, *, row: Channel, adapter: Adapter, seen: str
    ) -> None:
        super().__init__(data, initial=_initial(row) | {"seen": seen})
        self.row = row
        self.adapter = adapter
        self.now_seen = seen
        self.fields["key"].disabled = row.pk is not None
        for setting in adapter.account_settings:
            self.fields[f"account_{setting.name}"] = forms.CharField(
                label=setting.label,
                required=False,
                help_text=setting.help,
                initial=row.account.get(setting.name, ""),
            )

    @property
    def account_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("account_")]

    def clean_seen(self) -> str:
        """Raise if a path was made since the page was shown."""
        if self.cleaned_data["seen"] != self.now_seen:
            raise forms.ValidationError(
                "The paths of this channel were changed meanwhile. Look at them again."
            )
        return self.now_seen

    def spec(self) -> ChannelSpec:
        """Return what is wanted, but for the parts that have forms of their own."""
        said = self.cleaned_data
        names = [setting.name for setting in self.adapter.account_settings]
        filled = {name: said[f"account_{name}"].strip() for name in names}
        return ChannelSpec(
            place=(),
            key=said["key"],
            provider=self.adapter.slug,
            name=said["name"],
            type=said["type"],
            is_active=said["is_active"],
            audit_version=said["audit_version"],
            account={name: value for name, value in filled.items() if value},
            addresses=tuple(said["addresses"].splitlines()),
        )


def _initial(row: Channel) -> dict[str, object]:
    shown = [a.shown for a in row.business_addresses.all()] if row.pk else []
    return {
        "key": row.key,
        "name": row.name,
        "type": row.type,
        "is_active": row.is_active,
        "audit_version": row.audit_version,
        "addresses": "\n".join(shown),
    }

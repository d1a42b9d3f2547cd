"""Forms of alerts: where they go, how a kind is judged, who is left in peace."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from channels_cfg.models import Channel
from channels_cfg.secrets import Hidden
from receipts.alerts import bodies, outgoing
from receipts.alerts.addresses import may_reach
from receipts.alerts.findings import AlertKind
from receipts.alerts.kinds import KINDS
from receipts.alerts.models import AlertRule, Destination, Snooze
from receipts.alerts.rules import Rules

PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
MOST_MAILS = 20
SNOOZES = {"1": "1 hour", "4": "4 hours", "24": "1 day", "168": "7 days"}
_TIME = {"type": "time"}


class DestinationForm(forms.ModelForm[Destination]):
    """A destination. Address and secret are written, never read back."""

    mails = forms.CharField(
        label="Mail addresses",
        required=False,
        help_text="For e-mail. Several are cut at commas or blanks.",
    )
    address = forms.CharField(
        label="Webhook address",
        required=False,
        max_length=2000,
        help_text="For all but e-mail. Kept encrypted; leave empty to keep what is there.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    routing_key = forms.CharField(
        label="Routing key",
        required=False,
        max_length=200,
        help_text="For PagerDuty: the integration key. Leave empty to keep it.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        choices=[(kind.slug, kind.label) for kind in KINDS.values()],
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text="None chosen: all kinds.",
    )

    class Meta:
        model = Destination
        fields = (
            *("name", "form", "is_active", "level", "kinds", "channels"),
            *("quiet_from", "quiet_until", "quiet_weekends", "zone", "wakes"),
        )
        widgets = {
            "channels": forms.CheckboxSelectMultiple(),
            "quiet_from": forms.TimeInput(attrs=_TIME, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs=_TIME, format="%H:%M"),
        }

    def clean_mails(self) -> list[str]:
        """Return each address, checked."""
        words = self.cleaned_data["mails"].replace(",", " ").split()
        if len(words) > MOST_MAILS:
            raise forms.ValidationError(f"{MOST_MAILS} addresses at most.")
        field = forms.EmailField()
        return [field.clean(word) for word in words]

    def clean_address(self) -> str:
        """Refuse at once what would be refused when an alert is sent."""
        url = str(self.cleaned_data["address"])
        if not url:
            return ""
        try:
            host = outgoing.parse(url).hostname or ""
        except outgoing.Refused as exc:
            raise forms.ValidationError(f"{exc}.".capitalize()) from None
        if not _may_be_reached(host):
            raise forms.ValidationError(
                "It is no public address, and ALERTS_ALLOW_PRIVATE does not name it."
            )
        return url

    def clean(self) -> None:
        """Check that it has what its form needs."""
        said = self.cleaned_data
        form = said.get("form")
        if form == Destination.Form.EMAIL:
            if not said.get("mails") and "mails" not in self.errors:
                self.add_error("mails", "Say who is to be written to.")
        elif form and "address" not in self.errors and not self._url(form):
            self.add_error("address", "Say where the webhook is.")
        if form == Destination.Form.PAGERDUTY and not self._has_key():
            self.add_error("routing_key", "PagerDuty needs its integration key.")
        if (said.get("quiet_from") is None) != (said.get("quiet_until") is None):
            self.add_error("quiet_until", "Quiet hours need two ends, or none.")

    def _url(self, form: str) -> str:
        kept = next(iter(self.instance.url), "")
        default = PAGERDUTY if form == Destination.Form.PAGERDUTY else ""
        return str(self.cleaned_data.get("address") or kept or default)

    def _has_key(self) -> bool:
        was_form = self.initial.get("form")
        kept = self.instance.secrets and was_form == Destination.Form.PAGERDUTY
        return bool(self.cleaned_data.get("routing_key") or kept)

    def keep(self) -> str:
        """Store it; return a signing secret that was made for it, to be shown once."""
        row, said, made = self.instance, self.cleaned_data, ""
        was_form = self.initial.get("form")
        if row.form == Destination.Form.EMAIL:
            row.mail_to, row.url, row.secrets = said["mails"], Hidden(), Hidden()
            row.host = ""
        else:
            url = self._url(row.form)
            row.mail_to, row.url = [], Hidden((url,))
            row.host = outgoing.parse(url).hostname or ""
        if row.form == Destination.Form.SLACK:
            row.secrets = Hidden()
        elif row.form == Destination.Form.PAGERDUTY and said["routing_key"]:
            row.secrets = Hidden((said["routing_key"],))
        elif row.form == Destination.Form.WEBHOOK and (
            was_form != row.form or not row.secrets
        ):
            made = bodies.new_secret()
            row.secrets = Hidden((made,))
        row.kinds = said["kinds"]
        self.save()
        return made


def _may_be_reached(host: str) -> bool:
    """Judge an address; a name is judged when it is resolved, for each alert anew."""
    try:
        return may_reach(host, outgoing.allowed())
    except ValueError:
        return True


class RuleForm(forms.Form):
    """How one kind is judged, of all channels or of one."""

    is_enabled = forms.BooleanField(label="Judge it", required=False)

    def __init__(self, kind: AlertKind, channel: Channel | None, data: object = None):
        pk = channel.pk if channel else None
        rules = Rules()
        limits = rules.limits(kind, pk)
        initial = {"is_enabled": rules.is_on(kind.slug, pk), **limits}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # a QueryDict or None
        self.kind, self.channel = kind, channel
        for limit in kind.all_limits:
            unit = f" ({limit.unit})" if limit.unit else ""
            self.fields[limit.name] = forms.FloatField(
                label=f"{limit.label}{unit}",
                min_value=limit.least,
                max_value=limit.most,
                help_text=f"By default {limit.default:g}.",
                localize=False,
            )

    def keep(self) -> None:
        """Store what differs from the defaults; nothing is kept of what does not."""
        limits = {
            limit.name: self.cleaned_data[limit.name]
            for limit in self.kind.all_limits
            if self.channel or self.cleaned_data[limit.name] != limit.default
        }
        is_enabled = self.cleaned_data["is_enabled"]
        if is_enabled and not limits:
            AlertRule.objects.filter(kind=self.kind.slug, channel=None).delete()
            return
        AlertRule.objects.update_or_create(
            kind=self.kind.slug,
            channel=self.channel,
            defaults={"limits": limits, "is_enabled": is_enabled},
        )


class SnoozeForm(forms.Form):
    """For how long, why, and what nobody is told about."""

    hours = forms.ChoiceField(label="For", choices=list(SNOOZES.items()))
    reason = forms.CharField(label="Why", min_length=5, max_length=500)
    kind = forms.ChoiceField(
        required=False,
        choices=[("", "all kinds"), *((k.slug, k.label) for k in KINDS.values())],
    )
    channel = forms.ModelChoiceField(
        Channel.objects.all(),
        required=False,
        to_field_name="key",
        empty_label="all channels",
    )
    subject = forms.CharField(
        required=False, max_length=300, widget=forms.HiddenInput(), strip=False
    )

    def keep(self, user_id: int | None) -> Snooze:
        """Store it."""
        said = self.cleaned_data
        return Snooze.objects.create(
            kind=said["kind"],
            channel=said["channel"],
            subject=said["subject"],
            reason=said["reason"],
            until=_until(said["hours"]),
            user_id=user_id,
        )


def _until(hours: str) -> datetime:
    return timezone.now() + timedelta(hours=int(hours))

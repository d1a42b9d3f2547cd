"""The account that opens a channel's queues: a known site, or endpoints of one's own."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from channels_cfg.forms.secrets import SecretForm
from channels_cfg.models import QueueAccount
from channels_cfg.pulling import Site
from channels_cfg.services.specs import QueueAccountSpec

_ENDPOINTS = ("token_endpoint", "queue_endpoint")


class QueueAccountForm(SecretForm):
    """The account and endpoints that open the queues."""

    secrets = {"access_key_secrets": "AccessKey secret"}

    token_endpoint = forms.CharField(required=False, max_length=300)
    queue_endpoint = forms.CharField(required=False, max_length=300)
    access_key_id = forms.CharField(
        label="AccessKey ID", required=False, max_length=128
    )

    def __init__(
        self, data: QueryDict | None, *, row: QueueAccount, sites: Sequence[Site] = ()
    ) -> None:
        names = (*_ENDPOINTS, "access_key_id")
        initial = {name: getattr(row, name) for name in names}
        present = (row.token_endpoint, row.queue_endpoint)
        initial["site"] = next((s.slug for s in sites if _of(s) == present), "")
        super().__init__(
            data,
            prefix="queue_account",
            initial=initial,
            stored={"access_key_secrets": row.access_key_secrets},
        )
        self.row = row
        self._sites = {site.slug: site for site in sites}
        choices = [("", "none of these: the endpoints entered here")]
        choices += [(site.slug, site.label) for site in sites]
        self.fields["site"] = forms.ChoiceField(
            required=False,
            choices=choices,
            help_text="A site fills in both endpoints when this is saved.",
        )

    def clean(self) -> dict[str, object]:
        """Take the endpoints of the site, if one was chosen just now."""
        said = super().clean()
        site = self._sites.get(str(said.get("site", "")))
        if site is None or "site" not in self.changed_data:
            return said  # endpoints that were changed by hand leave the site
        typed = {str(said[name]) for name in _ENDPOINTS if name in self.changed_data}
        if typed <= {"", *_of(site)}:
            said["token_endpoint"], said["queue_endpoint"] = _of(site)
        else:
            message = "Choose a site or enter endpoints, not both."
            self.add_error("site", message)
        return said

    def spec(self) -> QueueAccountSpec | None:
        """Return what is wanted, None while all of it is empty."""
        said = self.cleaned_data
        secrets = self.wanted("access_key_secrets")
        filled = (said["token_endpoint"], said["queue_endpoint"], said["access_key_id"])
        if not (self.row.pk or secrets or any(filled)):
            return None
        token_endpoint, queue_endpoint, access_key_id = filled
        return QueueAccountSpec(
            place=("queue_account",),
            token_endpoint=token_endpoint,
            queue_endpoint=queue_endpoint,
            access_key_id=access_key_id,
            access_key_secrets=secrets,
        )


def _of(site: Site) -> tuple[str, str]:
    return site.token_endpoint, site.queue_endpoint

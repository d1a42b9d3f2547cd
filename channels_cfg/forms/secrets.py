"""A secret in a form: never shown, turned by a choice beside it."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from channels_cfg.secrets import Hidden
from channels_cfg.services.specs import NOTHING

KEEP, BESIDE, ALONE, NEWEST, REMOVE = "", "beside", "alone", "newest", "remove"
_HOW = (
    (KEEP, "stays as stored"),
    (BESIDE, "new one, stored ones go on (rotation)"),
    (ALONE, "new one alone"),
    (NEWEST, "only the newest stored"),
    (REMOVE, "none"),
)
LONGEST = 4096

Initial = Mapping[str, object]


class SecretForm(forms.Form):
    """A form some of whose fields are secrets: ``secrets`` gives their labels."""

    secrets: Mapping[str, str] = {}

    def __init__(
        self,
        data: QueryDict | None,
        *,
        prefix: str,
        initial: Initial,
        stored: Mapping[str, Hidden],
    ) -> None:
        super().__init__(data, prefix=prefix, initial=dict(initial))
        self.stored = stored
        for name, label in self.secrets.items():
            self._add(name, label, stored.get(name, NOTHING))

    def _add(self, name: str, label: str, stored: Hidden) -> None:
        is_stored = bool(stored) or not stored.is_readable
        self.fields[name] = forms.CharField(
            label=label,
            required=False,
            max_length=LONGEST,
            help_text=_told(stored),
            widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        )
        self.fields[f"{name}_how"] = forms.ChoiceField(
            label=f"{label}: what becomes of it",
            required=False,
            choices=_HOW,
            widget=forms.Select() if is_stored else forms.HiddenInput(),
        )

    def clean(self) -> dict[str, object]:
        """Ask what becomes of the stored secret where a new one was typed."""
        for name in self.secrets:
            typed, how = self._said(name)
            if typed and self.stored.get(name) and how not in (BESIDE, ALONE):
                message = "Choose: beside the stored one, or alone."
                self.add_error(f"{name}_how", message)
            elif not typed and how in (BESIDE, ALONE):
                self.add_error(name, "Type the new value.")
        return self.cleaned_data

    def wanted(self, name: str) -> Hidden | None:
        """Return the secrets as wanted, None to keep what is stored."""
        typed, how = self._said(name)
        stored = self.stored.get(name, NOTHING)
        if typed:
            return Hidden((typed, *stored) if how == BESIDE else (typed,))
        if how == NEWEST:
            return Hidden(stored[:1])
        return NOTHING if how == REMOVE else None

    def _said(self, name: str) -> tuple[str, str]:
        said = self.cleaned_data
        return said.get(name) or "", said.get(f"{name}_how") or KEEP


def _told(stored: Hidden) -> str:
    if not stored.is_readable:
        return "Stored, but no key of FIELD_KEYS opens it: enter it anew."
    if not stored:
        return ""
    return "One is stored." if len(stored) == 1 else f"{len(stored)} are stored."

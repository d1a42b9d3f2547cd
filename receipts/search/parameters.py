"""Parameters as strangers give them: what is wrong with one, and what is allowed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django import forms
from django_filters import rest_framework as filters

LONGEST = 512
BAD_MOMENT = "Give a time as ISO 8601, such as 2026-01-31T12:00:00Z."


class Mistake(NamedTuple):
    """One parameter that was not understood."""

    parameter: str
    detail: str
    allowed: Sequence[str] | None = None


class BadParameters(Exception):
    """A search cannot be read; every mistake in it is named."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        super().__init__()
        self.mistakes = list(mistakes)


def moment(text: str) -> datetime:
    """Read a time; without a zone it is UTC. Raises ``ValueError``."""
    # A plus that was not escaped arrives as a blank.
    head, gap, zone = text.strip().rpartition(" ")
    if gap and zone[:2].isdigit() and "T" in head:
        text = f"{head}+{zone}"
    at = datetime.fromisoformat(text)
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None


class MomentField(forms.Field):
    """A time, aware and in UTC."""

    def to_python(self, value: str | None) -> datetime | None:
        if not value:
            return None
        try:
            return moment(value)
        except ValueError:
            raise forms.ValidationError(BAD_MOMENT) from None


class Moment(filters.Filter):
    """Keep rows by a time: ``…_after`` is inclusive, ``…_before`` exclusive."""

    field_class = MomentField


class Word(filters.CharFilter):
    """Keep rows with exactly this value."""

    def __init__(
        self,
        *,
        method: str | None = None,
        label: str | None = None,
        min_length: int | None = None,
        strip: bool = True,
    ) -> None:
        super().__init__(
            method=method,
            label=label,
            min_length=min_length,
            max_length=LONGEST,
            strip=strip,
        )


class OneOf(filters.Filter):
    """Keep rows with one of a closed list of words."""

    field_class = forms.ChoiceField

    def __init__(
        self,
        words: Iterable[str],
        *,
        method: str | None = None,
        label: str | None = None,
        is_open: bool = False,
    ) -> None:
        self.words = [str(word) for word in words]
        self.is_open = is_open  # grows without a new version of the API
        shown = ", ".join(self.words)
        super().__init__(
            method=method,
            label=label,
            choices=[(word, word) for word in self.words],
            error_messages={"invalid_choice": f"Give one of: {shown}."},
        )

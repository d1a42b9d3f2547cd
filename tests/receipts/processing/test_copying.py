"""Rows by COPY: what goes in comes out, whatever is in it."""

from collections.abc import Sequence

import pytest
from django.db import DataError, connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from receipts.processing.copying import _AROUND, _BETWEEN, as_line, copy_in

# What means something in a line, among what does not; '' is NULL.
_TEXTS = st.text(
    st.sampled_from(f"\\\n\r\t{_BETWEEN}{_AROUND}\"',.Nabx1é\u2028😀")
    | st.characters(codec="utf-8"),
    max_size=12,
).map(lambda text: text.replace("\0", ""))
_ROWS = st.lists(st.tuples(_TEXTS, _TEXTS, _TEXTS), min_size=1, max_size=8)


def copied(
    rows: list[tuple[str, ...]], *, texts: Sequence[str] = ("n",)
) -> list[tuple[str | None, ...]]:
    """Copy rows of three into a table, and read them."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (n integer, a text, b text, c text)")
        try:
            lines = (as_line((str(n), *row)) for n, row in enumerate(rows))
            copy_in("copied", ("n", "a", "b", "c"), lines, texts=texts)
            cursor.execute("SELECT a, b, c FROM copied ORDER BY n")
            return list(cursor.fetchall())
        finally:
            cursor.execute("DROP TABLE copied")


class TestTexts(TestCase):
    @settings(max_examples=150, deadline=None)
    @given(_ROWS)
    def test_any_text_comes_back_as_it_was(self, rows: list[tuple[str, ...]]) -> None:
        assert copied(rows) == [tuple(text or None for text in row) for row in rows]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "odd", ["\\.", "\\N", "\n\\.\n", "\\", "a\\", _BETWEEN, _AROUND, "\r\n"]
)
def test_what_means_something_to_copy_is_a_text_like_others(odd: str) -> None:
    assert copied([("before", odd, odd), ("after", "", "")]) == [
        ("before", odd, odd),
        ("after", None, None),
    ]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_inserted_when_one_line_is_wrong() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE numbers (a integer)")
        try:
            with pytest.raises(DataError):
                copy_in("numbers", ("a",), ["1\n", "one\n"], texts=("a",))
            cursor.execute("SELECT count(*) FROM numbers")
            assert cursor.fetchone() == (0,)
        finally:
            cursor.execute("DROP TABLE numbers")


@pytest.mark.django_db
def test_empty_text_is_one_where_nothing_may_be_null() -> None:
    assert copied([("", "", "")], texts=["a", "c"]) == [("", None, "")]

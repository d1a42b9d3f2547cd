"""The error dictionary in the database: ours until an operator edits it."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from channels_cfg import errors
from channels_cfg.models import ErrorCode
from channels_cfg.services import error_codes

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_error_codes", stdout=out)
    return out.getvalue()


def one() -> ErrorCode:
    return ErrorCode.objects.get(provider="meta", code="131026")


def test_migrate_has_loaded_every_row() -> None:
    stored = ErrorCode.objects.values_list("provider", "code")

    assert set(stored) == {(row.provider, row.code) for row in errors.rows()}
    assert one().title


def test_loading_again_changes_nothing(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(3):
        told = load()

    assert told.startswith("0 error codes made, 0 changed, 0 edited")


def test_words_of_an_older_release_are_replaced() -> None:
    ErrorCode.objects.update(title="old words")
    ErrorCode.objects.filter(provider="8x8").delete()

    load()

    assert one().title != "old words"
    assert ErrorCode.objects.filter(provider="8x8").exists()


def test_row_that_an_operator_edited_is_left_alone() -> None:
    ErrorCode.objects.filter(pk=one().pk).update(title="our words", is_edited=True)

    assert load().endswith("1 edited ones left as they are.\n")

    assert one().title == "our words"


def test_code_of_the_operator_alone_stays() -> None:
    ErrorCode.objects.create(provider="cams", code="X1", is_edited=True)

    load()

    assert ErrorCode.objects.filter(code="X1").exists()


def test_edited_row_can_be_given_back_its_words() -> None:
    before = one().title
    ErrorCode.objects.filter(pk=one().pk).update(title="our words", is_edited=True)

    assert error_codes.give_back(one())

    assert (one().title, one().is_edited) == (before, False)
    assert not error_codes.give_back(ErrorCode(provider="cams", code="X1"))

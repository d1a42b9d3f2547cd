"""Tokens of other programs: made once in clear, found by hash, ended at once."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from channels_cfg.models import Channel
from receipts import tokens
from receipts.models import ApiToken

pytestmark = pytest.mark.django_db


def apitoken(*words: str) -> str:
    out = StringIO()
    call_command("apitoken", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def create(name: str = "crm", *options: str) -> str:
    return apitoken("create", name, "--scopes", "receipts:read", *options).strip()


def rewind(**ago: timedelta) -> None:
    """Put times of the one token into the past."""
    now = timezone.now()
    ApiToken.objects.update(**{name: now - each for name, each in ago.items()})


def test_create_prints_the_token_alone() -> None:
    printed = apitoken("create", "crm", "--scopes", "receipts:read, pii:read")

    assert re.fullmatch(r"rp_[a-z0-9]{8}_[A-Za-z0-9_-]{43}\n", printed)
    token = ApiToken.objects.get()
    assert token.scopes == ["receipts:read", "pii:read"]
    assert printed.startswith(f"{token.prefix}_")
    assert (token.expires_at, token.revoked_at) == (None, None)


def test_clear_text_is_stored_nowhere() -> None:
    clear = create()

    with connection.cursor() as cursor:
        cursor.execute("SELECT receipts_apitoken::text FROM receipts_apitoken")
        assert clear.rpartition("_")[2] not in cursor.fetchone()[0]


def test_find_gives_the_token_of_a_clear_text_and_no_other() -> None:
    clear = create()
    create("other")

    found = tokens.find(clear)

    assert found is not None
    assert found.name == "crm"
    for wrong in ("", clear[:-1], clear.upper(), f"{clear} ", "rp_\udc80", "\0"):
        assert tokens.find(wrong) is None


def test_use_is_noted_once_a_minute(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    clear = create()
    with django_assert_num_queries(2):
        tokens.find(clear)
    with django_assert_num_queries(1):
        tokens.find(clear)

    rewind(last_used_at=timedelta(seconds=61))
    tokens.find(clear)

    used_at = ApiToken.objects.get().last_used_at
    assert used_at is not None
    assert timezone.now() - used_at < timedelta(seconds=30)


def test_token_that_expired_is_not_found() -> None:
    clear = create("crm", "--days", "1")
    assert tokens.find(clear) is not None

    rewind(expires_at=timedelta(0))

    assert tokens.find(clear) is None


def test_revoked_token_is_not_found_from_then_on() -> None:
    clear = create()

    apitoken("revoke", "crm")

    assert tokens.find(clear) is None
    with pytest.raises(CommandError, match="no live token named crm"):
        apitoken("revoke", "crm")


def test_name_is_unique_among_live_tokens() -> None:
    create()

    with pytest.raises(CommandError, match="live token named crm already"):
        create(" crm ")

    apitoken("revoke", "crm")
    assert create()


def test_name_of_an_expired_token_is_free_again() -> None:
    old = create("crm", "--days", "1")
    rewind(expires_at=timedelta(hours=1))

    create()

    assert tokens.find(old) is None
    assert ApiToken.objects.filter(name="crm", revoked_at=None).count() == 1


def test_token_may_be_limited_to_channels() -> None:
    Channel.objects.create(key="a", provider="cams", type="whatsapp")
    Channel.objects.create(key="b", provider="cams", type="whatsapp")

    create("crm", "--channels", "b, a")

    keys = ApiToken.objects.get().channels.values_list("key", flat=True)
    assert list(keys) == ["a", "b"]


def test_days_count_from_now() -> None:
    create("crm", "--days", "30")

    end = ApiToken.objects.get().expires_at
    assert end is not None
    assert abs(end - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "written",
    [
        "2099-01-31T08:00:00Z",
        "2099-01-31T16:00:00+08:00",
        "2099-01-31T08:00",
        "20990131T080000Z",
    ],
)
def test_expires_at_takes_iso_times_and_means_utc(written: str) -> None:
    create("crm", "--expires-at", written)

    assert ApiToken.objects.get().expires_at == datetime(2099, 1, 31, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--scopes", "receipts:read,all"], "There is no scope all; there are: rec"),
        (["--scopes", ","], "A token needs a scope"),
        (["--scopes", "raw:read", "--channels", "x,y"], "There is no channel x, y."),
        (["--scopes", "raw:read", "--days", "0"], "--days is 1 to"),
        (["--scopes", "raw:read", "--days", "x"], "invalid int value"),
        (["--scopes", "raw:read", "--expires-at", "soon"], "soon is no time such as"),
        (["--scopes", "raw:read", "--expires-at", "2020-01-01"], "has passed already"),
        (["--scopes", "raw:read", "--expires-at", "2099-13-01"], "is no time such as"),
        (["--scopes", "raw:read", "--days", "1", "--expires-at", "x"], "not allowed"),
        ([], "the following arguments are required: --scopes"),
    ],
)
def test_wish_that_cannot_be_granted_makes_no_token(
    options: list[str], told: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(told)):
        apitoken("create", "crm", *options)

    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb"])
def test_name_must_be_one_to_read(name: str) -> None:
    with pytest.raises(CommandError, match="1 to 100 printable characters"):
        create(name)

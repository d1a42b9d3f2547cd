"""Sign-ins: how often one may fail, and what a session is worth."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from portal.logins.models import LoginFailure

LOGIN = "/admin/login/"
WORD = "a-long-enough-password"

SignIn = Callable[..., "HttpResponse"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    """Somebody who may sign in."""
    return User.objects.create_superuser("owner", password=WORD)


@pytest.fixture
def sign_in(owner: User, client: Client) -> SignIn:
    """Try to sign in."""

    def do(
        name: str = "owner", word: str = WORD, address: str = "203.0.113.7"
    ) -> HttpResponse:
        given = {"username": name, "password": word}
        return client.post(LOGIN, given, REMOTE_ADDR=address)  # type: ignore[return-value]  # of the test client

    return do


def test_right_password_signs_in(sign_in: SignIn) -> None:
    assert sign_in().status_code == 302


def test_fifth_failure_of_a_name_closes_its_address(sign_in: SignIn) -> None:
    for _ in range(5):
        last = sign_in(word="wrong")

    assert "Try again in 15 minutes" in last.content.decode()
    assert sign_in().status_code == 200


def test_another_address_may_still_try_that_name(sign_in: SignIn) -> None:
    for _ in range(5):
        sign_in(word="wrong")

    assert sign_in(address="203.0.113.8").status_code == 302


def test_address_that_tries_many_names_is_closed(sign_in: SignIn) -> None:
    for number in range(20):
        sign_in(name=f"guess{number}", word="wrong")

    assert sign_in().status_code == 200


def test_name_tried_from_many_addresses_is_closed(sign_in: SignIn) -> None:
    for number in range(100):
        sign_in(word="wrong", address=f"198.51.100.{number}")

    assert sign_in().status_code == 200


def test_wait_is_over_after_fifteen_minutes_however_often_one_tried(
    sign_in: SignIn,
) -> None:
    for _ in range(9):
        sign_in(word="wrong")
    assert LoginFailure.objects.count() == 5
    LoginFailure.objects.update(at=timezone.now() - timedelta(minutes=15))

    assert sign_in().status_code == 302


def test_success_forgets_the_failures_before_it(sign_in: SignIn) -> None:
    for _ in range(4):
        sign_in(word="wrong")
    sign_in()

    assert not LoginFailure.objects.exists()


def test_name_in_other_letters_is_the_same_name(sign_in: SignIn) -> None:
    for name in ("owner", "Owner", "OWNER", "oWner", "owneR"):
        sign_in(name=name, word="wrong")

    assert sign_in().status_code == 200


def test_what_was_typed_as_a_name_is_kept_nowhere(sign_in: SignIn) -> None:
    sign_in(name="my-secret-password", word="owner")

    (row,) = LoginFailure.objects.values_list("name", flat=True)
    assert b"my-secret" not in bytes(row)


def test_address_that_is_none_is_no_error(sign_in: SignIn) -> None:
    assert sign_in(word="wrong", address="unix:nobody").status_code == 200


def test_signing_in_changes_the_session_key(sign_in: SignIn, client: Client) -> None:
    client.get(LOGIN)
    client.session["before"] = 1
    client.session.save()
    before = client.session.session_key
    sign_in()

    assert client.session.session_key != before


def test_session_ends_after_eight_hours(sign_in: SignIn, client: Client) -> None:
    sign_in()

    assert 0 < client.session.get_expiry_age() <= 8 * 3600


def test_new_password_ends_every_session(
    sign_in: SignIn, client: Client, owner: User
) -> None:
    sign_in()
    owner.set_password("another-long-password")
    owner.save()

    assert client.get("/admin/").status_code == 302

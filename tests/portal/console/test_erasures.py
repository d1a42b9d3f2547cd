"""Erasing from the console: by one, or by two."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

from receipts.erasure.running import run_all
from receipts.models import AccessRecord, Erasure, Message
from tests.portal.console.conftest import PHONE

pytestmark = pytest.mark.usefixtures("story")


@pytest.fixture
def colleague(db: None) -> Client:
    """A second person who may erase."""
    user = User.objects.create_user("colleague", is_staff=True)
    may = ("add_erasure", "view_erasure")
    user.user_permissions.set(Permission.objects.filter(codename__in=may))
    client = Client()
    client.force_login(user)
    return client


def test_one_person_erases_and_reads_the_certificate(owner: Client) -> None:
    page = owner.post("/admin/erasures/ask/", {"who": f"+{PHONE}", "reason": "t 7"})
    run_all(for_seconds=30)

    html = owner.get(page["Location"]).content.decode()
    told = owner.get(f"{page['Location']}certificate.json").json()
    assert told["state"] == "done"
    assert told["removed"]["messages"] >= 1
    assert "callback items" in html
    assert PHONE not in html
    assert not Message.objects.exists()


def test_two_must_agree_where_that_is_set(
    owner: Client, colleague: Client, settings: Settings
) -> None:
    settings.ERASURE_NEEDS_TWO = True
    page = owner.post("/admin/erasures/ask/", {"who": PHONE})["Location"]

    owner.post(f"{page}act/", {"confirm": "1"})
    is_waiting = Erasure.objects.get().state == "asked"
    colleague.post(f"{page}act/", {"confirm": "1"})

    assert is_waiting
    erasure = Erasure.objects.get()
    assert (erasure.state, erasure.confirmed_by) == ("running", "colleague")
    acts = AccessRecord.objects.filter(act="erase").order_by("pk")
    assert [record.reason for record in acts] == ["asked", "confirmed"]


def test_what_was_asked_for_can_be_taken_back(
    owner: Client, settings: Settings
) -> None:
    settings.ERASURE_NEEDS_TWO = True
    page = owner.post("/admin/erasures/ask/", {"who": PHONE})["Location"]

    owner.post(f"{page}act/", {"cancel": "1"})

    assert (Erasure.objects.get().state, Erasure.objects.get().values) == (
        "cancelled",
        [],
    )


def test_erasing_is_refused_without_permission(
    viewer: Client, newcomer: Client
) -> None:
    assert viewer.post("/admin/erasures/ask/", {"who": PHONE}).status_code == 403
    assert newcomer.get("/admin/erasures/").status_code == 403
    assert not Erasure.objects.exists()


def test_list_names_nobody_and_says_what_is_wrong(owner: Client) -> None:
    answer = owner.post("/admin/erasures/ask/", {"who": "123"}, follow=True)

    assert "Not erased" in answer.content.decode()
    assert PHONE not in answer.content.decode()

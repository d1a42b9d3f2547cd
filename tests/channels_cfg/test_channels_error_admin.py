"""The error dictionary in the admin."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from channels_cfg.models import ErrorCode
from channels_cfg.services import error_codes
from tests.channels_cfg.admin_pages import save

pytestmark = pytest.mark.django_db
LIST = "/admin/channels_cfg/errorcode/"


def one() -> ErrorCode:
    return ErrorCode.objects.get(provider="meta", code="131026")


def page() -> str:
    return reverse("admin:channels_cfg_errorcode_change", args=[one().pk])


@pytest.mark.parametrize(
    "query",
    ["", "?provider=meta&q=131026", "?owner__exact=recipient", "?category=template"],
)
def test_list_can_be_searched_and_filtered(owner: Client, query: str) -> None:
    answer = owner.get(LIST + query)

    assert answer.status_code == 200
    assert "/change/" in answer.content.decode()


def test_row_saved_in_the_admin_is_the_operators_for_good(owner: Client) -> None:
    save(owner, page(), {"title": "our words"})

    error_codes.load()

    assert (one().title, one().is_edited) == ("our words", True)


def test_row_goes_back_to_the_words_of_the_release(owner: Client) -> None:
    before = one().title
    save(owner, page(), {"title": "our words"})
    sent = {"action": "give_back", "_selected_action": one().pk}

    owner.post(LIST, sent)

    assert (one().title, one().is_edited) == (before, False)


def test_code_that_only_the_operator_knows_can_be_added(owner: Client) -> None:
    save(owner, f"{LIST}add/", {"provider": "cams", "code": "X1", "title": "Odd"})

    assert ErrorCode.objects.filter(code="X1", is_edited=True).exists()


def test_code_of_a_row_cannot_be_changed(owner: Client) -> None:
    save(owner, page(), {"code": "1"})

    assert one().is_edited


def test_colleague_reads_but_changes_nothing(client: Client) -> None:
    user = User.objects.create_user("colleague", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_errorcode"))
    client.force_login(user)

    assert client.get(page()).status_code == 200
    assert client.post(page(), {"title": "x"}).status_code == 403
    client.post(LIST, {"action": "give_back", "_selected_action": one().pk})
    assert not one().is_edited


def test_stranger_sees_no_code(stranger: Client) -> None:
    assert stranger.get(LIST).headers["Location"].startswith("/admin/login/")

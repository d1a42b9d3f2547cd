"""Tokens in the admin, as its three standing people see them."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from channels_cfg.models import Channel
from receipts import tokens
from receipts.models import ApiToken

pytestmark = pytest.mark.django_db
LIST = "/admin/receipts/apitoken/"
ADD = "/admin/receipts/apitoken/add/"
WISH = {"name": "crm", "scopes": ["receipts:read", "pii:read"]}


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("owner"))
    return client


@pytest.fixture
def colleague(client: Client) -> Client:
    user = User.objects.create_user("colleague", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_apitoken"))
    client.force_login(user)
    return client


def page(token: ApiToken) -> str:
    return reverse("admin:receipts_apitoken_change", args=[token.pk])


def test_new_token_is_shown_once_and_works(owner: Client) -> None:
    assert owner.get(ADD).status_code == 200

    shown = owner.post(ADD, WISH)

    found = re.search(r"rp_[a-z0-9]{8}_[\w-]{43}", shown.content.decode())
    assert found is not None
    token = tokens.find(found[0])
    assert token is not None
    assert token.scopes == ["receipts:read", "pii:read"]
    assert "no-store" in shown.headers["Cache-Control"]
    for url in (LIST, page(token)):
        again = owner.get(url).content.decode()
        assert token.prefix in again
        assert found[0] not in again


def test_new_token_may_be_limited_to_channels_and_end(owner: Client) -> None:
    channel = Channel.objects.create(key="a", provider="cams", type="whatsapp")

    owner.post(
        ADD, {**WISH, "channels": [channel.pk], "expires_at": "2099-01-31 08:00"}
    )

    token = ApiToken.objects.get()
    assert list(token.channels.all()) == [channel]
    assert token.expires_at is not None
    assert token.expires_at.isoformat() == "2099-01-31T08:00:00+00:00"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"name": ""}, "This field is required."),
        ({"scopes": []}, "This field is required."),
        ({"scopes": ["all"]}, "Select a valid choice. all is not one"),
        ({"expires_at": "2020-01-01"}, "This time has passed already."),
        ({"name": "taken"}, "There is a live token named taken already."),
    ],
)
def test_mistake_is_told_and_makes_no_token(
    owner: Client, wish: dict[str, object], told: str
) -> None:
    tokens.make("taken", ["receipts:read"])

    shown = owner.post(ADD, {**WISH, **wish}).content.decode()

    assert told in shown
    assert ApiToken.objects.count() == 1


def test_token_is_revoked_from_the_list(owner: Client) -> None:
    token, clear = tokens.make("crm", ["receipts:read"])
    sent = {"action": "revoke", "_selected_action": token.pk}

    assert "1 revoked." in owner.post(LIST, sent, follow=True).content.decode()

    assert tokens.find(clear) is None
    assert "revoked" in owner.get(LIST).content.decode()


def test_token_can_neither_be_changed_nor_deleted(owner: Client) -> None:
    token, _ = tokens.make("crm", ["receipts:read"])

    assert owner.post(page(token), WISH).status_code == 403
    delete = reverse("admin:receipts_apitoken_delete", args=[token.pk])
    assert owner.post(delete, {"post": "yes"}).status_code == 403


def test_colleague_sees_tokens_but_neither_makes_nor_revokes(colleague: Client) -> None:
    token, clear = tokens.make("crm", ["receipts:read"])

    assert colleague.get(LIST).status_code == 200
    assert colleague.get(page(token)).status_code == 200
    assert colleague.get(ADD).status_code == 403
    assert colleague.post(ADD, WISH).status_code == 403
    colleague.post(LIST, {"action": "revoke", "_selected_action": token.pk})
    assert tokens.find(clear) is not None


def test_stranger_sees_no_token(client: Client) -> None:
    client.force_login(User.objects.create_user("stranger"))

    for url in (LIST, ADD):
        assert client.get(url).headers["Location"].startswith("/admin/login/")

"""Every page: who may see it, what it costs, what it must not let through."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from receipts.models import Conversation
from tests.portal.console.conftest import PHONE, Tell, inbound, status
from tests.portal.console.places import PAGES, place

pytestmark = pytest.mark.usefixtures("story")
_TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_for_the_owner_with_a_bounded_number_of_queries(
    name: str, owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = place(name)

    with django_assert_max_num_queries(PAGES[name][1]):
        answer = owner.get(url)

    assert answer.status_code == 200
    assert "style-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", PAGES)
def test_page_leads_strangers_to_the_login(
    name: str, client: Client, stranger: Client
) -> None:
    url = place(name)

    for somebody in (client, stranger):
        answer = somebody.get(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"index", "find"}))
def test_page_is_refused_to_staff_without_its_permission(
    name: str, newcomer: Client
) -> None:
    assert newcomer.get(place(name)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_page_shows_no_number_name_or_text_to_a_viewer(
    name: str, viewer: Client
) -> None:
    html = viewer.get(place(name)).content.decode()

    assert PHONE not in html
    assert "Wulandari" not in html
    assert "parcel" not in html


@pytest.mark.parametrize("name", PAGES)
def test_page_escapes_what_people_wrote(name: str, owner: Client, tell: Tell) -> None:
    nasty = "<script>alert(1)</script>"
    fields = {"Name": nasty, "FromUserName": nasty, "MessageId": nasty}
    tell([inbound(nasty, **fields), status("Sent", TemplateName=nasty)], "mo_message")

    html = owner.get(place(name)).content.decode()

    assert "<script>alert" not in html


def test_numbers_of_queries_do_not_grow_with_rows(
    owner: Client, tell: Tell, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tell([status("Sent", MessageId=str(n), To=f"49151000{n:04}") for n in range(40)])

    for name in ("conversations", "messages", "receipts"):
        with django_assert_max_num_queries(PAGES[name][1]):
            assert owner.get(place(name)).status_code == 200


def test_merged_conversation_leads_to_the_survivor(owner: Client) -> None:
    survivor = Conversation.objects.roots().earliest("id")
    merged = Conversation.objects.create(
        channel=survivor.channel,
        channel_type="whatsapp",
        merged_into=survivor,
        first_at=survivor.first_at,
        last_at=survivor.last_at,
    )

    answer = owner.get(f"/admin/conversations/{merged.pk}/")

    assert answer["Location"] == f"/admin/conversations/{survivor.pk}/"


@pytest.mark.parametrize("path", _TEMPLATES, ids=lambda path: path.name)
def test_template_holds_no_inline_style_or_script(path: Path) -> None:
    html = path.read_text()

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert len(html.splitlines()) <= 150

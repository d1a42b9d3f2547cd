"""The pages of single things, and the search that leads to them."""

import json

import pytest
from django.db import connection
from django.test import Client

from receipts.models import Callback, Message, QuarantinedItem
from tests.portal.console.conftest import PHONE, Tell, status
from tests.portal.console.places import place

pytestmark = pytest.mark.usefixtures("story")


def test_message_page_says_the_state_in_words_and_why(owner: Client) -> None:
    html = owner.get(place("message")).content.decode()

    assert "Delivered, although a failure was told too." in html
    assert "Message undeliverable" in html
    assert html.count("<dt>Stored</dt>") == 3
    assert "The claimed time is when the message was sent" in html


def test_message_page_has_every_id_with_a_button_that_copies_it(
    owner: Client, tell: Tell
) -> None:
    ids = {"MessageId": "m-9", "TaskId": "t-9", "ConversationId": "c-9"}
    callback = tell([{**status("Sent"), **ids}])

    page = f"/admin/messages/{Message.objects.get(message_id='m-9').pk}/"
    html = owner.get(page).content.decode()

    for value in (*ids.values(), callback.pk):
        assert f'data-copy="{value}"' in html


def test_message_page_holds_raw_and_normalised_side_by_side(
    owner: Client, viewer: Client
) -> None:
    clear, masked = (who.get(place("message")).content for who in (owner, viewer))

    assert b"&quot;MsgFrameType&quot;" in clear
    assert b"&quot;frame_type&quot;" in clear
    assert b"&quot;MsgFrameType&quot;" not in masked
    assert b"Hidden: it may hold" in masked


def test_callback_page_shows_json_indented_and_other_bytes_escaped(
    owner: Client,
) -> None:
    odd = Callback.objects.filter(state="failed").get()

    html = owner.get(f"/admin/callbacks/{odd.pk}/").content.decode()

    assert r"\x8b not text" in html
    assert "not JSON" in html
    assert "&quot;MessageId&quot;: " in owner.get(place("callback")).content.decode()


def test_download_gives_the_bytes_as_they_came_to_those_who_may_see_people(
    owner: Client, viewer: Client
) -> None:
    odd = Callback.objects.filter(state="failed").get()
    url = f"/admin/callbacks/{odd.pk}/body/"

    answer = owner.get(url)

    assert answer.content == b"\x1f\x8b not text"
    assert answer["Content-Disposition"].startswith("attachment")
    assert viewer.get(url).status_code == 403


def test_callback_that_is_not_there_is_404(owner: Client) -> None:
    for pk in ("01932e6a-0000-7000-8000-000000000000", f"{'f' * 8}-" + "f" * 27):
        assert owner.get(f"/admin/callbacks/{pk}/").status_code == 404


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("61851234567890000001", "/admin/messages/"),
        (f"+{PHONE}", "/admin/conversations/"),
        ("744c4b5c", "/admin/templates/"),
    ],
)
def test_search_leads_to_the_only_thing_that_is_meant(
    owner: Client, text: str, page: str
) -> None:
    answer = owner.get("/admin/find/", {"q": text})

    assert answer["Location"].startswith(page)


def test_search_finds_a_callback_by_its_id(owner: Client) -> None:
    pk = Callback.objects.earliest("received_at").pk

    answer = owner.get("/admin/find/", {"q": str(pk)})

    assert answer["Location"] == f"/admin/callbacks/{pk}/"


@pytest.mark.parametrize("text", ["nobody", "9" * 400, "x" * 5000, "\0", "+", "'"])
def test_search_that_finds_nothing_says_what_to_paste(owner: Client, text: str) -> None:
    answer = owner.get("/admin/find/", {"q": text})

    assert answer.status_code == 200
    assert b"phone number" in answer.content


def test_search_lists_all_when_several_things_are_meant(
    owner: Client, tell: Tell
) -> None:
    tell([status("Sent", MessageId="second")])

    html = owner.get("/admin/find/", {"q": "campaign-7"}).content.decode()

    assert Message.objects.filter(task_id="campaign-7").count() == 2
    assert html.count("/admin/messages/") >= 2


def test_ignored_item_is_closed_with_its_note(owner: Client, viewer: Client) -> None:
    item = QuarantinedItem.objects.earliest("id")
    url = f"/admin/problems/items/{item.pk}/ignore/"

    assert viewer.post(url, {"note": "no"}).status_code == 403
    owner.post(url, {"note": "a test of theirs"})

    item.refresh_from_db()
    assert (item.state, item.note) == ("ignored", "a test of theirs")
    assert json.loads(bytes(item.item))["Status"] == "Sent"


def test_replay_says_what_came_of_it(owner: Client, viewer: Client) -> None:
    item = QuarantinedItem.objects.earliest("id")
    url = f"/admin/problems/items/{item.pk}/replay/"

    assert viewer.post(url).status_code == 403
    answer = owner.post(url, follow=True)

    assert b"Read again: 0 receipts, 0 repeats, 1 still unreadable." in answer.content


def test_item_whose_callback_is_gone_is_not_replayed(owner: Client) -> None:
    item = QuarantinedItem.objects.earliest("id")
    Callback.objects.filter(pk=item.callback_id).delete()

    url = f"/admin/problems/items/{item.pk}/replay/"
    answer = owner.post(url, follow=True)

    assert b"raw callback is no longer kept" in answer.content.lower()


def test_page_that_takes_too_long_says_so(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(10)")

    monkeypatch.setattr("portal.console.views.problems.open_problems", sleep)

    answer = owner.get("/admin/problems/")

    assert answer.status_code == 503
    assert b"This takes too long" in answer.content


def test_problems_group_open_items_by_cause(owner: Client, tell: Tell) -> None:
    tell([{"Status": "Sent", "To": "1"}, {"Status": "Read", "To": "2"}])

    problems = owner.get("/admin/problems/").context["problems"]

    assert [problem.count for problem in problems.groups] == [3, 1]

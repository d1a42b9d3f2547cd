"""Lists: pages by keyset, filters in the URL, a search that is bounded."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from portal.console.models import SavedView
from receipts.models import AccessRecord
from tests.portal.console.conftest import PHONE, Tell, inbound, status


def links(html: str, word: str) -> list[str]:
    """Return where links with this relation lead."""
    found = re.findall(rf'href="([^"]*)" rel="{word}"', html)
    return [url.replace("&amp;", "&") for url in found]


def ids(html: str) -> list[int]:
    """Return the receipts that a page lists."""
    return [int(pk) for pk in re.findall(r'href="/admin/receipts/(\d+)/"', html)]


def test_pages_of_a_list_follow_one_another_both_ways(
    owner: Client, tell: Tell
) -> None:
    tell([status("Sent", MessageId=f"m{n}") for n in range(120)])
    seen: list[list[int]] = []
    url = "?kind=status"

    for _ in range(3):
        html = owner.get(f"/admin/receipts/{url}").content.decode()
        seen.append(ids(html))
        url = next(iter(links(html, "next")), "")

    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({pk for page in seen for pk in page}) == 120
    back = links(html, "prev")[0]
    assert ids(owner.get(f"/admin/receipts/{back}").content.decode()) == seen[1]


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("place", ["x", "2026-01-01,5", "2026-01-01T00:00:00Z,x", ","])
def test_place_that_nobody_was_given_is_the_first_page(
    owner: Client, place: str
) -> None:
    html = owner.get("/admin/receipts/", {"before": place}).content.decode()

    assert len(ids(html)) > 1


@pytest.mark.usefixtures("story")
def test_list_states_the_window_that_it_searched(owner: Client) -> None:
    filters = {"kind": "status", "mode": "push", "range": "all"}

    html = owner.get("/admin/receipts/", filters).content.decode()

    assert "filters look at 31 days at a time" in html
    assert "/api/v1/receipts/?kind=status&amp;mode=push" in html


@pytest.mark.usefixtures("story")
def test_bad_filter_is_named_and_lists_nothing(owner: Client) -> None:
    html = owner.get("/admin/receipts/", {"received_after": "soon"}).content.decode()

    assert "Give a time as ISO 8601" in html
    assert not ids(html)


@pytest.mark.usefixtures("story")
def test_filter_that_keeps_nothing_offers_to_drop_it(owner: Client) -> None:
    html = owner.get("/admin/receipts/", {"error_code": "999"}).content.decode()

    assert "Nothing matches" in html
    assert "Drop all filters" in html


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    "text", [PHONE, f"+{PHONE}", "ID.13491208655302741918", "61851234567890000001"]
)
def test_conversation_is_found_by_any_of_its_ids(owner: Client, text: str) -> None:
    html = owner.get("/admin/conversations/", {"q": text}).content.decode()

    assert html.count("<tr>") == 2
    assert f"+{PHONE}" in html


def test_conversation_shows_its_latest_message(owner: Client, tell: Tell) -> None:
    tell([status("Sent")], ago=timedelta(minutes=5))
    tell([inbound("Where is it?")], "mo_message")

    html = owner.get("/admin/conversations/").content.decode()

    assert "Where is it?" in html


@pytest.mark.usefixtures("story")
def test_viewer_may_not_search_texts(viewer: Client, owner: Client) -> None:
    assert 'name="text"' in owner.get("/admin/messages/").content.decode()
    assert 'name="text"' not in viewer.get("/admin/messages/").content.decode()


@pytest.mark.usefixtures("story")
def test_export_of_a_list_has_its_filters_and_is_on_record(owner: Client) -> None:
    answer = owner.get("/admin/export/receipts/", {"kind": "inbound"})

    lines = answer.getvalue().decode().splitlines()
    assert lines[0].startswith("id,channel,")
    assert len(lines) == 2
    assert PHONE in lines[1]
    kept = AccessRecord.objects.get(act="export")
    assert kept.subject == "receipts?kind=inbound"


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    "resource", ["receipts", "messages", "conversations", "callbacks", "templates"]
)
def test_export_is_masked_for_operators_and_hidden_from_strangers(
    operator: Client, resource: str
) -> None:
    url = f"/admin/export/{resource}/?format=jsonl"

    text = operator.get(url).getvalue().decode()

    assert text.count("\n") > 0
    assert PHONE not in text
    assert Client().get(url).status_code == 302
    assert "/admin/export/" in operator.get(f"/admin/{resource}/").content.decode()


def test_export_of_the_quarantine_has_its_filters_and_no_item(
    owner: Client, tell: Tell
) -> None:
    tell([status("Sent", MessageId="")])
    url = "/admin/export/quarantine/"

    found = owner.get(url, {"cause": "no MessageId"}).getvalue().decode().splitlines()
    other = owner.get(url, {"cause": "x"}).getvalue().decode().splitlines()

    assert found[0] == "id,channel,callback,position,reason,state,created_at"
    assert (len(found), len(other)) == (2, 1)
    assert url in owner.get("/admin/problems/items/").content.decode()


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(("name", "words"), [("audit", "wa-main"), ("codes", "131026")])
def test_audit_log_and_codes_are_given_out_to_those_who_may(
    owner: Client, viewer: Client, name: str, words: str
) -> None:
    url = f"/admin/export/plain/{name}/"

    rows = owner.get(url).getvalue().decode()
    lines = owner.get(url, {"format": "jsonl"}).getvalue().decode()

    assert words in rows
    assert words in lines
    assert viewer.get(url).status_code == 403
    assert url in owner.get(f"/admin/{name}/").content.decode()


def test_export_needs_its_permission(newcomer: Client) -> None:
    assert newcomer.get("/admin/export/receipts/").status_code == 403


@pytest.mark.usefixtures("story")
def test_export_with_a_bad_filter_leads_back_to_the_list(owner: Client) -> None:
    answer = owner.get("/admin/export/receipts/", {"received_after": "soon"})

    assert answer["Location"].startswith("/admin/receipts/?received_after=soon")


def test_list_tells_of_new_rows_without_moving_any(owner: Client, tell: Tell) -> None:
    tell([status("Sent", MessageId="m1")], ago=timedelta(minutes=3))
    first = owner.get("/admin/receipts/?kind=status").context["page"].first
    tell([status("Sent", MessageId=f"n{n}") for n in range(3)])

    asked = {"kind": "status", "news": first}
    bar = owner.get("/admin/receipts/", asked).content.decode()
    paused = owner.get("/admin/receipts/", {**asked, "paused": "1"}).content.decode()

    assert "3 new" in bar
    assert "<table" not in bar
    assert "every 5s" not in paused


@pytest.mark.usefixtures("story")
def test_saved_view_is_its_owners_alone(owner: Client, operator: Client) -> None:
    form = {"page": "receipts", "name": "Failures", "query": "status=failed&before=x,1"}
    answer = owner.post("/admin/views/", form)

    assert answer["Location"] == "/admin/receipts/?status=failed"
    assert "Failures" in owner.get("/admin/receipts/").content.decode()
    assert "Failures" not in operator.get("/admin/receipts/").content.decode()
    drop = f"/admin/views/{SavedView.objects.get().pk}/drop/"
    assert operator.post(drop).status_code == 404
    owner.post(drop)
    assert not SavedView.objects.exists()

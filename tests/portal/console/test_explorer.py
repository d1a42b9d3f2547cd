"""The explorer: a stated span, counts by facet, columns, a row beside the list."""

from datetime import timedelta

import pytest
from django.test import Client

from portal.console import facets
from receipts.models import Receipt
from tests.portal.console.conftest import PHONE, Tell, inbound, status
from tests.portal.console.places import place
from tests.portal.console.test_lists import ids

WEEK = timedelta(days=7)


def offered(
    client: Client, path: str, **asked: str
) -> dict[str, dict[str, int | None]]:
    """Return the values of each facet with their counts."""
    context = client.get(path, {"facets": "1", **asked}).context
    return {
        facet.label: {value.word: value.count for value in values}
        for facet, values in context["facets"]
    }


def test_list_looks_at_the_last_day_says_so_and_offers_more(
    owner: Client, tell: Tell
) -> None:
    tell([status("Sent", MessageId="old")], ago=timedelta(days=3))

    html = owner.get("/admin/receipts/").content.decode()

    assert not ids(html)
    assert "Nothing in the last 24 hours" in html
    assert "3 d ago" in html
    assert len(ids(owner.get("/admin/receipts/?range=7d").content.decode())) == 1


@pytest.mark.parametrize("text", [PHONE, "61851234567890000001", "campaign-7"])
def test_pasted_id_is_found_in_all_time(owner: Client, tell: Tell, text: str) -> None:
    tell([status("Sent")], ago=WEEK * 2)
    tell([status("Sent", MessageId="other", To="49151", TaskId="x")])

    for name in ("receipts", "messages"):
        context = owner.get(f"/admin/{name}/", {"q": text}).context
        assert len(context["rows"]) == 1


@pytest.mark.usefixtures("story")
def test_facets_count_what_the_search_holds(owner: Client) -> None:
    counted = offered(owner, "/admin/receipts/")

    assert counted["Channel"] == {"wa-main": 5}
    assert counted["Status"] == {"sent": 1, "delivered": 1, "failed": 1}
    assert counted["Who must act"] == {"recipient": 1}
    assert counted["Marks"]["contradiction"] == 1
    assert offered(owner, "/admin/receipts/", status="failed")["Kind"] == {"status": 1}


@pytest.mark.usefixtures("story")
def test_facets_of_a_value_that_nothing_has_are_empty(owner: Client) -> None:
    assert offered(owner, "/admin/receipts/", channel="none") == {}
    assert offered(owner, "/admin/messages/", q="nobody") == {}


@pytest.mark.usefixtures("story")
def test_counts_are_capped_and_say_so(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MOST", 2)

    answer = owner.get("/admin/receipts/?facets=1")

    assert answer.context["counts"].total == 3
    assert b"10,000+" in answer.content
    assert b"<html" not in answer.content


def test_facet_leads_to_the_search_with_that_value(owner: Client, tell: Tell) -> None:
    tell([status("Failed"), status("Sent", MessageId="m2")])
    context = owner.get("/admin/receipts/?range=7d&facets=1").context
    values = next(v for facet, v in context["facets"] if facet.parameter == "status")

    html = owner.get(f"/admin/receipts/{values[0].url}").content.decode()

    assert values[0].url == "?range=7d&status=failed"
    assert len(ids(html)) == 1


@pytest.mark.usefixtures("story")
def test_columns_are_chosen_in_the_url_and_go_with_a_view(owner: Client) -> None:
    html = owner.get("/admin/receipts/?cols=delay&cols=sender").content.decode()

    assert '<th scope="col">Sender</th>' in html
    assert '<th scope="col">Kind</th>' not in html
    assert 'name="query" value="cols=delay&amp;cols=sender"' in html


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("columns", ["", "none", "1'"])
def test_columns_that_there_are_not_are_the_usual_ones(
    owner: Client, columns: str
) -> None:
    html = owner.get("/admin/receipts/", {"cols": columns}).content.decode()

    assert '<th scope="col">Kind</th>' in html


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("name", ["receipt_side", "message_side"])
def test_row_is_looked_at_beside_the_list_masked_for_viewers(
    owner: Client, viewer: Client, name: str
) -> None:
    clear, masked = (who.get(place(name)).content.decode() for who in (owner, viewer))

    assert "<html" not in clear
    assert f"+{PHONE}" in clear
    assert PHONE not in masked


def test_api_request_has_the_bounds_of_the_list(owner: Client, tell: Tell) -> None:
    tell([inbound("Hello")], "mo_message")

    request = owner.get("/admin/receipts/?kind=inbound").context["api_request"]

    assert "/api/v1/receipts/?kind=inbound&received_after=20" in request
    assert Receipt.objects.count() == 1

"""Moving in a timeline: to a day, to the ends, to one message, along failures."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from receipts.models import Message
from tests.portal.console.conftest import Tell, inbound, status
from tests.portal.console.places import PAGES, place
from tests.portal.console.test_timeline import older, shown

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def newer(html: str) -> str:
    """Return the query of the newer part, empty if there is none."""
    found = re.search(r'<a class="button" href="(\?after=[^"]*)"', html)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.fixture
def months(tell: Tell) -> list[int]:
    """A message a day for 100 days, each tenth failed; returns them oldest first."""
    items = []
    for number in range(100):
        at = START + timedelta(days=number)
        word = "Failed" if number % 10 == 0 else "Sent"
        items.append(status(word, at, MessageId=f"m{number}"))
    tell(items)
    return list(Message.objects.order_by("first_at").values_list("pk", flat=True))


def test_jump_to_a_day_shows_what_came_from_then_on(
    owner: Client, months: list[int]
) -> None:
    html = owner.get(place("conversation"), {"at": "2026-03-31"}).content.decode()

    assert shown(html) == months[30:70]
    assert older(html)
    assert 'value="2026-03-31"' in html


def test_oldest_is_reached_at_once_and_leads_on_to_the_newest(
    owner: Client, months: list[int]
) -> None:
    url, query, seen = place("conversation"), "?at=first", []

    while query:
        html = owner.get(url + query).content.decode()
        seen += shown(html)
        query = newer(html)

    assert seen == months


def test_day_after_everything_shows_the_newest_and_says_so(
    owner: Client, months: list[int]
) -> None:
    html = owner.get(place("conversation"), {"at": "2027-01-01"}).content.decode()

    assert shown(html) == months[60:]
    assert "Nothing on 1 Jan 2027 or later" in html


def test_failures_alone_are_shown_each_with_the_way_to_its_place(
    owner: Client, months: list[int]
) -> None:
    html = owner.get(place("conversation"), {"only": "failures"}).content.decode()
    link = re.findall(r'href="[^"]*(\?around=[^"#]*)#m-\d+"', html)[3]
    around = owner.get(place("conversation") + link).content.decode()

    assert shown(html) == months[::10]
    assert shown(around) == months[18:58]
    assert older(around)


@pytest.mark.parametrize("at", ["", "x", "2026-99-99", "2026-02-30", "first'"])
def test_day_that_is_none_is_the_newest(
    owner: Client, months: list[int], at: str
) -> None:
    html = owner.get(place("conversation"), {"at": at}).content.decode()

    assert shown(html) == months[60:]


def test_conversation_without_failure_says_so(owner: Client, tell: Tell) -> None:
    tell([status("Sent")])

    html = owner.get(place("conversation"), {"only": "failures"}).content.decode()

    assert "No failure was told" in html


def test_message_leads_to_its_place_in_the_conversation(
    owner: Client, months: list[int]
) -> None:
    page = owner.get(f"/admin/messages/{months[5]}/").content.decode()
    link = re.search(r'href="(/admin/conversations/\d+/\?around=[^"#]*)#m-', page)

    assert link
    assert months[5] in shown(owner.get(link[1]).content.decode())


def test_conversation_of_the_provider_divides_the_thread_where_it_changes(
    owner: Client, tell: Tell
) -> None:
    for number, theirs in enumerate(["c1", "c1", "", "c1", "c2"]):
        at = timezone.now() - timedelta(minutes=50 - number)
        fields = {"ConversationId": theirs, "ConversationType": "service"}
        tell([status("Sent", at, MessageId=f"m{number}", **fields)])

    html = owner.get(place("conversation")).content.decode()

    assert re.findall(r"Their conversation.*?<code>(\w+)</code>", html) == ["c1", "c2"]


def test_live_part_divides_only_where_another_conversation_begins(
    owner: Client, tell: Tell
) -> None:
    tell([status("Sent", MessageId="a", ConversationId="c1")], ago=timedelta(minutes=9))
    page = owner.get(place("conversation")).content.decode()
    live = re.search(r'hx-get="([^"]*/live/[^"]*)"', page)
    tell([status("Sent", MessageId="b", ConversationId="c1")])
    tell([inbound("Hi", ConversationId="c2")], "mo_message")

    assert live
    html = owner.get(live[1].replace("&amp;", "&")).content.decode()

    assert html.count("Their conversation") == html.count("<code>c2</code>")


def test_queries_of_a_long_timeline_stay_bounded(
    owner: Client,
    months: list[int],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for asked in ("", "?at=first", "?at=2026-04-01", "?only=failures"):
        with django_assert_max_num_queries(PAGES["conversation"][1]):
            assert owner.get(place("conversation") + asked).status_code == 200

"""The timeline of a conversation."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from channels_cfg.models import Channel
from receipts.models import Conversation, Message
from tests.portal.console.conftest import PHONE, Tell, inbound, status
from tests.portal.console.places import place


def shown(html: str) -> list[int]:
    """Return the messages of a thread in the order they stand."""
    return [int(pk) for pk in re.findall(r'<li class="is-m[to]" id="m-(\d+)"', html)]


def older(html: str) -> str:
    """Return the query of the older part, empty if there is none."""
    found = re.search(r'<a class="button" href="([^"]*)" hx-get', html)
    return found[1].replace("&amp;", "&") if found else ""


def test_thread_loads_from_the_newest_and_goes_back_by_keyset(
    owner: Client, tell: Tell
) -> None:
    items = [status("Sent", MessageId=f"m{n}") for n in range(90)]
    for n, item in enumerate(items):
        item["Timestamp"] = 1_760_000_000_000 + n * 60_000
    tell(items)
    parts: list[list[int]] = []
    query, url = "", place("conversation")

    for _ in range(3):
        html = owner.get(url + query, headers={"HX-Request": "true"}).content.decode()
        parts.insert(0, shown(html))
        query = older(html)

    assert [len(part) for part in parts] == [10, 40, 40]
    in_time = Message.objects.order_by("first_at").values_list("pk", flat=True)
    assert [pk for part in parts for pk in part] == list(in_time)
    assert not query
    assert "<html" not in html


@pytest.mark.usefixtures("story")
def test_thread_shows_steps_the_failure_and_who_must_act(owner: Client) -> None:
    html = owner.get(place("conversation")).content.decode()

    assert "contradiction" in html
    assert "131026" in html
    assert "Incapable" in html
    assert "the recipient" in html
    assert "Window open" in html


def test_step_that_was_told_late_or_never_is_drawn_so(
    owner: Client, tell: Tell
) -> None:
    tell([status("Read", MessageId="a")], ago=timedelta(minutes=2))
    tell([status("Sent", MessageId="a")])

    html = owner.get(place("conversation")).content.decode()

    assert "told late" in html
    assert "implied by a later step" in html


def test_answer_quotes_what_it_answers(owner: Client, tell: Tell) -> None:
    tell([status("Sent", MessageId="asked")], ago=timedelta(minutes=2))
    context = {"from": "1", "id": "asked"}
    tell([inbound("Yes", Context=context, MessageId="answer")], "mo_message")

    html = owner.get(place("conversation")).content.decode()

    assert "In reply to: Template order_update" in html


def test_content_we_cannot_show_stands_as_a_placeholder(
    owner: Client, tell: Tell
) -> None:
    tell([inbound("{}", Type="ORDER", MessageId="o")], "mo_message")

    html = owner.get(place("conversation")).content.decode()

    assert "that we cannot show" in html
    assert "See the raw item" in html


def test_subscription_is_an_event_between_messages(
    owner: Client, tell: Tell, channel: Channel
) -> None:
    channel.type = "viber"
    channel.save()
    tell([{"From": "s", "To": PHONE, "Status": "unsubscribe", "MessageId": "u"}])

    html = owner.get(place("conversation")).content.decode()

    assert "The person sent “unsubscribe”" in html


@pytest.mark.usefixtures("story")
def test_identity_card_names_every_identity(owner: Client) -> None:
    html = owner.get(place("conversation")).content.decode()

    assert Conversation.objects.roots().count() == 1
    for value in (f"+{PHONE}", "ID.13491208655302741918", "Sari Wulandari"):
        assert f"<code>{value}</code>" in html

"""Messages as the API shows and finds them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_cfg import registry
from channels_cfg.models import Channel
from receipts import shapes
from receipts.presenting.messages import ceiling
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def shown(api: Api, channel: Channel, **values: object) -> Any:
    """Make a message and return it as the API shows it."""
    made = factories.make_message(channel, **{"last_at": AT, **values})
    return api.get(f"messages/{made.pk}/")


def test_message_has_every_field_of_its_shape(api: Api, channel: Channel) -> None:
    message = shown(api, channel)

    assert set(message) == set(shapes.Message.__struct_fields__)


def test_message_shows_both_clocks_and_implied_steps(
    api: Api, channel: Channel
) -> None:
    message = shown(
        api,
        channel,
        status="read",
        read_at=AT,
        read_received_at=AT + timedelta(seconds=1),
        sent_received_at=AT,
    )

    assert message["implied"] == ["delivered"]
    assert message["steps"]["read_at"] == "2026-01-02T03:04:05Z"
    assert message["steps_received"]["read_at"] == "2026-01-02T03:04:06Z"
    assert message["steps"]["sent_at"] is None


def test_failure_of_a_delivered_message_is_a_contradiction(
    api: Api, channel: Channel
) -> None:
    message = shown(
        api, channel, status="delivered", failure_key="k", error_code="131026"
    )

    assert message["contradiction"] is True
    assert message["error"]["code"] == "131026"
    assert message["flags"] == ["contradiction"]


def test_content_is_null_and_masked_for_those_who_may_not_read_it(
    api: Api, as_token: Callable[..., Api], channel: Channel
) -> None:
    media = {"url": "https://x/y.jpg", "mime_type": "image/jpeg"}
    content = {"type": "image", "text": "Hi", "media": media, "details": {"a": 1}}
    made = factories.make_message(
        channel, direction="mo", status="received", content=json.dumps(content)
    )

    clear = api.get(f"messages/{made.pk}/")["content"]
    masked = as_token("receipts:read").get(f"messages/{made.pk}/")["content"]

    assert (clear["text"], clear["masked"], clear["details"]) == ("Hi", False, {"a": 1})
    assert clear["media"]["url"] == "https://x/y.jpg"
    assert clear["media"]["expires_at"] is not None
    assert (masked["text"], masked["masked"], masked["details"]) == (None, True, None)
    assert masked["media"]["url"] is None


def test_masked_message_hides_its_persons_number_in_its_task(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    person = factories.make_conversation(channel, ("phone", "4712345"))
    made = factories.make_message(
        channel, conversation_id=person.pk, task_id="x4712345y"
    )

    assert as_token("receipts:read").get(f"messages/{made.pk}/")["task_id"] == "x…y"


def test_type_of_a_message_is_what_its_receipts_tell(
    api: Api, channel: Channel
) -> None:
    factories.make_receipt(
        channel, message_id="m", message_type="template", received_at=AT
    )

    message = shown(api, channel, message_id="m")

    assert message["message_type"] == "template"


def test_message_of_several_recipients_says_so(api: Api, channel: Channel) -> None:
    first = shown(api, channel, message_id="m", recipients=2)
    second = shown(api, channel, message_id="m", slot="8613800138001")

    assert first["flags"] == second["flags"] == ["several_recipients"]
    receipt = factories.make_receipt(channel, message_id="m")
    flags = api.get(f"receipts/{receipt.pk}/")["flags"]
    assert flags == ["several_recipients"]
    assert api.ids("receipts/", flag="several_recipients") == [str(receipt.pk)]


def test_messages_are_found_by_the_batch_that_only_receipts_name(
    api: Api, channel: Channel
) -> None:
    first = factories.make_message(channel, message_id="m", recipients=2, number="1")
    second = factories.make_message(channel, message_id="m", slot="2", number="2")
    alone = factories.make_message(channel, message_id="n")
    for message_id, number, batch in (
        ("m", None, "a"),
        ("m", "2", "b"),
        ("n", "9", "c"),
    ):
        factories.make_receipt(
            channel, message_id=message_id, recipient_number=number, batch_id=batch
        )

    found = [api.ids("messages/", batch_id=batch) for batch in "abc"]

    assert found == [[str(first.pk)], [str(second.pk)], [str(alone.pk)]]


def test_text_is_searched_in_one_channel_by_those_who_may_read(
    api: Api, as_token: Callable[..., Api], channel: Channel
) -> None:
    made = factories.make_message(channel, direction="mo", text="Hello World")

    assert api.ids("messages/", channel="wa-main", text="O w") == [str(made.pk)]
    as_token("receipts:read").refused(403, "messages/", channel="wa-main", text="ab")


@pytest.mark.parametrize(
    ("slug", "channel_type", "end"),
    [
        ("8x8", "line", "sent"),
        ("8x8", "whatsapp", "read"),
        ("cams", "whatsapp", "read"),
    ],
)
def test_ceiling_is_the_highest_status_a_channel_type_can_tell(
    slug: str, channel_type: str, end: str
) -> None:
    assert ceiling(registry.adapter(slug).limits, channel_type) == end


def test_read_window_closes_so_long_after_delivery(api: Api) -> None:
    asia = factories.make_channel("asia", provider="8x8", type="multi")
    window = registry.adapter("8x8").limits.read_window
    assert window is not None

    message = shown(
        api, asia, sent_at=AT, delivered_received_at=AT + timedelta(hours=1)
    )

    closes = datetime.fromisoformat(message["read_window_closes_at"])
    assert closes == AT + timedelta(hours=1) + window

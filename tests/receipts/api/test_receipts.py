"""Receipts as the API shows and finds them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from channels_cfg.models import Channel, ErrorCode
from receipts import shapes
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api

CLAIMED = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


def test_receipt_has_every_field_of_its_shape(api: Api, channel: Channel) -> None:
    factories.make_receipt(channel)

    (shown,) = api.get("receipts/")["results"]

    assert set(shown) == set(shapes.Receipt.__struct_fields__) - {"payload"}


def test_receipt_tells_what_the_provider_told(api: Api, channel: Channel) -> None:
    ErrorCode.objects.create(
        provider="cams", code="77", category="unreachable", owner="recipient"
    )
    made = factories.make_receipt(
        channel,
        status="failed",
        error_code="77",
        error_description="77:Undeliverable",
        business_address="8613100000000",
        claimed_at=CLAIMED,
        claimed_meaning="sent",
        template_code="hello",
        flags=1 | 64,
    )

    shown = api.get(f"receipts/{made.pk}/")

    assert shown["id"] == str(made.pk)
    assert shown["error"] == {
        "code": "77",
        "upstream_code": None,
        "description": "77:Undeliverable",
        "category": "unreachable",
        "owner": "recipient",
        "advice": None,
        "transient": None,
    }
    assert shown["business_address"] == "+8613100000000"
    assert shown["user"]["phone"] == "+8613800138678"
    assert shown["template"] == {"code": "hello", "name": None, "language": None}
    assert shown["occurred_at"] == shown["claimed_at"] == "2026-01-02T03:04:05.678000Z"
    assert shown["flags"] == ["late", "unknown_status"]


def test_repeated_receipt_tells_how_often_and_by_which_roads(
    api: Api, channel: Channel
) -> None:
    made = factories.make_receipt(channel)
    factories.make_sighting(made, mode="queue")
    factories.make_sighting(made, mode="push")

    shown = api.get(f"receipts/{made.pk}/")

    assert (shown["times_seen"], shown["modes"]) == (3, ["push", "queue"])
    assert shown["flags"] == ["repeated"]


def test_payload_is_shown_as_it_came_to_those_who_may_see_it(
    api: Api, as_token: Callable[..., Api], channel: Channel
) -> None:
    factories.make_receipt(channel, payload='{"Status":"Read","n":1.50}')

    answer = api.ask("receipts/", include="payload")

    assert b'"payload":{"Status":"Read","n":1.50}' in answer.content
    refused = as_token("receipts:read", "raw:read").refused(
        403, "receipts/", include="payload"
    )
    assert refused["scopes"] == ["pii:read"]


def test_masked_reader_sees_no_phone_anywhere(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    phone = "8613800138678"
    factories.make_receipt(
        channel,
        task_id=f"promo-{phone}",
        client_batch_id=f"b{phone}",
        status="failed",
        status_description=f"to {phone} failed",
        error_description=f"{phone}: no",
        identities=[
            {"kind": "phone", "value": phone},
            {"kind": "user_id", "value": "CN.12345"},
            {"kind": "username", "value": "maria"},
        ],
    )

    answer = as_token("receipts:read").ask("receipts/")

    assert phone not in answer.content.decode()
    assert answer.json()["results"][0]["user"] == {
        "phone": "+8613******678",
        "user_id": "CN.1…",
        "parent_user_id": None,
        "username": None,
    }


def test_receipts_of_other_channels_are_not_there(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    other = factories.make_receipt(factories.make_channel("other"))
    own = factories.make_receipt(channel)
    api = as_token("receipts:read", channels=(channel,))

    assert api.ids("receipts/") == [str(own.pk)]
    assert api.ids("receipts/", channel="other") == []
    assert api.ids("receipts/", message_id=other.message_id) == []
    api.refused(404, f"receipts/{other.pk}/")


def test_token_of_several_channels_reads_them_in_one_order(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    others = [factories.make_channel("b"), factories.make_channel("c")]
    now = timezone.now()
    made = [
        factories.make_receipt(own, received_at=now - timedelta(minutes=number))
        for number, own in enumerate([channel, others[0], others[1], others[0]])
    ]
    api = as_token("receipts:read", channels=(channel, others[0]))

    first = api.get("receipts/", page_size=2)
    second = api.follow(first["next"])

    pages = [row["id"] for page in (first, second) for row in page["results"]]
    assert pages == [str(made[number].pk) for number in (0, 1, 3)]


def test_receipt_of_a_merged_conversation_names_the_survivor(
    api: Api, channel: Channel
) -> None:
    root = factories.make_conversation(channel)
    merged = factories.make_conversation(channel, merged_into=root)
    made = factories.make_receipt(channel, conversation_id=merged.pk)

    assert api.get(f"receipts/{made.pk}/")["conversation"] == str(root.pk)
    for known in (root, merged):
        assert api.ids("receipts/", conversation=known.pk) == [str(made.pk)]


def test_receipts_are_found_by_any_identity_of_a_person(
    api: Api, channel: Channel
) -> None:
    person = factories.make_conversation(
        channel, ("phone", "8613800138678"), ("username", "maria.s")
    )
    made = factories.make_receipt(channel, conversation_id=person.pk)
    factories.make_receipt(channel)

    for named in ("8613800138678", "+86 138 0013 8678", "maria.s", "@maria.s"):
        assert api.ids("receipts/", user=named) == [str(made.pk)]
    assert api.ids("receipts/", user="8613800138679") == []


def test_page_costs_the_same_queries_however_long_it_is(
    api: Api,
    channel: Channel,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(60):
        person = factories.make_conversation(channel, ("phone", f"86138{number:08}"))
        made = factories.make_receipt(
            channel, conversation_id=person.pk, error_code="1", task_id="t"
        )
        factories.make_sighting(made)

    with django_assert_max_num_queries(14):  # transactions and token included
        assert len(api.ids("receipts/", page_size=200)) == 60

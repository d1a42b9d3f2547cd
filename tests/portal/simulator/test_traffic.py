"""The traffic that is made up: the same by seed, and such as providers push."""

from collections import Counter
from datetime import timedelta

import pytest

from channels_cfg import registry
from channels_cfg.json_text import load_item
from channels_cfg.wire import Kind, ReceiptEvent, ReceiptType
from portal.simulator.items import Expected
from portal.simulator.traffic import Delivery

from .making import START, pushes

EVERYWHERE = [
    ("cams", "whatsapp"),
    ("cams", "viber"),
    ("cams", "messenger"),
    ("cams", "instagram"),
    ("cams", "line"),
    ("cams", "telegram"),
    ("cams", "multi"),
    ("8x8", "multi"),
    ("8x8", "whatsapp"),
    ("8x8", "line"),
    ("8x8", "sms"),
]


def read(
    provider: str, channel_type: str, push: Delivery
) -> list[tuple[Expected, ReceiptEvent]]:
    """Return each item of a push as read by the adapter, beside what is expected."""
    adapter = registry.adapter(provider)
    items = [load_item(raw)[0] for raw in adapter.split(push.body)]
    events = [adapter.read(push.receipt_type, item, channel_type) for item in items]
    return list(zip(push.expected, events, strict=True))


def words(event: ReceiptEvent, channel_type: str) -> Expected:
    """Return an event in the terms of the simulator."""
    found = {str(each.kind): each.value for each in event.identities}
    person = found.get("user_id") or found.get("channel_user_id") or ""
    if "phone" in found:
        person = f"+{found['phone']}"
    detail = event.failure.code if event.failure else ""
    if event.kind is Kind.TEMPLATE:
        named = (event.template_code, event.template_language, event.message_type)
        detail = " ".join(named)
    said = event.status if event.kind is Kind.STATUS else event.raw_status
    return Expected(
        kind=event.kind,
        channel_type=event.channel_type or channel_type,
        message_id=event.message_id,
        word=str(said or ""),
        person=person,
        detail=detail,
    )


@pytest.mark.parametrize(("provider", "channel_type"), EVERYWHERE)
def test_every_item_is_read_by_the_adapter_as_expected(
    provider: str, channel_type: str
) -> None:
    every = pushes(provider, channel_type)

    read_items = [each for push in every for each in read(provider, channel_type, push)]

    assert [expected for expected, _ in read_items] == [
        words(event, channel_type) for _, event in read_items
    ]


@pytest.mark.parametrize(("provider", "channel_type"), EVERYWHERE)
def test_equal_expectations_stand_for_equal_receipts_and_others_do_not(
    provider: str, channel_type: str
) -> None:
    keys: dict[Expected, set[tuple[str, ...]]] = {}
    for push in pushes(provider, channel_type):
        for expected, event in read(provider, channel_type, push):
            keys.setdefault(expected, set()).add(event.key)

    assert {len(of_one) for of_one in keys.values()} == {1}
    assert len({key for of_one in keys.values() for key in of_one}) == len(keys)


def test_same_seed_and_start_make_the_same_bytes() -> None:
    assert pushes(seed="7") == pushes(seed="7")
    assert pushes("8x8", "multi", seed="7") == pushes("8x8", "multi", seed="7")


def test_other_seed_tells_another_story() -> None:
    assert outline(pushes(seed="7")) != outline(pushes(seed="8"))


@pytest.mark.parametrize(("provider", "channel_type"), EVERYWHERE)
def test_same_seed_at_another_start_tells_the_same_story_with_other_ids(
    provider: str, channel_type: str
) -> None:
    early = pushes(provider, channel_type)
    late = pushes(provider, channel_type, start=START + timedelta(seconds=1))

    assert outline(early) == outline(late)
    assert not ids(early) & ids(late)


def outline(every: list[Delivery]) -> list[tuple[float, list[str]]]:
    return [(p.due, [f"{e.word} {e.person}" for e in p.expected]) for p in every]


def ids(every: list[Delivery]) -> set[str]:
    return {e.message_id for p in every for e in p.expected} - {""}


def test_so_many_messages_as_were_wanted_are_told_of() -> None:
    told = {e for p in pushes(messages=300) for e in p.expected if e.message_id}

    assert len({each.message_id for each in told}) == 300


def test_failures_carry_true_codes_also_where_the_field_is_missing() -> None:
    every = pushes(messages=1500)
    codes = Counter(e.detail for p in every for e in p.expected if e.word == "failed")

    assert {"131026", "131047", "131049", "131050", "131056"} <= set(codes)
    bodies = b"".join(push.body for push in every)
    assert bodies.count(b'"ErrorCode"') < bodies.count(b'"ErrorDescription"')


def test_some_people_are_known_by_user_id_only() -> None:
    people = {e.person for p in pushes() for e in p.expected if e.person}

    assert {person[:1] == "+" for person in people} == {True, False}


def test_viber_tells_consents_and_whatsapp_does_not() -> None:
    kinds = [
        {e.kind for p in pushes("cams", channel_type) for e in p.expected}
        for channel_type in ("viber", "whatsapp")
    ]

    assert Kind.SUBSCRIPTION in kinds[0]
    assert Kind.SUBSCRIPTION not in kinds[1]


def test_only_what_the_paths_take_is_told() -> None:
    only = pushes(pushed=(ReceiptType.MT_STATUS,))

    assert {push.receipt_type for push in only} == {ReceiptType.MT_STATUS}
    assert len(pushes(pushed=(ReceiptType.ANY,))) == len(pushes())


def test_batches_are_no_larger_than_wanted_and_8x8_pushes_one_event() -> None:
    largest = max(len(push.expected) for push in pushes(messages=900))

    assert 10 < largest <= 20
    assert {len(p.expected) for p in pushes(largest_batch=1)} == {1}
    assert {len(p.expected) for p in pushes("8x8", "multi")} == {1}


def test_share_of_repeats_is_pushed_again_later_byte_for_byte() -> None:
    every = pushes(messages=900, duplicates=0.2)
    repeats = [push for push in every if push.is_repeat]
    firsts = {push.body: push.due for push in every if not push.is_repeat}

    assert 0.1 < len(repeats) / len(firsts) < 0.3
    assert all(push.due > firsts[push.body] for push in repeats)
    assert not [push for push in pushes(duplicates=0) if push.is_repeat]


def test_share_of_disorder_lets_steps_overtake_each_other() -> None:
    assert overtaken(pushes(disorder=0.0)) == 0
    assert overtaken(pushes(disorder=0.5)) > 10


def overtaken(every: list[Delivery]) -> int:
    """Count the messages whose sent comes after their delivered."""
    place: dict[tuple[str, str], int] = {}
    for number, told in enumerate(e for push in every for e in push.expected):
        place.setdefault((told.message_id, told.word), number)
    return sum(
        1
        for (about, word), number in place.items()
        if word == "sent" and number > place.get((about, "delivered"), number)
    )


def test_account_is_named_as_configured_and_never_made_up() -> None:
    named = b"".join(p.body for p in pushes(account={"cust_space_id": "cams-9"}))

    assert b'"CustSpaceId": "cams-9"' in named
    assert b"WabaId" not in named

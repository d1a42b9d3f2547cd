"""Each filter and combinations of them, against a plain Python filter."""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_cfg.models import Channel
from receipts.models import Message, Receipt
from tests.receipts.api import factories, plain
from tests.receipts.api.conftest import Api

NOW = timezone.now().replace(microsecond=0)
TIMES = [NOW - timedelta(hours=number) for number in range(1, 40)]
ONCE_FOR_ALL = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS: dict[str, list[str]] = {
    "channel": ["wa-main", "asia", "nobody"],
    "provider": ["cams", "8x8"],
    "channel_type": ["whatsapp", "viber"],
    "receipt_type": ["mt_status", "mo_message", "other"],
    "mode": ["push", "queue"],
    "kind": ["status", "inbound"],
    "status": ["sent", "delivered", "failed"],
    "raw_status": ["Delivered", "delivered"],
    "message_id": ["m1", "m2", "none"],
    "task_id": ["m1", "task", "none"],
    "batch_id": ["b1", "b2"],
    "client_batch_id": ["c1"],
    "provider_conversation_id": ["p1"],
    "conversation": ["1", "2"],
    "business_address": ["8613100000000", "+8613100000000", "acme"],
    "error_code": ["131026", "1"],
    "template_code": ["t1", "t2"],
    "template_name": ["Hello"],
    "flag": ["late", "contradiction", "sanitised"],
    "direction": ["mt", "mo"],
    "contradiction": ["true", "false"],
    "text": ["Hel", "100%", "_x", "ÄÖ"],
}
TEXTS = [None, "hello", "100% sure", "a_x", "axx", "äöü"]


def value_of(name: str) -> st.SearchStrategy[str]:
    """Return values to ask for under a name."""
    if name in WORDS:
        return st.sampled_from(WORDS[name])
    return st.sampled_from([at.isoformat() for at in TIMES])


def questions(tests: Mapping[str, plain.Test]) -> st.SearchStrategy[dict[str, str]]:
    """Return one to three parameters with values."""
    one = st.sampled_from(sorted(tests)).flatmap(
        lambda name: st.tuples(st.just(name), value_of(name))
    )
    return st.lists(one, min_size=1, max_size=3).map(dict)


def any_of(chance: random.Random, *values: Any) -> Any:
    """Return one of ``values``, often None."""
    return chance.choice([None, *values])


@pytest.fixture
def channels(db: None) -> list[Channel]:
    """Two channels of two providers, with conversations 1 and 2."""
    asia = factories.make_channel("asia", provider="8x8", type="multi")
    for number in (1, 2):
        factories.make_conversation(asia, id=number)
    return [factories.make_channel(), asia]


def shared(chance: random.Random, channels: list[Channel]) -> dict[str, Any]:
    """Return random values of what receipts and messages both have."""
    return {
        "channel": chance.choice(channels),
        "channel_type": chance.choice(WORDS["channel_type"]),
        "task_id": any_of(chance, "m1", "task"),
        "conversation_id": any_of(chance, 1, 2),
        "business_address": any_of(chance, "8613100000000", "acme"),
        "error_code": any_of(chance, *WORDS["error_code"]),
        "template_code": any_of(chance, *WORDS["template_code"]),
        "template_name": any_of(chance, "Hello", "hello"),
        "status": chance.choice(WORDS["status"]),
    }


@pytest.fixture
def receipts(channels: list[Channel]) -> list[Receipt]:
    """Receipts that differ in everything."""
    chance = random.Random(7)
    made = [
        factories.receipt(
            received_at=chance.choice(TIMES),
            claimed_at=any_of(chance, *TIMES),
            kind=kind,
            message_id=any_of(chance, "m1", "m2"),
            receipt_type=chance.choice(WORDS["receipt_type"]),
            mode=chance.choice(WORDS["mode"]),
            raw_status=any_of(chance, *WORDS["raw_status"]),
            batch_id=any_of(chance, *WORDS["batch_id"]),
            client_batch_id=any_of(chance, "c1"),
            provider_conversation_id=any_of(chance, "p1"),
            flags=chance.choice([0, 1, 2, 3, 32]),
            **{
                **shared(chance, channels),
                **({} if kind == "status" else {"status": None}),
            },
        )
        for kind in chance.choices(["status", "inbound"], k=150)
    ]
    Receipt.objects.bulk_create(made)
    return sorted(made, key=lambda row: (row.received_at, row.pk), reverse=True)


@pytest.fixture
def messages(channels: list[Channel]) -> list[Message]:
    """Messages that differ in everything."""
    chance = random.Random(8)
    made = [
        factories.message(
            message_id=chance.choice(["m1", "m2"]),
            slot=str(number),
            last_at=chance.choice(TIMES),
            first_at=chance.choice(TIMES),
            direction=chance.choice(["mt", "mo"]),
            failure_key=any_of(chance, "x"),
            progress=chance.choice([20, 40, 50]),
            text=chance.choice(TEXTS),
            **shared(chance, channels),
        )
        for number in range(150)
    ]
    Message.objects.bulk_create(made)
    return sorted(made, key=lambda row: (row.last_at, row.pk), reverse=True)


@ONCE_FOR_ALL
@given(asked=questions(plain.RECEIPTS))
def test_receipts_are_those_of_a_plain_filter(
    api: Api, receipts: list[Receipt], asked: dict[str, str]
) -> None:
    found = api.ids("receipts/", page_size=200, **asked)

    assert found == plain.keep(receipts, plain.RECEIPTS, asked)


@ONCE_FOR_ALL
@given(asked=questions(plain.MESSAGES))
def test_messages_are_those_of_a_plain_filter(
    api: Api, messages: list[Message], asked: dict[str, str]
) -> None:
    if "text" in asked:
        asked = {"channel": "wa-main", **asked}

    found = api.ids("messages/", page_size=200, **asked)

    assert found == plain.keep(messages, plain.MESSAGES, asked)


@pytest.mark.parametrize("name", sorted(plain.RECEIPTS))
def test_each_filter_of_receipts_alone_agrees(
    api: Api, receipts: list[Receipt], name: str
) -> None:
    values = WORDS.get(name) or [at.isoformat() for at in TIMES[::6]]

    for value in values:
        found = api.ids("receipts/", page_size=200, **{name: value})
        assert found == plain.keep(receipts, plain.RECEIPTS, {name: value})

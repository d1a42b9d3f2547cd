"""Order, repeats and drains side by side change nothing of what was folded."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_cfg.models import Channel
from tests.receipts.processing.orders import (
    drain_in_chunks,
    drain_side_by_side,
    empty,
    kept,
    outcome,
)

WORDS = ["Sent", "Delivered", "Read", "Failed", "Deleted", "Paused?"]
cams_status = st.fixed_dictionaries(
    {
        "MessageId": st.sampled_from(["m1", "m2"]),
        "From": st.just("8613100000008"),
        "Status": st.sampled_from(WORDS),
    },
    optional={
        "To": st.sampled_from(["8613800000001", "8613800000002", "DE.abc1", ""]),
        "FromUserId": st.sampled_from(["DE.abc1", "DE.xyz2"]),
        "FromParentUserId": st.just("DE.ENT.9"),
        "FromUserName": st.sampled_from(["ann", "bob"]),
        "Timestamp": st.sampled_from([1763632800000, 1763632860000]),
        "ErrorCode": st.sampled_from(["131026", "131049"]),
        "TaskId": st.sampled_from(["t1", "t2"]),
        "TemplateCode": st.just("c1"),
    },
)
cams_inbound = st.fixed_dictionaries(
    {
        "MessageId": st.sampled_from(["i1", "i2"]),
        "To": st.just("8613100000008"),
        "From": st.sampled_from(["8613800000001", "8613800000002", "DE.abc1"]),
        "Type": st.just("TEXT"),
        "Message": st.sampled_from(["hello", "good-bye"]),
    },
    optional={
        "FromUserId": st.sampled_from(["DE.abc1", "DE.xyz2"]),
        "Timestamp": st.sampled_from([1763632800000, 1763632860000]),
    },
)
LEGS = ["whatsapp", "sms", "Viber"]
STATES = ["queued", "sent", "delivered", "read", "undelivered", "rejected"]


def _receipt(
    umid: str, leg: str, user: dict[str, str], status: dict[str, object]
) -> dict[str, object]:
    return {
        "namespace": "ChatApps",
        "eventType": "outbound_message_status_changed",
        "description": "receipt",
        "payload": {
            "umid": umid,
            "subAccountId": "hq",
            "channel": leg,
            "user": user,
            "status": status,
        },
    }


connect_receipt = st.builds(
    _receipt,
    st.sampled_from(["u1", "u2"]),
    st.sampled_from(LEGS),
    st.fixed_dictionaries(
        {},
        optional={
            "msisdn": st.sampled_from(["+6512345678", "+6587654321"]),
            "channelUserId": st.sampled_from(["SG.abc1", "SG.xyz2"]),
        },
    ),
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(STATES),
            "timestamp": st.sampled_from(
                ["2026-11-20T09:00:00Z", "2026-11-20T09:00:01.5Z"]
            ),
        },
        optional={
            "detail": st.sampled_from(
                ["delivered_to_operator", "delivered_to_recipient"]
            ),
            "errorCode": st.sampled_from([15, 36]),
        },
    ),
)
Items = list[dict[str, object]]
PROVIDERS: dict[str, st.SearchStrategy[Items]] = {
    "cams": st.lists(cams_status | cams_inbound, min_size=2, max_size=14),
    "8x8": st.lists(connect_receipt, min_size=2, max_size=14),
}
few = settings(
    max_examples=25,
    print_blob=False,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(params=sorted(PROVIDERS))
def any_channel(request: pytest.FixtureRequest, transactional_db: None) -> Channel:
    return Channel.objects.create(
        key="any", name="Any", provider=request.param, type="whatsapp"
    )


def _drawn(data: st.DataObject, channel: Channel) -> Items:
    return data.draw(PROVIDERS[channel.provider])


@few
@given(data=st.data(), seed=st.integers(0, 1000), cuts=st.lists(st.integers(0, 40)))
def test_any_order_with_repeats_folds_the_same(
    any_channel: Channel, data: st.DataObject, seed: int, cuts: list[int]
) -> None:
    items = _drawn(data, any_channel)
    callbacks = kept(any_channel, [*items, *items[::2]])
    empty()
    drain_in_chunks(callbacks, [])
    at_once = outcome()

    random.Random(seed).shuffle(callbacks)
    empty()
    drain_in_chunks(callbacks, cuts)

    assert outcome() == at_once


@few
@given(data=st.data(), batch=st.integers(1, 4))
def test_drains_side_by_side_fold_the_same(
    any_channel: Channel, data: st.DataObject, batch: int
) -> None:
    items = _drawn(data, any_channel)
    callbacks = kept(any_channel, [*items, *items[::2]])
    empty()
    drain_in_chunks(callbacks, [])
    at_once = outcome()

    empty()
    drain_side_by_side(callbacks, batch)

    assert outcome() == at_once

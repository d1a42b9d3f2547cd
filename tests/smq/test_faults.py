"""A queue service in trouble: told in time, nothing sent twice, nothing lost."""

import time

import pytest

from channels_cfg.providers.cams import smq_http
from channels_cfg.providers.cams.smq import QueueClient
from channels_cfg.providers.cams.smq_errors import Throttled, Unreachable
from channels_cfg.pulling import QueueError
from tests.smq.faults import Harm, Plan
from tests.smq.server import QUEUE, SmqServer

BODIES = [b'{"MessageId":"%d"}' % number for number in range(200)]


@pytest.mark.parametrize(
    "harm",
    [
        Harm.DROP_BEFORE,
        Harm.DROP_AFTER,
        Harm.HALF,
        Harm.ERROR,
        Harm.GARBAGE,
        Harm.BOMB,
    ],
)
def test_failed_receive_is_told_and_not_sent_again(
    smq: SmqServer, client: QueueClient, harm: Harm
) -> None:
    smq.service.put_many(QUEUE, BODIES[:3])
    client.receive(0, limit=1)  # the connection is open and kept
    smq.service.faults.plan(Plan("receive", harm))

    with pytest.raises(Unreachable) as raised:
        client.receive(0)

    assert not raised.value.is_configuration
    assert smq.service.count["receive"] <= 2
    smq.service.queue(QUEUE).show_all()
    assert len(client.receive(0)) == 3


def test_throttled_receive_is_told_as_such(smq: SmqServer, client: QueueClient) -> None:
    smq.service.faults.plan(Plan("receive", Harm.THROTTLE))

    with pytest.raises(Throttled):
        client.receive(0)


@pytest.mark.parametrize("harm", [Harm.HANG, Harm.TRICKLE])
@pytest.mark.parametrize("operation", ["receive", "delete", "token"])
def test_service_that_hangs_is_left_in_time(
    smq: SmqServer,
    client: QueueClient,
    monkeypatch: pytest.MonkeyPatch,
    harm: Harm,
    operation: str,
) -> None:
    monkeypatch.setattr(smq_http, "ANSWER_TIMEOUT_S", 0.4)
    seconds = 0.1 if harm is Harm.TRICKLE else 20
    smq.service.put_many(QUEUE, BODIES[:1])
    smq.service.faults.plan(Plan(operation, harm, seconds=seconds))

    began = time.monotonic()
    with pytest.raises(Unreachable):
        client.delete([client.receive(0)[0].receipt_handle, "1-AAAA"])

    assert 0.3 < time.monotonic() - began < 5


def test_time_out_of_a_long_poll_begins_after_the_wait(
    smq: SmqServer, client: QueueClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smq_http, "ANSWER_TIMEOUT_S", 0.5)

    assert client.receive(1) == []


def test_everything_arrives_through_any_trouble(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.queue(QUEUE).visibility_s = 0.1
    smq.service.put_many(QUEUE, BODIES)
    for operation in ("receive", "delete"):
        for place, harm in enumerate(
            (Harm.DROP_BEFORE, Harm.DROP_AFTER, Harm.HALF, Harm.ERROR, Harm.GARBAGE)
        ):
            smq.service.faults.plan(Plan(operation, harm, times=2, every=place + 2))
    kept: set[bytes] = set()
    until = time.monotonic() + 30
    while len(smq.service.queue(QUEUE)) and time.monotonic() < until:
        kept |= pull_once(client)

    assert kept == set(BODIES)
    assert smq.service.queue(QUEUE).count["redelivered"] > 0


def pull_once(client: QueueClient) -> set[bytes]:
    """Receive, keep, delete; errors are left for the next time."""
    kept: set[bytes] = set()
    try:
        batch = client.receive(1)
        kept = {message.body for message in batch}
        client.delete([message.receipt_handle for message in batch])
    except QueueError:
        pass
    return kept

"""Temporary keys: asked for, read in China's time, renewed early, once for all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine

from channels_cfg.providers.cams.smq import QueueClient
from channels_cfg.providers.cams.smq_errors import (
    ClockWrong,
    Refused,
    Throttled,
    Unreachable,
)
from channels_cfg.providers.cams.smq_issue import expiry, issue_token, token_source
from channels_cfg.providers.cams.smq_signing import Credential
from channels_cfg.providers.cams.smq_token import Token, TokenSource, token
from channels_cfg.pulling import QueueAddress, QueueError
from channels_cfg.wire import ReceiptType
from tests.smq.faults import Harm, Plan
from tests.smq.proof import Denied
from tests.smq.server import QUEUE, SmqServer

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Issuer:
    """Gives keys that last an hour, or the error it is set to."""

    def __init__(self) -> None:
        self.calls = 0
        self.error: QueueError | None = None

    def __call__(self) -> Token:
        self.calls += 1
        if self.error:
            raise self.error
        key = Credential(f"key-{self.calls}", "secret", "token")
        return token(key, expires_at=datetime.now(UTC) + HOUR)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21 12:00:00", datetime(2026, 11, 21, 4, tzinfo=UTC)),
        ("2026-11-21 00:30:00", datetime(2026, 11, 20, 16, 30, tzinfo=UTC)),
        ("2026-11-21T12:00:00Z", NOON),
        ("2026-11-21T12:00:00+08:00", datetime(2026, 11, 21, 4, tzinfo=UTC)),
    ],
)
def test_expire_time_is_read_in_chinas_time(text: str, moment: datetime) -> None:
    assert expiry(text) == moment


@pytest.mark.parametrize("text", ["", "soon", "0001-01-01 00:00:00", "1795235877455"])
@time_machine.travel(NOON, tick=False)
def test_unreadable_expire_time_counts_as_ten_minutes(text: str) -> None:
    assert expiry(text) == NOON + timedelta(minutes=10)


def test_key_of_the_service_ends_when_the_service_says(
    smq: SmqServer, address: QueueAddress
) -> None:
    smq.service.rules.token_life_s = 3600

    given = issue_token(address)

    assert abs(given.expires_at - datetime.now(UTC) - HOUR) < timedelta(seconds=5)
    assert given.credential.security_token
    assert "secret" not in repr(given).replace("access_key_secret", "")


def test_key_is_renewed_two_minutes_early() -> None:
    tokens = TokenSource(issuer := Issuer())
    with time_machine.travel(NOON, tick=False) as clock:
        first = tokens.get()
        clock.shift(timedelta(minutes=57, seconds=59))
        assert tokens.get() is first
        clock.shift(timedelta(seconds=2))

        second = tokens.get()

    assert second.credential != first.credential
    assert issuer.calls == 2
    assert tokens.expires_at == second.expires_at


def test_key_that_seems_ended_is_kept_for_a_while() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        key = Credential("key", "secret")
        calls: list[int] = []

        def issue() -> Token:
            calls.append(1)
            return token(key, expires_at=NOON - HOUR)

        tokens = TokenSource(issue)
        for _ in range(29):
            tokens.get()
            clock.shift(timedelta(seconds=1))

    assert len(calls) == 1


@pytest.mark.parametrize("error", [Unreachable("a", "b"), Throttled("a", "b")])
def test_key_serves_on_while_its_renewal_fails(error: QueueError) -> None:
    tokens = TokenSource(issuer := Issuer())
    with time_machine.travel(NOON, tick=False) as clock:
        first = tokens.get()
        issuer.error = error
        clock.shift(timedelta(minutes=58, seconds=1))
        for _ in range(5):
            assert tokens.get().credential is first.credential
        assert issuer.calls == 2  # not at every call
        clock.shift(timedelta(minutes=2))

        with pytest.raises(type(error)):
            tokens.get()


def test_refused_renewal_is_told_at_once() -> None:
    tokens = TokenSource(issuer := Issuer())
    with time_machine.travel(NOON, tick=False) as clock:
        tokens.get()
        issuer.error = Refused("a", "b")
        clock.shift(timedelta(minutes=59))

        with pytest.raises(Refused):
            tokens.get()


def test_key_that_serves_on_is_still_replaced_when_refused() -> None:
    tokens = TokenSource(issuer := Issuer())
    with time_machine.travel(NOON, tick=False) as clock:
        tokens.get()
        issuer.error = Unreachable("a", "b")
        clock.shift(timedelta(minutes=59))
        kept = tokens.get()
        issuer.error = None

        assert tokens.replace(kept).credential != kept.credential


def in_threads(count: int, act: Callable[[], object]) -> list[object]:
    """Run ``act`` in threads that begin together; return results and errors."""
    barrier = Barrier(count)

    def run(_number: int) -> object:
        barrier.wait(10)
        try:
            return act()
        except QueueError as exc:
            return exc

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_one_renewal_serves_many_waiters(smq: SmqServer, address: QueueAddress) -> None:
    smq.service.faults.plan(Plan("token", Harm.SLOW, seconds=0.5))
    tokens = token_source(address)

    given = in_threads(12, tokens.get)

    assert smq.service.count["token"] == 1
    assert len({id(each) for each in given}) == 1


def test_one_failed_renewal_is_told_to_many_waiters(
    smq: SmqServer, address: QueueAddress
) -> None:
    smq.service.rules.denied["token"] = Denied(403, "Forbidden.RAM")
    smq.service.faults.plan(Plan("token", Harm.SLOW, seconds=0.5))
    tokens = token_source(address)

    errors = in_threads(12, tokens.get)

    assert smq.service.count["token"] == 1
    assert all(isinstance(error, Refused) for error in errors)
    assert len({id(error) for error in errors}) == 12


def test_ended_key_is_replaced_once_for_many_consumers(
    smq: SmqServer, address: QueueAddress
) -> None:
    tokens = token_source(address)
    tokens.get()
    smq.service.keys.end_all()
    smq.service.put_many(QUEUE, [b"{}"] * 8)

    def receive_one() -> object:
        with QueueClient(address, tokens) as client:
            return client.receive(0, limit=1)[0].message_id

    assert len(set(in_threads(8, receive_one))) == 8
    assert smq.service.count["token"] == 2


def test_refused_key_is_replaced_only_once(smq: SmqServer, client: QueueClient) -> None:
    smq.service.rules.denied["receive"] = Denied(403, "AccessDenied")

    with pytest.raises(Refused, match="this account may not read the queue"):
        client.receive(0)

    assert smq.service.count["token"] == 2
    assert smq.service.count["receive"] == 2


def test_every_secret_is_tried_while_one_is_rotated(
    smq: SmqServer, address: QueueAddress
) -> None:
    both = ("not yet in force", *address.access_key_secrets)

    issue_token(replace(address, access_key_secrets=both))

    assert smq.service.count["token"] == 2


@pytest.mark.parametrize("secrets", [(), ("wrong",), ("wrong", "as well")])
def test_wrong_secrets_are_refused_in_words(
    smq: SmqServer, address: QueueAddress, secrets: tuple[str, ...]
) -> None:
    with pytest.raises(Refused, match="secret"):
        issue_token(replace(address, access_key_secrets=secrets))

    assert smq.service.count["token"] == len(secrets)


def test_unknown_access_key_names_both_sites(address: QueueAddress) -> None:
    with pytest.raises(Refused, match="China or Singapore"):
        issue_token(replace(address, access_key_id="LTAI-of-another-site"))


def test_site_that_knows_only_the_older_version_is_asked_in_it(
    smq: SmqServer, address: QueueAddress
) -> None:
    smq.service.rules.versions = ("2018-05-01",)

    assert issue_token(address).credential.access_key_id
    assert smq.service.count["token"] == 2


def test_refusal_with_status_200_is_a_refusal(
    smq: SmqServer, address: QueueAddress
) -> None:
    smq.service.rules.denied["token"] = Denied(200, "isv.QUEUE_UNKNOWN", "no queue")

    with pytest.raises(Refused, match="no queue"):
        issue_token(address)


@pytest.mark.parametrize(
    "receipt_type", [ReceiptType.MO_MESSAGE, ReceiptType.MT_STATUS]
)
def test_clock_that_is_off_is_told(
    smq: SmqServer, address: QueueAddress, receipt_type: ReceiptType
) -> None:
    smq.service.keys.clock_ahead_s = 3600

    with pytest.raises(ClockWrong, match="set this machine's clock"):
        issue_token(replace(address, receipt_type=receipt_type))


def test_clock_that_goes_wrong_later_is_told_by_the_queue(
    smq: SmqServer, client: QueueClient
) -> None:
    client.receive(0)
    smq.service.keys.clock_ahead_s = -3600

    with pytest.raises(ClockWrong):
        client.receive(0)


@pytest.mark.parametrize("harm", [Harm.GARBAGE, Harm.ERROR, Harm.DROP_AFTER])
def test_token_service_in_trouble_is_unreachable(
    smq: SmqServer, address: QueueAddress, harm: Harm
) -> None:
    smq.service.faults.plan(Plan("token", harm))

    with pytest.raises(Unreachable):
        issue_token(address)

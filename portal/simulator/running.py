"""One simulation from end to end: plan, push, wait, compare."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import requests
from django.db import connection

from portal.simulator import ledger as ledgers
from portal.simulator.access import access
from portal.simulator.api import Api, ApiAway
from portal.simulator.clock import RetryClock
from portal.simulator.comparing import Difference, Seen
from portal.simulator.items import Facts
from portal.simulator.ledger import Ledger
from portal.simulator.progress import Progress
from portal.simulator.pushing import Pusher
from portal.simulator.settling import Settling
from portal.simulator.target import Door, NotPossible, Target
from portal.simulator.traffic import Delivery, Wish, traffic

_SKEW = timedelta(seconds=5)  # between our clock and the portal's
_ROUTES_REFRESH_S = 6  # CONTRACT: changes are in force at the door within 5 s
_SPARE_S = 3600
_GRACE_S = 5  # to look what is there after a ctrl-c


class Terminated(Exception):
    """We were told to end at once, by a signal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A simulation that is wanted. ``looks_back`` is for a story told before."""

    wish: Wish
    connections: int
    compress: float
    settle_s: float
    ledger: Path | None
    looks_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it; ``difference`` None: not compared, ``problem`` says why."""

    ledger: Ledger
    seen: Seen
    difference: Difference | None
    caught_up_s: float | None
    is_interrupted: bool
    problem: str = ""

    @property
    def is_good(self) -> bool:
        """Say whether nothing is missing, doubled or given up, and all was told."""
        tally = self.ledger.tally()
        is_whole = tally.acknowledged == tally.sent
        is_same = self.difference is not None and self.difference.is_none
        return is_whole and is_same and not self.is_interrupted


def simulate(
    target: Target, plan: Plan, *, say: Callable[[str], None], progress: Progress
) -> Result:
    """Push what ``plan`` wants to ``target`` and compare it with what the API shows.

    A ctrl-c ends the pushing; then what was pushed so far is compared. Raises
    ``NotPossible`` before anything was pushed.
    """
    clock = RetryClock.of(target.adapter.limits, compress=plan.compress)
    deliveries = planned(target, plan.wish)
    length_s = deliveries[-1].due + clock.longest_s + plan.settle_s
    with (
        _file(plan.ledger) as file,
        access(target.channel, for_s=length_s + _SPARE_S) as token,
        Api(target.base_url, token, target.channel.key) as api,
    ):
        _check(target, api)
        # A long run must not end on a connection that has died meanwhile.
        connection.close()
        say(_announcement(plan, deliveries))
        began = ledgers.now()
        ledger = Ledger(file)
        pusher = Pusher(target, clock, ledger, on_refusal=lambda why: say(_hint(why)))
        is_interrupted = _push(pusher, deliveries, plan.connections, progress, ledger)
        settling = Settling(
            api, ledger, since=began - _SKEW, looks_back=plan.looks_back
        )
        return _compared(
            settling,
            ledger,
            settle_s=_GRACE_S if is_interrupted else plan.settle_s,
            is_interrupted=is_interrupted,
            progress=progress,
        )


def planned(target: Target, wish: Wish) -> list[Delivery]:
    """Return the deliveries of ``wish``. Raises ``NotPossible`` if there are none."""
    channel = target.channel
    address = channel.business_addresses.order_by("pk").first()
    facts = Facts(
        channel_type=channel.type,
        account={str(name): str(value) for name, value in channel.account.items()},
        address=address.value if address else "",
        audit_version=channel.audit_version,
        ceilings=target.adapter.limits.ceilings,
        seed=wish.seed,
        start=wish.start,
    )
    found = traffic(channel.provider, facts, wish, pushed=target.doors)
    if not found:
        raise NotPossible(f"The callback paths of {channel.key} take none of it.")
    return found


def _push(
    pusher: Pusher,
    deliveries: list[Delivery],
    connections: int,
    progress: Progress,
    ledger: Ledger,
) -> bool:
    """Push it all; return whether somebody pressed ctrl-c."""

    def show() -> None:
        progress.pushing(ledger.tally(), len(deliveries))

    try:
        pusher.run(deliveries, connections=connections, each_moment=show)
    except KeyboardInterrupt:
        return True
    finally:
        progress.clear()
    return False


def _compared(
    settling: Settling,
    ledger: Ledger,
    *,
    settle_s: float,
    is_interrupted: bool,
    progress: Progress,
) -> Result:
    difference, problem = None, ""
    try:
        difference = settling.settle(settle_s, each_look=progress.comparing)
    except ApiAway as exc:
        problem = str(exc)
    except KeyboardInterrupt:
        problem, is_interrupted = "interrupted", True
    finally:
        progress.clear()
    return Result(
        ledger=ledger,
        seen=settling.seen,
        difference=difference,
        caught_up_s=_since(ledger.last_ack_at) if difference else None,
        is_interrupted=is_interrupted,
        problem=problem,
    )


def _since(moment: datetime | None) -> float | None:
    return (ledgers.now() - moment).total_seconds() if moment else None


@contextmanager
def _file(path: Path | None) -> Iterator[IO[bytes] | None]:
    if path is None:
        yield None
        return
    try:
        file = path.open("wb")
    except OSError as exc:
        raise NotPossible(f"Cannot write {path}: {exc.strerror}.") from None
    with file:
        yield file


def _check(target: Target, api: Api) -> None:
    """Raise ``NotPossible`` unless doors and API answer."""
    for door in target.doors.values():
        _check_door(target, door)
    try:
        api.check()
    except ApiAway as exc:
        raise NotPossible(str(exc)) from None


def _check_door(target: Target, door: Door) -> None:
    until = time.monotonic() + _ROUTES_REFRESH_S
    while (answer := _probe(door)) != requests.codes.ok:
        if answer is None:
            raise NotPossible(
                f"No portal answers at {target.base_url}: start it with make run, or "
                "give its address with --url."
            )
        if time.monotonic() > until:
            raise NotPossible(f"{door.url} answers {answer} instead of 200.")
        time.sleep(0.5)


def _probe(door: Door) -> int | None:
    with requests.Session() as session, suppress(requests.RequestException):
        session.trust_env = False
        return session.get(door.url, timeout=5, allow_redirects=False).status_code
    return None


def _announcement(plan: Plan, deliveries: list[Delivery]) -> str:
    receipts = len({told for each in deliveries for told in each.expected})
    return (
        f"Pushing {plan.wish.messages:,} messages ({receipts:,} receipts in "
        f"{len(deliveries):,} pushes) within about {deliveries[-1].due:.0f} s; "
        f"seed {plan.wish.seed} ..."
    )


def _hint(answer: str) -> str:
    more = {
        "401": " (the address or a secret was not accepted)",
        "404": " (the path is unknown or switched off)",
    }.get(answer, "")
    return f"A push was not acknowledged: {answer}{more}. It is tried again."

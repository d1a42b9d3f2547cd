"""Pushes during a fault, noted one by one, and the comparison with the API."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from django.db import connection

from portal.simulator.access import access
from portal.simulator.api import Api
from portal.simulator.clock import RetryClock
from portal.simulator.comparing import Difference, Seen
from portal.simulator.ledger import Ledger, Outcome, now
from portal.simulator.pushing import Pusher
from portal.simulator.running import planned
from portal.simulator.settling import Settling
from portal.simulator.target import Target
from portal.simulator.traffic import Delivery, Wish

_CONNECTIONS = 16
_COMPRESS = 30  # CAMS tries again after 2 and 10 s instead of 1 and 5 minutes
_RECEIPTS_OF_A_MESSAGE = 2.4
_BATCH = 8
_SKEW = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the ledger and the API say of the pushes of one fault."""

    ledger: Ledger
    outcomes: list[Outcome]
    difference: Difference
    seen: Seen
    since: datetime
    problems: list[str] = field(default_factory=list)

    @property
    def refusals(self) -> Counter[str]:
        """Return how often each answer came that was no acknowledgement."""
        return Counter(each.answer for each in self.outcomes if each.answer != "200")

    def last_stored_at(self) -> datetime:
        """Return when the last receipt became readable."""
        return max((r.stored_at for r in self.seen.receipts.values()), default=now())

    def slowest_lag_s(self) -> float:
        """Return the longest time from arrival to readable."""
        rows = self.seen.receipts.values()
        lags = [(row.stored_at - row.received_at).total_seconds() for row in rows]
        return max(lags, default=0.0)

    def outage_s(self) -> float:
        """Return the time between the first and the last push that was not acknowledged."""
        at = [each.at for each in self.outcomes if each.answer != "200"]
        return (max(at) - min(at)).total_seconds() if at else 0.0


class Notes(Ledger):
    """A ledger that also remembers every single outcome."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.outcomes: list[Outcome] = []

    def note(self, delivery: Delivery, outcome: Outcome) -> None:
        """Note how an attempt to push ``delivery`` went."""
        super().note(delivery, outcome)
        self.outcomes.append(outcome)


class Load:
    """Pushes of one channel for so many seconds, while something goes wrong."""

    def __init__(
        self,
        target: Target,
        seed: str,
        *,
        receipts: int,
        seconds: float,
        largest_batch: int = _BATCH,
    ) -> None:
        messages = max(10, round(receipts / _RECEIPTS_OF_A_MESSAGE))
        wish = Wish(
            messages=messages,
            rate=messages / seconds,
            seed=seed,
            start=datetime.now(UTC).replace(microsecond=0),
            largest_batch=largest_batch,
        )
        self._target = target
        self.deliveries = _within(planned(target, wish), seconds)

    def run(self, fault: Callable[[], None], *, ledger: Path, until_s: float) -> Result:
        """Push while ``fault`` does its work, then compare for ``until_s`` at most."""
        clock = RetryClock.of(self._target.adapter.limits, compress=_COMPRESS)
        began = now()
        with ledger.open("wb") as file:
            noted = Notes(file)
            with access(self._target.channel, for_s=7200) as token:
                connection.close()
                self._push(Pusher(self._target, clock, noted, on_refusal=_quiet), fault)
                api = Api(
                    self._target.base_url, token, channel=self._target.channel.key
                )
                settling = Settling(api, noted, since=began - _SKEW, looks_back=True)
                difference = settling.settle(until_s, each_look=_quietly)
        return Result(
            ledger=noted,
            outcomes=noted.outcomes,
            difference=difference,
            seen=settling.seen,
            since=began,
        )

    def _push(self, pusher: Pusher, fault: Callable[[], None]) -> None:
        pushing = threading.Thread(
            target=pusher.run,
            args=(self.deliveries,),
            kwargs={"connections": _CONNECTIONS, "each_moment": lambda: None},
            daemon=True,
        )
        pushing.start()
        time.sleep(0.5)
        fault()
        pushing.join()


def _within(deliveries: list[Delivery], seconds: float) -> list[Delivery]:
    """Return the story told in ``seconds``: its last words would take a minute more."""
    last = max(each.due for each in deliveries)
    return [replace(each, due=each.due * seconds / last) for each in deliveries]


def _quiet(_answer: str) -> None:
    return


def _quietly(_difference: Difference) -> None:
    return

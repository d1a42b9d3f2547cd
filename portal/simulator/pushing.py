"""Pushes deliveries as a provider does: in time, on several connections, again."""

import heapq
import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import requests

from portal.simulator.clock import RetryClock
from portal.simulator.ledger import Ledger, Outcome, now
from portal.simulator.target import Target
from portal.simulator.traffic import WORDS, Delivery


@dataclass(order=True, slots=True)
class _Try:
    """An attempt to come; sorts by due time, in the clock of ``time.monotonic``."""

    due: float
    number: int
    attempt: int = field(compare=False)
    first_at: float = field(compare=False)
    delivery: Delivery = field(compare=False)


class Pusher:
    """Pushes until all is acknowledged or given up, or until told to stop."""

    def __init__(
        self,
        target: Target,
        clock: RetryClock,
        ledger: Ledger,
        *,
        on_refusal: Callable[[str], None],
    ) -> None:
        self._target, self._clock, self._ledger = target, clock, ledger
        self._is_ack = WORDS[target.channel.provider].is_ack
        self._on_refusal = on_refusal
        self._refusals: set[str] = set()
        self._tries: list[_Try] = []
        self._going = 0  # attempts under way: each may yet bring a retry
        self._changed = threading.Condition()
        self._is_stopped = False

    def run(
        self,
        deliveries: Iterable[Delivery],
        *,
        connections: int,
        each_moment: Callable[[], None],
    ) -> None:
        """Push ``deliveries``; call ``each_moment`` several times a second meanwhile.

        Whatever ``each_moment`` raises ends it, after the attempts under way.
        """
        started = time.monotonic()
        self._tries = [
            _Try(started + each.due, each.number, 1, 0.0, each) for each in deliveries
        ]
        heapq.heapify(self._tries)
        threads = [
            threading.Thread(target=self._work, daemon=True) for _ in range(connections)
        ]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                time.sleep(0.1)
                each_moment()
        finally:
            self._stop()
            for thread in threads:
                thread.join()

    def _stop(self) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def _work(self) -> None:
        with requests.Session() as session:
            # Neither proxies nor .netrc: they would change whom we speak to, and as whom.
            session.trust_env = False
            while (one := self._take()) is not None:
                self._settle(one, self._attempt(session, one))

    def _take(self) -> _Try | None:
        """Return the next attempt when it is due; None when there is no more."""
        with self._changed:
            while not self._is_stopped and (self._tries or self._going):
                wait_s = 1.0
                if self._tries:
                    wait_s = self._tries[0].due - time.monotonic()
                    if wait_s <= 0:
                        self._going += 1
                        return heapq.heappop(self._tries)
                self._changed.wait(min(wait_s, 1.0))
            return None

    def _attempt(self, session: requests.Session, one: _Try) -> Outcome:
        began, at = time.monotonic(), now()
        if one.attempt == 1:
            one.first_at = began
        answer = self._push(session, one.delivery)
        took_s = time.monotonic() - began
        if not answer and took_s > self._clock.ack_limit_s:
            answer = "acknowledged too late"
        next_try = self._clock.next_try(one.first_at, one.attempt)
        return Outcome(
            at=at if answer else now(),
            attempt=one.attempt,
            ms=took_s * 1000,
            is_acknowledged=not answer,
            is_last=not answer or next_try is None,
            answer=answer or "200",
        )

    def _push(self, session: requests.Session, delivery: Delivery) -> str:
        """Return '' if the push was acknowledged, else why it was not."""
        door = self._target.door(delivery.receipt_type)
        try:
            answer = session.post(
                door.url,
                data=delivery.body,
                headers=dict(door.headers),
                timeout=self._clock.ack_limit_s,
                allow_redirects=False,
            )
        except requests.RequestException as exc:
            return type(exc).__name__
        if answer.status_code != requests.codes.ok:
            return str(answer.status_code)
        try:
            is_ack = self._is_ack(json.loads(answer.content))
        except ValueError:
            is_ack = False
        return "" if is_ack else "200 without the acknowledgement"

    def _settle(self, one: _Try, outcome: Outcome) -> None:
        self._ledger.note(one.delivery, outcome)
        self._tell_refusal(outcome)
        next_try = self._clock.next_try(one.first_at, one.attempt)
        with self._changed:
            self._going -= 1
            if not outcome.is_acknowledged and next_try is not None:
                one.due, one.attempt = next_try, one.attempt + 1
                heapq.heappush(self._tries, one)
            self._changed.notify_all()

    def _tell_refusal(self, outcome: Outcome) -> None:
        """Tell each kind of refusal once: the summary has the numbers."""
        if not outcome.is_acknowledged and outcome.answer not in self._refusals:
            self._refusals.add(outcome.answer)
            self._on_refusal(outcome.answer)

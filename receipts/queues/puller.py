"""One place of one queue, pulled in a thread of its own."""

import threading
import time
from contextlib import closing

import structlog

from channels_cfg.pulling import OpenQueue, QueueError
from receipts.queues import noting
from receipts.queues.leases import Leases
from receipts.queues.pauses import Pauses
from receipts.queues.pull import Pull
from receipts.queues.stopping import Stop, repeat
from receipts.queues.wanted import Place, Wanted

log = structlog.get_logger(__name__)

# A long poll cannot be interrupted, and a change must be in force within 10 s.
WAIT_S = 5
EARLY_S = WAIT_S / 2  # an empty answer before that was no long poll
TAKE_AGAIN_S = 3.0
THROTTLED_S = 10.0
# So many early answers in a row are no chance any more: ops staff are told.
MANY_EARLY = 3
ANSWERS_EARLY = (
    "the provider answers at once that nothing waits, as it does when too many calls "
    "wait for one queue: use fewer consumers, and see whether others pull it too"
)
LOOK_FOR_RETRY_S = 2.0


class Puller:
    """Pulls while it holds the lease, until it is stopped."""

    def __init__(
        self, place: Place, wanted: Wanted, *, queue: OpenQueue, leases: Leases
    ) -> None:
        self.place = place
        self.wanted = wanted
        self._queue = queue
        self._leases = leases
        self._stop = Stop()
        self._errors = Pauses(first_s=1, longest_s=60)
        self._empties = Pauses(first_s=0.5, longest_s=8)
        self._early = 0  # empty answers in a row that were no long polls
        # Somebody may put it right at the provider, where we see nothing of it.
        self._stops = Pauses(first_s=60, longest_s=600)
        # A daemon: whoever waits for an answer does not hold up the end.
        self._thread = threading.Thread(target=self._run, name=str(place), daemon=True)
        self._before: Puller | None = None
        self._pulling: Pull | None = None

    def start(self, before: "Puller | None" = None) -> None:
        """Start the thread, after ``before``, which is stopping, if that ends soon."""
        self._before = before
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end: at once, or when the answer it waits for has come."""
        self._stop.request()

    def join(self, seconds: float) -> None:
        """Wait until it has ended, ``seconds`` at most."""
        self._thread.join(seconds)

    def finish(self, seconds: float) -> None:
        """Wait until it holds no message, ``seconds`` at most; it may wait for some."""
        if self._pulling is not None:
            self._pulling.holds_nothing.wait(seconds)

    def _run(self) -> None:
        if self._before is not None:
            self._before.join(WAIT_S)
            self._before = None
        repeat(self._work, self._stop)

    def _work(self) -> None:
        was_held = self._leases.is_held(self.place)
        if not self._leases.take(self.place):
            self._stop.wait(TAKE_AGAIN_S)
            return
        if not was_held:
            log.info(
                "queue_taken", queue=str(self.place.queue), place=self.place.number
            )
        try:
            self._pull()
        except QueueError as exc:
            self._come_to_terms(exc)
        if self._stop.is_requested:
            self._leases.release(self.place)

    def _pull(self) -> None:
        with closing(Pull(self.place, self.wanted, self._queue)) as pull:
            self._pulling = pull
            while not self._stop.is_requested and self._leases.is_held(self.place):
                self._turn(pull)

    def _turn(self, pull: Pull) -> None:
        asked_at = time.monotonic()
        received = pull.turn(WAIT_S, self._stop.is_late)
        self._errors.reset()
        self._stops.reset()
        if received or time.monotonic() - asked_at >= EARLY_S:
            self._empties.reset()
            self._early = 0
        else:
            # Too many wait at the provider already: it answers at once, and for each.
            self._early += 1
            if self._early == MANY_EARLY:
                noting.note_error(self.place, ANSWERS_EARLY, is_stopped=False)
            self._stop.wait(self._empties.next())

    def _come_to_terms(self, exc: QueueError) -> None:
        noting.note_error(self.place, str(exc), is_stopped=exc.is_configuration)
        queue = str(self.place.queue)
        if exc.is_configuration:
            log.error("queue_stopped", queue=queue, reason=str(exc))
            self._wait_for_ops()
        else:
            log.warning("queue_error", queue=queue, reason=str(exc))
            least = THROTTLED_S if exc.is_throttling else 0
            self._stop.wait(self._errors.next(at_least_s=least))

    def _wait_for_ops(self) -> None:
        until = time.monotonic() + self._stops.next()
        while time.monotonic() < until and self._leases.is_held(self.place):
            if self._stop.wait(LOOK_FOR_RETRY_S) or not noting.is_stopped(self.place):
                return

"""Every queue until it is empty, then the end: for a look by hand, or for cron."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from channels_cfg.pulling import QueueError
from receipts.queues import noting
from receipts.queues.leases import Leases
from receipts.queues.pull import Pull
from receipts.queues.wanted import Place, QueueName, Wanted, load

WAIT_S = 1


@dataclass(slots=True, kw_only=True)
class Emptied:
    """What became of one queue; ``trouble`` is '' when it was emptied."""

    name: QueueName
    messages: int = 0
    trouble: str = ""


def pull_once(only: str = "") -> Iterator[Emptied]:
    """Pull each queue, or the one of that name, until it is empty."""
    leases = Leases()
    for name, wanted in load().items():
        if not only or name.name == only:
            yield _empty(wanted, leases)


def _empty(wanted: Wanted, leases: Leases) -> Emptied:
    done = Emptied(name=wanted.name)
    place = next((place for place in wanted.places if leases.take(place)), None)
    if place is None:
        done.trouble = "another consumer pulls it"
        return done
    try:
        _pull(wanted, place, leases=leases, done=done)
    except QueueError as exc:
        noting.note_error(place, str(exc), is_stopped=exc.is_configuration)
        done.trouble = str(exc)
    finally:
        leases.release(place)
    return done


def _pull(wanted: Wanted, place: Place, *, leases: Leases, done: Emptied) -> None:
    with closing(Pull(place, wanted, wanted.open())) as pull:
        while received := pull.turn(WAIT_S):
            done.messages += received
            leases.renew()

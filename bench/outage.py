"""``python -m bench outage``: PostgreSQL stopped for ten minutes while pushes go on.

Every push must be acknowledged, 99 of 100 within 300 ms once the breaker is open, and
all must be readable within two minutes of the return.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bench.faults import ground

if TYPE_CHECKING:
    from bench.faults.load import Result

_CALM_S = 20.0
_BREAKER_OPENS_WITHIN = timedelta(seconds=2)
_P99_MS, _READABLE_S = 300, 120


def main(words: Sequence[str]) -> int:
    """Run it; 0 if it went as it must."""
    asked = ground.arguments("outage", words, minutes=10, rate=50)
    with ground.portal(keep=asked.keep) as portal:
        from bench.faults.database import await_database, kept_away
        from bench.faults.scene import Scene
        from portal.simulator.ledger import now

        moments: dict[str, datetime] = {}

        def stay_away(scene: Scene) -> None:
            scene.wait(_CALM_S)
            moments["left"] = now()
            with kept_away(scene):
                scene.wait(asked.minutes * 60)
            await_database(scene)
            moments["back"] = now()

        seconds = asked.minutes * 60 + 2 * _CALM_S
        result = ground.played(
            portal,
            "outage",
            stay_away,
            rate=asked.rate,
            seconds=seconds,
            until_s=_READABLE_S + 60,
        )
    return _judged(result, moments["left"], moments["back"], rate=asked.rate)


def _judged(result: "Result", left: datetime, back: datetime, *, rate: float) -> int:
    during = ground.acks_between(result, left + _BREAKER_OPENS_WITHIN, back)
    before = ground.acks_between(result, end=left)
    stored = [
        row.stored_at for row in result.seen.receipts.values() if row.received_at < back
    ]
    readable_s = (max(stored) - back).total_seconds()
    p99 = ground.percentile(during, 0.99)
    print(f"away for {(back - left).total_seconds():.0f} s at {rate:.0f} pushes/s")
    print(f"ack p99 before {ground.percentile(before, 0.99):.0f} ms")
    print(
        f"ack p99 while away {p99:.0f} ms, slowest of all {max(result.ledger.ack_ms):.0f}"
    )
    print(f"all readable {readable_s:.1f} s after its return")
    return ground.verdict(
        result,
        refused=sum(result.refusals.values()),
        too_slow=p99 > _P99_MS,
        too_late=readable_s > _READABLE_S,
    )

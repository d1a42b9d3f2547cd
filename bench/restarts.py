"""``python -m bench restarts``: rolling restarts of the web under load.

No push may be answered by anything but 200, none may wait for more than two seconds.
"""

import time
from collections.abc import Sequence

from bench.faults import ground

_LATE_MS = 2000
_ONE_TAKES_S = 14  # two workers each, that overlap with the old ones by 5 s


def main(words: Sequence[str]) -> int:
    """Run it; 0 if it went as it must."""
    asked = ground.arguments("restarts", words, times=20, rate=50)
    with ground.portal(keep=asked.keep) as portal:
        from bench.faults.scene import Scene
        from bench.faults.web import roll

        took: list[float] = []

        def restart(scene: Scene) -> None:
            for _ in range(int(asked.times)):
                began = time.monotonic()
                roll(scene)
                took.append(time.monotonic() - began)

        result = ground.played(
            portal,
            "restarts",
            restart,
            rate=asked.rate,
            seconds=asked.times * _ONE_TAKES_S,
            until_s=60,
        )
        killed = portal.lines("refused to gracefully stop")
    acks = ground.acks_between(result)
    print(f"{len(took)} restarts, {sum(took) / len(took):.1f} s each")
    print(f"ack p99 {ground.percentile(acks, 0.99):.0f} ms, slowest {max(acks):.0f} ms")
    return ground.verdict(
        result,
        refused=sum(result.refusals.values()),
        late=sum(ms > _LATE_MS for ms in acks),
        workers_killed=killed,
    )

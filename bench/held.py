"""``python -m bench held``: clients that hold 200 connections, at the door and at login.

Once with half a head, once with half a body. Healthy pushes must keep a p99 of 500 ms.
"""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from bench.faults import ground, raw
from bench.faults.portal import Portal

if TYPE_CHECKING:
    from bench.faults.scene import Scene

_P99_MS = 500
_AGAIN_EVERY_S = 4.0  # the edge lets go of a head after 5 s, of a body after 10 s
_HALF_A_HEAD = 40  # bytes


def main(words: Sequence[str]) -> int:
    """Run it; 0 if it went as it must."""
    asked = ground.arguments("held", words, connections=200, rate=50, seconds=30)
    with ground.portal(keep=asked.keep) as portal:
        statuses = [
            _measure(portal, asked, place=place, part=part)
            for place in ("door", "login")
            for part in ("heads", "bodies")
        ]
    return max(statuses)


def _measure(portal: Portal, asked: Namespace, *, place: str, part: str) -> int:
    def hold(scene: "Scene") -> None:
        url = scene.door if place == "door" else f"{portal.url}/admin/login/"
        begun = raw.head(url, "Content-Length: 100") + b"[{"
        if part == "heads":
            begun = begun[:_HALF_A_HEAD]
        for _ in range(max(1, int(asked.seconds / _AGAIN_EVERY_S) - 1)):
            _hold(scene, url, begun, connections=int(asked.connections))

    result = ground.played(
        portal,
        f"held-{place}-{part}",
        hold,
        rate=asked.rate,
        seconds=asked.seconds,
        until_s=30,
    )
    acks = ground.acks_between(result)
    p99 = ground.percentile(acks, 0.99)
    print(f"{asked.connections:.0f} {part} held at the {place}:", end=" ")
    print(f"ack p99 {p99:.0f} ms, slowest {max(acks):.0f} ms")
    refused = sum(result.refusals.values())
    return ground.verdict(result, refused=refused, too_slow=p99 > _P99_MS)


def _hold(scene: "Scene", url: str, begun: bytes, *, connections: int) -> None:
    with ExitStack() as held:
        for _ in range(connections):
            held.enter_context(closing(raw.connect(url))).sendall(begun)
        scene.wait(_AGAIN_EVERY_S)

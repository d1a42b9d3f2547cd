"""How fast pushes are taken, and at what cost, beside others that take the same."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack

import msgspec

from bench.figures import Spread
from bench.load import Pushed, Wish
from bench.stack import NoPeer
from bench.web import NotStarted, Web

Opener = Callable[[], AbstractContextManager[Web]]
SIZES = (1, 2, 20, 100)
_OK = 200


class Accepted(msgspec.Struct, kw_only=True):
    """One server at one size of pushes."""

    server: str
    items: int
    rate: Spread  # pushes a second
    p50_ms: Spread
    p99_ms: Spread
    cpu_ms: Spread  # of the server's processes, a push
    refused: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How long to measure."""

    rounds: int
    seconds: float
    sizes: Sequence[int] = SIZES


def measure(openers: Mapping[str, Opener], plan: Plan) -> list[Accepted]:
    """Measure servers in turns, so that a busy moment of the machine hits them all."""
    seen: dict[tuple[str, int], list[tuple[Pushed, float]]] = {}
    number = 0
    for _ in range(plan.rounds):
        for name, opener in openers.items():
            with ExitStack() as stack:
                try:
                    web = stack.enter_context(opener())
                except (NoPeer, NotStarted) as exc:
                    print(f"  {name} is left out: {exc}", flush=True)
                    continue
                web.push(Wish(items=1, seconds=1.0, start=number))  # warm
                for items in plan.sizes:
                    number += 10_000_000
                    wish = Wish(items=items, seconds=plan.seconds, start=number)
                    seen.setdefault((name, items), []).append(_once(web, wish))
    return [_sum_up(*key, found) for key, found in seen.items()]


def _once(web: Web, wish: Wish) -> tuple[Pushed, float]:
    before = web.cpu_seconds()
    pushed = web.push(wish)
    return pushed, (web.cpu_seconds() - before) * 1000 / len(pushed.acks)


def _sum_up(server: str, items: int, found: Sequence[tuple[Pushed, float]]) -> Accepted:
    acks = [Spread.of(pushed.acks) for pushed, _ in found]
    return Accepted(
        server=server,
        items=items,
        rate=Spread.of([pushed.rate for pushed, _ in found]),
        p50_ms=Spread.of([ack.median for ack in acks]),
        p99_ms=Spread.of([ack.p99 for ack in acks]),
        cpu_ms=Spread.of([cpu for _, cpu in found]),
        refused=sum(
            n
            for pushed, _ in found
            for status, n in pushed.statuses.items()
            if status != _OK
        ),
    )


def rate_of(found: Sequence[Accepted], server: str, items: int) -> float:
    """Return the median rate of a server; 0 where it was left out."""
    for one in found:
        if (one.server, one.items) == (server, items):
            return one.rate.median
    return 0.0

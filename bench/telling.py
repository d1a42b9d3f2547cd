"""Figures as lines of the table, each beside its goal."""

from collections.abc import Mapping, Sequence

from bench.accept import Accepted, rate_of
from bench.draining import Drained
from bench.figures import Spread
from bench.queries.measured import Measured
from bench.queries.registry import STEADY
from bench.report import Report, by_name, share, shown
from bench.whole import Footprint, UnderLoad

_LETTERS = {
    "nothing": "(a) a view that does nothing",
    "nothing, trimmed": "(a) trimmed",
    "plain": "(b) the plain way",
    "plain, trimmed": "(b) trimmed",
    "tasks": "(c) a task a receipt",
    "fastify": "(d) Fastify",
    "fastify, at once": "(d) Fastify, one statement a push",
    "node-red": "(e) Node-RED",
    "edge": "door behind the edge",
}
_LEAST_MS = 10.0  # what is faster is round trips, and equal
_SLOWEST_ACK_MS = 1000.0


def accepted(report: Report, found: Sequence[Accepted]) -> None:
    """Tell of the door beside its peers."""
    report.note("accept", found)
    for one in sorted(found, key=lambda one: one.items):
        report.tell(
            f"{_LETTERS.get(one.server, one.server)}, {one.items} a push",
            f"{shown(one.rate)}/s",
        )
        refused = f", {one.refused} REFUSED" if one.refused else ""
        report.tell(
            "",
            f"ack p50 {one.p50_ms.median:.1f} p99 {one.p99_ms.median:.1f} ms, "
            f"CPU {one.cpu_ms.median:.3f} ms{refused}",
        )
    for peer, items, least in (
        ("nothing", 1, 0.45),
        ("plain", 1, 4),
        ("plain", 20, 15),
    ):
        ours = rate_of(found, "door", items)
        part = share(ours, rate_of(found, peer, items))
        trimmed = share(ours, rate_of(found, f"{peer}, trimmed", items))
        report.hold(
            f"door against {_LETTERS[peer]}, {items} a push",
            f"{part:.2f} (trimmed {trimmed:.2f})",
            goal=f"{least} or more",
            is_reached=part >= least,
        )
    cpu = next(one.cpu_ms for one in found if (one.server, one.items) == ("door", 1))
    report.hold(
        "CPU of the door for a push of 1",
        f"{shown(cpu, 3)} ms",
        goal="0.5 ms or less",
        is_reached=cpu.median <= 0.5,
    )


def drained(report: Report, found: Drained) -> None:
    """Tell of the drain beside COPY."""
    report.note("drain", found)
    report.tell("COPY of the same rows, the limit", shown(found.copy))
    part = found.share_of_copy
    report.tell("one worker, of COPY", shown(found.share_of_one, 2))
    report.hold(
        "two workers, as shipped, of COPY",
        shown(part, 2),
        goal="0.35 or more",
        is_reached=part.median >= 0.35,
    )
    for name, spread, least in (
        ("one worker", found.one, 9_000.0),
        ("two workers", found.two, 12_000.0),
        ("repeats, one worker", found.repeats, found.one.median),
    ):
        report.hold(
            name,
            shown(spread),
            goal=f"{least:,.0f} or more",
            is_reached=spread.median >= least,
        )
    python, server, limit = found.cpu_us, found.backend_us, found.copy_us
    report.tell("processor for a receipt: our process", f"{shown(python, 1)} µs")
    report.tell(
        "... PostgreSQL's, and for COPY", f"{server.median:.1f}, {limit.median:.1f} µs"
    )
    report.tell(
        "one worker, of COPY, by processor time alone",
        f"{share(limit.median, python.median + server.median):.2f}",
    )


def grown(report: Report, found: Spread, doors: Sequence[Accepted]) -> None:
    """Tell what a full database costs."""
    report.note("growth", {"drain": found, "accept": doors})
    report.hold(
        "drain, full against empty",
        shown(found, 2),
        goal="0.8 or more",
        is_reached=found.median >= 0.8,
    )
    part = share(rate_of(doors, "full", 1), rate_of(doors, "empty", 1))
    report.tell("door, full against empty", f"{part:.2f}")


def searched(report: Report, found: Mapping[int, Sequence[Measured]]) -> None:
    """Tell of all queries at each size, and of those that miss their goal."""
    report.note("queries", {str(size): rows for size, rows in found.items()})
    small = {one.path: one for one in found[min(found)]}
    for size, rows in found.items():
        for kind in dict.fromkeys(one.kind for one in rows):
            _tell_kind(report, size, kind, [one for one in rows if one.kind == kind])
        for one in rows:
            before = small[one.path].cpu_p95
            grows = one.kind in STEADY and one.cpu_p95 > max(_LEAST_MS, 2 * before)
            if not one.is_reached or grows:
                why = " ".join(one.scans) or ("grows" if grows else "slow")
                report.tell(
                    f"    {one.path[:70]}",
                    f"p50 {one.p50:.0f} p95 {one.p95:.0f} worked {one.cpu_p95:.0f}: {why}",
                )


def _tell_kind(report: Report, size: int, kind: str, rows: Sequence[Measured]) -> None:
    p50 = Spread.of([one.p50 for one in rows])
    p95 = Spread.of([one.p95 for one in rows])
    worked = max(one.cpu_p95 for one in rows)
    missed = sum(not one.is_reached for one in rows)
    report.hold(
        f"{size:,}: {len(rows)} of kind {kind}",
        f"p50 {p50.median:.1f}, slowest p95 {p95.most:.0f}, worked {worked:.0f} ms",
        goal="all within",
        is_reached=not missed,
    )


def at_rest(report: Report, found: Footprint) -> None:
    """Tell what the portal takes when nothing happens."""
    report.note("idle", found)
    report.tell("memory of each", f"{by_name(found.memory)} MiB")
    report.hold(
        "memory of all, idle",
        f"{found.total:.0f} MiB",
        goal="under 900",
        is_reached=found.total < 900,
    )
    report.hold(
        "processor, idle",
        f"{found.cpu:.1f} %",
        goal="under 4 %",
        is_reached=found.cpu < 4,
    )


def busy(report: Report, found: Footprint) -> None:
    """Tell what it takes after much work."""
    report.note("busy", found)
    report.tell("memory after work", f"{found.total:.0f} MiB: {by_name(found.memory)}")


def end_to_end(
    report: Report, rates: Sequence[float], other: Mapping[str, float]
) -> None:
    """Tell how long it takes from a push to the API; ``other`` is (d), by its path."""
    report.note("end_to_end", {"portal": rates, "fastify": other})
    spread = Spread.of(rates)
    if not other:
        report.tell("end to end, receipts a second", shown(spread))
        return
    report.hold(
        "end to end, receipts a second",
        shown(spread),
        goal=f"{other['/push']:,.0f} of (d), which folds nothing",
        is_reached=spread.median >= other["/push"],
    )
    report.tell("(d) with one statement a push", f"{other['/at-once']:,.0f}")


def backlog(report: Report, rounds: Sequence[UnderLoad]) -> None:
    """Tell of acks while a backlog drained."""
    report.note("backlog", rounds)
    p99 = Spread.of([found.acks.p99 for found in rounds])
    left = min(found.left for found in rounds)
    report.hold(
        f"ack p99 at half rate, {left:,} still waiting",
        f"{p99.median:.0f} ms ({p99.least:.0f} to {p99.most:.0f})",
        goal="under 250 ms",
        is_reached=p99.median < 250 and not any(found.refused for found in rounds),
    )


def burst(report: Report, found: UnderLoad) -> None:
    """Tell of 200,000 receipts at once."""
    report.note("burst", found)
    slowest = found.acks.most
    report.hold(
        f"burst: slowest ack of {found.acks.rounds:,} pushes of 200",
        f"{slowest:.0f} ms",
        goal=f"under {_SLOWEST_ACK_MS:.0f} ms",
        is_reached=slowest < _SLOWEST_ACK_MS and not found.refused,
    )
    report.tell("burst: drained after", f"{found.drained_s:.0f} s")
    if found.timelines is not None:
        report.hold(
            "burst: timeline p95 meanwhile",
            f"{found.timelines.p95:.0f} ms",
            goal="under 1000 ms",
            is_reached=found.timelines.p95 < 1000,
        )

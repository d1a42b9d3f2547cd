"""The table of a campaign, as lines of text."""

from collections.abc import Iterable, Iterator, Sequence

from bench.faults.scene import Row

_HEAD = (
    f"{'':5}{'fault':42}{'acked':>8}{'lost':>6}{'doubled':>8}{'refused':>8}"
    f"{'slowest ack':>13}{'p99':>9}{'caught up':>11}"
)


def head() -> str:
    """Return the names of the columns."""
    return _HEAD


def line(row: Row) -> Iterator[str]:
    """Yield a row's line, then what is to be said of it."""
    fault = row.fault
    if row.skipped:
        yield f"{fault.name:5}{fault.does:42}SKIPPED: {row.skipped}"
        return
    yield (
        f"{fault.name:5}{fault.does[:41]:42}{row.acked:>8,}{row.lost:>6,}"
        f"{row.doubled:>8,}{sum(row.refusals.values()):>8,}"
        f"{row.slowest_ms:>10,.0f} ms{row.p99_ms:>6,.0f} ms{row.catch_up_s:>9.1f} s"
    )
    refusals = ", ".join(f"{n} x {answer}" for answer, n in row.refusals.items())
    for each in (refusals, "; ".join(row.notes)):
        if each:
            yield f"     {each}"
    yield from (f"     PROBLEM: {each}" for each in row.problems)


def total(rows: Sequence[Row], complaints: Iterable[str]) -> Iterator[str]:
    """Yield the sum, and the verdict."""
    ran = [row for row in rows if not row.skipped]
    yield (
        f"{'':5}{'all':42}{sum(r.acked for r in ran):>8,}{sum(r.lost for r in ran):>6,}"
        f"{sum(r.doubled for r in ran):>8,}"
        f"{sum(sum(r.refusals.values()) for r in ran):>8,}"
        f"{max((r.slowest_ms for r in ran), default=0):>10,.0f} ms"
    )
    found = [*complaints]
    yield from (f"PROBLEM: {each}" for each in found)
    bad = [row.fault.name for row in ran if not row.is_good]
    if bad or found:
        yield f"NOT GOOD: {', '.join(bad) or 'see above'}."
    else:
        yield "Ledger, API, tables and counts agree: nothing lost, nothing doubled."

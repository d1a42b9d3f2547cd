"""The summary of a simulation, as lines of text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from portal.simulator.comparing import Difference
from portal.simulator.items import Expected
from portal.simulator.running import Result

_EXAMPLES = 5


def lines(result: Result) -> Iterator[str]:
    """Yield the table, the times and what is wrong, and one sentence at the end."""
    yield from _table(result)
    yield ""
    yield from _times(result)
    if result.difference is not None:
        yield from _examples(result.difference)
    yield ""
    yield verdict(result)


def verdict(result: Result) -> str:
    """Return how it ended in one sentence."""
    difference = result.difference
    if difference is None:
        return f"Not compared: {result.problem}."
    stopped = "Stopped before the end. " if result.is_interrupted else ""
    if not difference.is_none:
        return f"{stopped}NOT GOOD: the API does not show what was acknowledged."
    tally = result.ledger.tally()
    if tally.given_up:
        return (
            f"{stopped}Everything that was acknowledged is there once, but "
            f"{tally.given_up:,} receipts were never acknowledged and are lost."
        )
    return f"{stopped}Nothing is missing, nothing is doubled."


def _table(result: Result) -> Iterator[str]:
    tally, difference = result.ledger.tally(), result.difference
    yield f"{'':22}{'receipts':>10}{'messages':>10}"
    yield _row("sent", tally.sent)
    yield _row("acknowledged", tally.acknowledged)
    yield _row("given up", tally.given_up)
    if tally.open:
        yield _row("still open", tally.open)
    if difference is None:
        return
    yield _row("visible", difference.visible, difference.visible_messages)
    yield _row("missing", len(difference.missing), len(difference.missing_messages))
    yield _row("doubled", len(difference.doubled), len(difference.doubled_messages))
    yield _row("not as told", len(difference.untold), len(difference.wrong_messages))


def _row(name: str, receipts: int, messages: int | None = None) -> str:
    other = "" if messages is None else f"{messages:,}"
    return f"{name:<22}{receipts:>10,}{other:>10}"


def _times(result: Result) -> Iterator[str]:
    tally = result.ledger.tally()
    yield (
        f"pushes                {tally.pushes:,}, {tally.repeats:,} of them repeats; "
        f"{tally.retries:,} retries"
    )
    yield f"acknowledged within   {_spread(result.ledger.ack_ms)}"
    lags = [
        (row.stored_at - row.received_at).total_seconds() * 1000
        for row in result.seen.receipts.values()
        if row.told in result.ledger.acknowledged
    ]
    yield f"readable within       {_spread(lags)} of their arrival"
    if result.caught_up_s is not None:
        yield f"compared              {result.caught_up_s:.1f} s after the last ack"


def _spread(ms: Sequence[float]) -> str:
    if not ms:
        return "-"
    ordered = sorted(ms)
    p50, p99 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
    return f"p50 {_time(p50)}, p99 {_time(p99)}, max {_time(ordered[-1])}"


def _time(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 10_000 else f"{ms / 1000:.1f} s"


def _examples(difference: Difference) -> Iterator[str]:
    for name, told in (
        ("missing", difference.missing),
        ("doubled", difference.doubled),
        ("not as told", difference.untold),
    ):
        yield from (f"  {name}: {_said(each)}" for each in islice(told, _EXAMPLES))
    for name, messages in (
        ("missing message", difference.missing_messages),
        ("doubled message", difference.doubled_messages),
        ("wrong message", difference.wrong_messages),
    ):
        yield from _first(name, messages)


def _first(name: str, messages: Iterable[str]) -> Iterator[str]:
    yield from (f"  {name}: {about}" for about in islice(messages, _EXAMPLES))


def _said(told: Expected) -> str:
    parts = (told.kind, told.message_id, told.word, told.person, told.detail)
    return " ".join(str(part) for part in parts if part)

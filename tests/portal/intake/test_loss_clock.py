"""The loss clock says what the ledgers of both providers say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from channels_cfg.models import Channel
from receipts.models import IntakeSpan, ReceiptCount
from receipts.watching.telling import Statement, told
from receipts.watching.windows import Window
from tests.portal.intake.rehearsal import (
    COMPRESS,
    SLACK,
    Rehearsal,
    Told,
    rehearse,
    stretched,
)
from tests.receipts.conftest import patient_door

__all__ = ["patient_door"]

log = structlog.get_logger(__name__)
START = datetime(2026, 6, 3, 10, 20, tzinfo=UTC)
LATER = START + timedelta(hours=1)


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("gap_s", [60, 150, 480])
def test_statement_about_a_gap_is_what_the_ledgers_say(
    gap_s: int, tmp_path: Path
) -> None:
    rehearsal = rehearse(gap_s, tmp_path)
    _keep(rehearsal)

    (gap,) = told(LATER)[1]

    # A busy machine looks late: so long after its end the gap was still thought to be.
    seen_late = gap.gap.window.length - timedelta(seconds=rehearsal.away_s)
    assert seen_late < timedelta(seconds=1) * COMPRESS
    assert {each.provider for each in gap.statements} == {"cams", "8x8"}
    for statement in gap.statements:
        ledger = rehearsal.told[statement.provider]
        report(gap_s, statement, ledger)
        lost_s = max(0.0, rehearsal.away_s - statement.waits[-1].total_seconds())
        stated_s = statement.fate.lost_for.total_seconds()
        assert stated_s == pytest.approx(lost_s, abs=seen_late.total_seconds() + 1)
        assert not list(_contradictions(statement, ledger, rehearsal, seen_late))
        assert statement.usual_lost == pytest.approx(
            _receipts(ledger, ledger.lost), rel=0.25, abs=15
        )


def _keep(rehearsal: Rehearsal) -> None:
    """Keep signs of life and usual volume as they were on the providers' clock."""
    for span in rehearsal.spans:
        IntakeSpan.objects.create(
            host="here",
            started_at=stretched(span.started_at, rehearsal, START),
            ended_at=stretched(span.ended_at, rehearsal, START),
            why_before=span.why_before,
        )
    # Nothing goes on in this story: whoever looks later sees the door answer.
    last = stretched(rehearsal.spans[-1].ended_at, rehearsal, START)
    IntakeSpan.objects.create(host="there", started_at=last, ended_at=LATER)
    week_before = START.replace(minute=0) - timedelta(weeks=1)
    for channel in Channel.objects.all():
        ledger = rehearsal.told[channel.key]
        a_second = _receipts(ledger, set(ledger.receipts)) / rehearsal.length_s
        ReceiptCount.objects.create(
            hour=week_before,
            channel=channel,
            kind="status",
            n=round(a_second * 3600 / COMPRESS),
        )


def _receipts(ledger: Told, numbers: set[int]) -> int:
    return sum(ledger.receipts[number] for number in numbers)


def _contradictions(
    statement: Statement, ledger: Told, rehearsal: Rehearsal, seen_late: timedelta
) -> Iterator[str]:
    """Yield pushes whose end is not as stated, but for those on the very edge."""
    for number, first_at in ledger.first_at.items():
        at = stretched(first_at, rehearsal, START)
        is_lost = number in ledger.lost
        if is_lost != _is_in(at, statement.fate.lost) and not any(
            abs(at - edge) < SLACK + seen_late
            for window in statement.fate.lost
            for edge in (window.start, window.end)
        ):
            yield f"{number} first tried {at}: lost {is_lost}"


def _is_in(at: datetime, windows: tuple[Window, ...]) -> bool:
    return any(each.start <= at < each.end for each in windows)


def report(gap_s: int, statement: Statement, ledger: Told) -> None:
    """Tell the figures that docs/operating-intake.md shows (pytest --log-cli-level=INFO)."""
    log.info(
        "loss_clock_rehearsed",
        provider=statement.provider,
        gap_s=gap_s,
        stated_lost_s=round(statement.fate.lost_for.total_seconds()),
        stated_receipts=round(statement.usual_lost or 0),
        ledger_lost_receipts=_receipts(ledger, ledger.lost),
        ledger_lost_pushes=len(ledger.lost),
        pushes=len(ledger.first_at),
    )

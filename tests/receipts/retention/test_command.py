"""``manage.py retention`` tells and does."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from psycopg import connect

from channels_cfg.models import Channel
from receipts.models import Callback, Refusal
from receipts.partitioning import CUTS, ensure_partitions
from tests.receipts.retention.conftest import Old, address, partition_of


def test_preview_names_each_rule_and_what_goes(old: Old) -> None:
    gone = old(40)

    told = _say("preview")

    assert "callbacks: 30 days, whole days" in told
    assert (
        f"now callbacks {partition_of('receipts_callback', gone.received_at)}" in told
    )
    assert Callback.objects.exists()


def test_run_removes_and_says_so(old: Old) -> None:
    old(40)

    told = _say("run")

    assert "removed: now callbacks" in told
    assert not Callback.objects.exists()
    assert "nothing was due" in _say("run")


def test_refusals_go_after_their_last_push(channel: Channel) -> None:
    for days in (10, 40):
        at = timezone.now() - timedelta(days=days)
        Refusal.objects.create(
            path=f"p{days}", reason="unknown", count=1, first_at=at, last_at=at
        )

    _say("run")

    assert [r.path for r in Refusal.objects.all()] == ["p10"]


def test_partition_that_cannot_be_made_now_is_made_later(old: Old) -> None:
    future = timezone.now() + timedelta(days=300)

    with connect(address()) as backup:
        for cut in CUTS:
            backup.execute(f"LOCK TABLE {cut.table} IN ACCESS SHARE MODE")
        meanwhile = ensure_partitions(future)

    assert meanwhile == []
    assert len(ensure_partitions(future)) == 14
    assert ensure_partitions(future) == []


def _say(action: str) -> str:
    out = StringIO()
    call_command("retention", action, stdout=out)
    return out.getvalue()

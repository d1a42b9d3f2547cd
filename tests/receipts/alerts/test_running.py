"""Real processes: the sweep judges and tells without Redis and without a worker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from channels_cfg.models import Channel
from receipts.alerts.models import AlertRule, Destination, HostState, Turn
from tests.receipts.alerts.conftest import used
from tests.receipts.alerts.mailbox import Mailbox
from tests.receipts.alerts.receiver import Receiver

ROOT = Path(__file__).parents[3]


def _url() -> str:
    """Return the address of the database that this test has."""
    given = urlsplit(os.environ["DATABASE_URL"])
    # Not urlunsplit: it drops the empty host of a socket's address.
    name = connection.settings_dict["NAME"]
    return f"{given.scheme}://{given.netloc}/{name}?{given.query}"


@pytest.fixture
def sweep(
    transactional_db: None, tmp_path: Path, mailbox: Mailbox
) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Start ``manage.py sweep`` as the supervisor does, with a Redis that is away."""
    started: list[subprocess.Popen[bytes]] = []
    env = {
        **os.environ,
        "DATABASE_URL": _url(),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "BACKGROUND_THREADS": "on",
        "DATA_DIR": str(tmp_path),
        "SPOOL_DIR": str(tmp_path / "spool"),
        "ALERTS_ALLOW_PRIVATE": "127.0.0.1",
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "PORTAL_PROCESS": "sweep",
    }

    def start() -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(ROOT / "manage.py"), "sweep"]
        started.append(subprocess.Popen(command, env=env, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


def until(is_so: Callable[[], object], *, within_s: float) -> None:
    """Wait until ``is_so`` gives something true; fail when it does not."""
    ends_at = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come about"
        time.sleep(0.1)


@pytest.mark.usefixtures("hook")
def test_sweep_alone_tells_the_beginning_and_the_end_by_webhook_and_mail(
    sweep: Callable[[], object], channel: Channel, receiver: Receiver, mailbox: Mailbox
) -> None:
    Destination.objects.create(name="m", form="email", mail_to=["ops@example.org"])
    AlertRule.objects.create(kind="silence", limits={"minutes": 600})
    used(channel, timedelta(hours=25))

    sweep()

    until(lambda: receiver.bodies and mailbox.mails, within_s=40)
    assert receiver.changes == [("alert.opened", "silence")]
    assert Turn.objects.get().judged_by == "sweep"
    assert HostState.objects.get().disks
    used(channel, timedelta())
    until(lambda: len(receiver.bodies) > 1 and len(mailbox.mails) > 1, within_s=60)
    assert receiver.changes[1:] == [("alert.recovered", "silence")]
    assert [each["Subject"].split("]")[0] for each in mailbox.mails] == [
        "[critical",
        "[recovered",
    ]

"""A receiver, destinations that lead to it, and turns at any time of the clock."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from receipts.alerts import bodies
from receipts.alerts.models import Destination, Turn
from receipts.alerts.turn import take_turn
from receipts.models import PathUse
from receipts.spool import health
from tests.receipts.alerts.mailbox import Mailbox, mail_server
from tests.receipts.alerts.receiver import Receiver, receiving

TakeTurn = Callable[..., None]


@pytest.fixture(autouse=True)
def own_spool(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep the spool of this test to itself, and ask after it anew each time."""
    settings.SPOOL_DIR = tmp_path / "spool"
    monkeypatch.setattr(health, "_ANSWER_HOLDS_S", 0.0)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver whose address is allowed although it is private."""
    settings.ALERTS_ALLOW_PRIVATE = ["127.0.0.1"]
    with receiving() as served:
        yield served


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A mail server that Django's own backend for SMTP talks to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        yield box


@pytest.fixture
def hook(transactional_db: None, receiver: Receiver) -> Destination:
    """A signed webhook that hears of everything."""
    return Destination.objects.create(
        name="hook",
        form=Destination.Form.WEBHOOK,
        url=Hidden((receiver.url,)),
        host="127.0.0.1",
        secrets=Hidden((bodies.new_secret(),)),
    )


@pytest.fixture
def turn(transactional_db: None) -> Iterator[TakeTurn]:
    """Take a turn, ``later`` than the last one was."""
    with time_machine.travel(timezone.now()) as clock:

        def do(later: timedelta = timedelta(seconds=30)) -> None:
            clock.shift(later)
            Turn.objects.all().delete()  # whoever judged before us
            take_turn()

        yield do


def used(channel: Channel, ago: timedelta, receipt_type: str = "mt_status") -> None:
    """Say that a path was last used then, and never any other."""
    path = CallbackPath.objects.get(channel=channel, receipt_type=receipt_type)
    PathUse.objects.update_or_create(
        callback_path=path, defaults={"last_used_at": timezone.now() - ago}
    )

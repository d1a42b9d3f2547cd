"""The command against a served portal, drained beside it: all is there, or it says so."""

import io
import threading
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from receipts.models import ApiToken, Receipt
from receipts.processing.drain import drain


@pytest.fixture
def drained() -> Iterator[None]:
    """Drain beside the test, as the worker does."""
    ended = threading.Event()

    def work() -> None:
        try:
            while not ended.wait(0.1):
                drain()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    ended.set()
    thread.join()


def simulate(live_server: LiveServer, *options: str) -> str:
    """Return what the command says of 12 messages; the seeds make it short."""
    out = io.StringIO()
    call_command(
        "simulate",
        *("--url", live_server.url, "--messages", "12", "--rate", "1000"),
        *("--disorder", "0", "--duplicates", "0", *options),
        stdout=out,
    )
    return out.getvalue()


def test_made_channel_shows_all_that_was_pushed(
    transactional_db: None, live_server: LiveServer, drained: None
) -> None:
    said = simulate(live_server, "--channel", "play", "--create", "--seed", "147")

    assert "Nothing is missing, nothing is doubled." in said
    assert Receipt.objects.filter(channel__key="play").count() > 12
    assert not ApiToken.objects.filter(revoked_at=None).exists()


def test_secrets_of_the_paths_are_shown_to_the_door(
    transactional_db: None, live_server: LiveServer, drained: None
) -> None:
    channel = Channel.objects.create(
        key="asia", name="Asia", provider="8x8", type="multi"
    )
    CallbackPath.objects.create(
        channel=channel,
        receipt_type="any",
        header_name="Authorization",
        header_values=Hidden(["Bearer new", "Bearer old"]),
    )

    assert "Nothing is missing" in simulate(
        live_server, "--channel", "asia", "--seed", "n"
    )


def test_acknowledged_receipts_that_never_appear_end_with_status_1(
    transactional_db: None, live_server: LiveServer
) -> None:
    out = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command(
            "simulate",
            *("--url", live_server.url, "--channel", "play", "--create"),
            *("--messages", "3", "--rate", "100", "--settle", "0", "--seed", "10"),
            stdout=out,
        )

    assert ended.value.code == 1
    assert "NOT GOOD" in out.getvalue()
    assert not ApiToken.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--channel", "nope"), "no channel nope: add --create"),
        ((), "Name the channel"),
        (("--channel", "meta"), "speaks cams and 8x8, not meta"),
        (("--channel", "bare"), "No callback path of the channel bare"),
        (("--channel", "off"), "The channel off is switched off"),
    ],
)
def test_impossible_wish_is_told_in_a_sentence(
    db: None, options: tuple[str, ...], words: str
) -> None:
    Channel.objects.create(key="meta", name="M", provider="meta", type="whatsapp")
    Channel.objects.create(key="bare", name="B", provider="cams", type="whatsapp")
    Channel.objects.create(
        key="off", name="O", provider="cams", type="whatsapp", is_active=False
    )

    with pytest.raises(CommandError, match=words):
        call_command("simulate", *options)


def test_portal_that_does_not_answer_is_told_before_anything_is_pushed(
    transactional_db: None,
) -> None:
    with pytest.raises(CommandError, match="No portal answers"):
        call_command(
            "simulate", "--channel", "play", "--create", "--url", "http://127.0.0.1:9"
        )

    assert not ApiToken.objects.filter(revoked_at=None).exists()

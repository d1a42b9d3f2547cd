"""What the health of the door says of database and spool."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from receipts.spool import health
from receipts.spool.store import Spool
from tests.receipts.intake.conftest import made
from tests.receipts.intake.own_database import OwnDatabase
from tests.receipts.intake.test_spool_loading import fill


@pytest.fixture(autouse=True)
def fresh_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask anew each time."""
    monkeypatch.setattr(health, "_ANSWER_HOLDS_S", 0.0)


def test_both_ways_are_open(database: OwnDatabase, client: Client) -> None:
    answer = client.get("/healthz/ingest")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "open",
        "by": "database",
        "database": "ok",
        "spool": "ok",
        "spooled": 0,
    }


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_door_stays_open_by_the_spool(
    database: OwnDatabase, client: Client, here: Spool, *, how: str
) -> None:
    fill(here, made())
    getattr(database, how)()

    answer = client.get("/healthz/ingest")

    assert answer.status_code == 200
    assert (answer.json()["by"], answer.json()["database"]) == ("spool", "away")
    assert answer.json()["spooled"] == 1


def test_spool_that_cannot_be_written_is_red_though_the_database_is_there(
    database: OwnDatabase, client: Client, settings: Settings
) -> None:
    settings.SPOOL_DIR = Path("/proc/nowhere")

    answer = client.get("/healthz/ingest")

    assert answer.status_code == 503
    assert answer.json()["spool"].startswith("unwritable: ")


def test_full_spool_is_red_only_without_the_database(
    database: OwnDatabase, client: Client, settings: Settings
) -> None:
    settings.SPOOL_MAX_BYTES = 64 * 1024
    fill(Spool(settings.SPOOL_DIR, 10**6), made(b"x" * 60_000))

    there = client.get("/healthz/ingest")
    database.stop()
    away = client.get("/healthz/ingest")

    assert (there.status_code, there.json()["spool"]) == (200, "full")
    assert (away.status_code, away.json()["by"]) == (503, None)


def test_database_that_forgets_is_refused_unless_tests_allow_it(
    database: OwnDatabase, client: Client, settings: Settings
) -> None:
    settings.ALLOW_UNSAFE_DATABASE = False

    answers = [client.get(f"/healthz/{word}") for word in ("ready", "ingest")]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert "synchronous_commit" in answers[0].json()["database"]


def test_check_complains_about_a_place_that_cannot_be_written(
    settings: Settings,
) -> None:
    settings.SPOOL_DIR = Path("/dev/null/spool")

    found = [each.id for each in run_checks(include_deployment_checks=True)]

    assert "receipts.E001" in found

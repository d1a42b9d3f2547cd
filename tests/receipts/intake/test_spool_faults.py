"""What the door does while a real database is away in each of its ways."""

import threading

import pytest
from django.db import connection
from pytest_django import Settings

from receipts.intake import breaker as breaker_module
from receipts.intake.breaker import breaker
from receipts.intake.routes import known_routes
from receipts.models import Callback
from receipts.spool import health
from receipts.spool.loading import load
from receipts.tasks import drain_callbacks
from tests.receipts.intake.conftest import Post, bodies, seconds
from tests.receipts.intake.own_database import OwnDatabase


def spooled() -> int:
    """Return how many callbacks wait in the spool."""
    return health.state().rows


@pytest.fixture(autouse=True)
def routes_in_memory(database: OwnDatabase) -> None:
    """Ask for the paths while the database is there."""
    known_routes.load()


def test_pushes_while_the_database_is_stopped_are_acked_and_loaded_in_order(
    database: OwnDatabase, post: Post
) -> None:
    database.stop()
    answers = [post(b"[%d]" % number) for number in range(20)]
    database.start()
    load(for_seconds=10)

    assert {answer.status_code for answer in answers} == {200}
    assert bodies() == [b"[%d]" % number for number in range(20)]
    assert spooled() == 0


def test_session_that_is_made_to_forget_costs_no_push_its_place(post: Post) -> None:
    post(b"[0]")
    for number in range(1, 16):
        # Past psycopg, which would forget with it.
        connection.connection.pgconn.exec_(b"DEALLOCATE ALL")
        post(b"[%d]" % number)
    connection.connection.prepared.clear()  # as if another had prepared it
    post(b"[16]")

    assert (bodies(), spooled()) == ([b"[%d]" % n for n in range(17)], 0)


def test_frozen_database_costs_one_push_a_second_and_the_next_ones_nothing(
    database: OwnDatabase, post: Post
) -> None:
    post(b"[0]")

    with database.frozen():
        first = seconds(lambda: post(b"[1]"))
        others = [seconds(lambda: post(b"[2]")) for _ in range(20)]

    assert 0.9 < first < 2.2
    assert max(others) < 0.6
    assert spooled() == 21


def test_what_a_frozen_database_commits_after_all_is_not_doubled(
    database: OwnDatabase, post: Post
) -> None:
    post(b"[0]")
    with database.frozen():
        post(b"[1]")

    load(for_seconds=10)
    load(for_seconds=10)

    assert bodies() == [b"[0]", b"[1]"]


def test_large_push_to_a_frozen_database_is_freed_as_well(
    database: OwnDatabase, post: Post
) -> None:
    post(b"[0]")

    with database.frozen():
        took = seconds(lambda: post(b"x" * 8_000_000))

    assert took < 2.2
    assert spooled() == 1


def test_frozen_database_that_is_not_connected_yet_costs_a_second_too(
    database: OwnDatabase, post: Post
) -> None:
    connection.close()

    with database.frozen():
        took = seconds(lambda: post(b"[1]"))

    assert took < 2.2
    assert spooled() == 1


def test_locked_table_costs_a_second_and_then_nothing(
    database: OwnDatabase, post: Post
) -> None:
    with database.connect() as other, other.transaction():
        other.execute("LOCK TABLE receipts_callback")
        first = seconds(lambda: post(b"[1]"))
        second = seconds(lambda: post(b"[2]"))
    load(for_seconds=10)

    assert first < 2.2
    assert second < 0.6
    assert bodies() == [b"[1]", b"[2]"]


@pytest.mark.parametrize(
    ("harm", "mend"),
    [
        (
            "ALTER SYSTEM SET default_transaction_read_only = on",
            "ALTER SYSTEM RESET default_transaction_read_only",
        ),
        (
            "ALTER TABLE receipts_callback RENAME TO gone",
            "ALTER TABLE gone RENAME TO receipts_callback",
        ),
        (
            "ALTER TABLE receipts_callback ADD CHECK (body <> '[1]') NOT VALID",
            "ALTER TABLE receipts_callback DROP CONSTRAINT receipts_callback_body_check",
        ),
    ],
    ids=["read-only", "no table", "refused row"],
)
def test_callback_that_the_database_refuses_is_spooled(
    database: OwnDatabase, post: Post, *, harm: str, mend: str
) -> None:
    database.execute(harm, "SELECT pg_reload_conf()", "SELECT pg_sleep(0.1)")
    try:
        answer = post(b"[1]")
        waiting = spooled()
    finally:
        writable = "SET default_transaction_read_only = off"
        database.execute(writable, mend, "SELECT pg_reload_conf()")

    assert answer.status_code == 200
    assert waiting == 1


def test_database_without_a_free_connection_is_away(
    database: OwnDatabase, post: Post
) -> None:
    connection.close()
    others = [database.connect() for _ in range(12)]

    answer = post(b"[1]")

    for other in others:
        other.close()
    assert answer.status_code == 200
    assert spooled() == 1


def test_commit_that_no_standby_has_is_spooled_too(
    database: OwnDatabase, post: Post
) -> None:
    post(b"[0]")
    reload = ("SELECT pg_reload_conf()", "SELECT pg_sleep(0.1)")
    database.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", *reload)
    cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    canceller = threading.Timer(0.4, lambda: database.execute(cancel))
    canceller.start()

    answer = post(b"[1]")

    canceller.join()
    off = "SET synchronous_commit = off"
    database.execute(off, "ALTER SYSTEM RESET synchronous_standby_names", *reload)
    assert answer.status_code == 200
    assert spooled() == 1
    assert Callback.objects.count() == 2


def test_restarted_database_costs_no_push_its_place(
    database: OwnDatabase, post: Post
) -> None:
    post(b"[0]")
    database.stop()
    database.start()

    post(b"[1]")

    assert bodies() == [b"[0]", b"[1]"]


def test_database_that_is_back_is_found_without_any_push_waiting_for_it(
    database: OwnDatabase, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker_module, "_PAUSE_S", 0.2)
    with database.frozen():
        post(b"[1]")
        threading.Event().wait(0.3)
        slowest = max(seconds(lambda: post(b"[2]")) for _ in range(10))

    threading.Event().wait(1.5)
    post(b"[3]")
    threading.Event().wait(0.3)

    assert slowest < 0.6
    assert not breaker.is_open


def test_push_is_refused_honestly_when_database_and_spool_are_away(
    database: OwnDatabase, post: Post, settings: Settings
) -> None:
    settings.SPOOL_MAX_BYTES = 64 * 1024
    database.stop()

    answers = [post(b"x" * 10_000) for _ in range(10)]
    kept = sum(answer.status_code == 200 for answer in answers)
    database.start()
    load(for_seconds=10)

    refused = answers[-1]
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert 0 < kept == len(bodies())


def test_worker_without_a_database_says_so_in_a_line_and_goes_on(
    database: OwnDatabase, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post(b"[1]")
    database.stop()
    drain_callbacks.apply(throw=True)
    told = [record for record in caplog.records if "receipts.tasks" in record.name]
    database.start()
    drain_callbacks.apply(throw=True)

    assert ["database_away" in record.getMessage() for record in told] == [True]
    assert told[0].exc_info is None
    # This database has no table for what is read: it was tried, that is all.
    assert Callback.objects.get().attempts == 1

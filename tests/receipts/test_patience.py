"""Waiting for the database has an end, and a session commits durably."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection

from receipts.database import TookTooLong, is_away, within
from receipts.intake.refusals import UnknownPath
from receipts.intake.routes import known_routes

pytestmark = pytest.mark.usefixtures("transactional_db", "fresh_connection")


@pytest.fixture
def fresh_connection() -> Iterator[None]:
    """Begin without a connection, and leave none that was cut."""
    connection.close()
    yield
    connection.close()


def test_statement_that_takes_too_long_is_given_up() -> None:
    began = time.monotonic()
    with pytest.raises(OperationalError) as told, within(0.2):
        connection.cursor().execute("SELECT pg_sleep(5)")

    assert isinstance(told.value.__cause__, TookTooLong)
    assert 0.2 <= time.monotonic() - began < 0.5


def test_what_is_wrong_with_the_database_is_told_from_what_was_asked_of_it() -> None:
    with pytest.raises(OperationalError) as silent, within(0.1):
        connection.cursor().execute("SELECT pg_sleep(5)")
    with pytest.raises(OperationalError) as ended:
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    with pytest.raises(OperationalError) as costly:
        connection.cursor().execute("SET statement_timeout = 20; SELECT pg_sleep(5)")

    assert [is_away(e.value) for e in (silent, ended, costly)] == [True, True, False]


def test_unknown_path_is_one_also_on_a_connection_that_has_died() -> None:
    connection.ensure_connection()
    with psycopg.connect(**connection.get_connection_params()) as other:
        pid = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    with pytest.raises(UnknownPath):
        known_routes.find("nobody/knows")


def test_end_counts_for_all_statements_of_the_block() -> None:
    with within(0.4), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.3)")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_sleep(0.3)")


def test_inner_end_does_not_move_the_outer_one() -> None:
    with pytest.raises(OperationalError), within(0.1), within(5):
        connection.cursor().execute("SELECT pg_sleep(1)")


def test_no_end_is_left_behind() -> None:
    with within(0.1):
        connection.ensure_connection()
    time.sleep(0.15)

    connection.cursor().execute("SELECT pg_sleep(0.1)")


def test_connection_that_comes_too_late_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[psycopg.Connection[object]] = []
    real = psycopg.Connection.connect.__func__  # type: ignore[attr-defined]  # of a classmethod

    def slow(cls: type[object], /, **params: object) -> object:
        time.sleep(0.3)
        opened.append(real(cls, **params))
        return opened[-1]

    monkeypatch.setattr(psycopg.Connection, "connect", classmethod(slow))

    with pytest.raises(OperationalError), within(0.1):
        connection.ensure_connection()
    for thread in threading.enumerate():
        if thread.name == "connect":
            thread.join(5)

    assert [one.closed for one in opened] == [True]


def test_commits_are_on_disk_whatever_the_server_thinks_of_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)

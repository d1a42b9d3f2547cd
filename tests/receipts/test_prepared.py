"""A prepared statement does what a cursor does, on any connection and in any state."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import errors

from receipts.database import TookTooLong, within
from receipts.database.prepared import NotOurSession, Prepared

pytestmark = pytest.mark.usefixtures("transactional_db", "table")

PUT = Prepared("INSERT INTO of_test VALUES (%s, %s, %s, %s, %s, %s)")
NOW = datetime(2026, 11, 21, 10, 11, 12, 345678, tzinfo=UTC)


@pytest.fixture
def table() -> Iterator[None]:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE of_test (id uuid PRIMARY KEY, at timestamptz, n bigint, "
            "body bytea, words jsonb, took double precision)"
        )
    yield
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE of_test")


def kept() -> list[tuple[object, ...]]:
    """Return the rows as another connection sees them."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        return other.execute("SELECT * FROM of_test ORDER BY n").fetchall()


def put(n: int, *, body: bytes = b"", words: str = "{}") -> None:
    connection.ensure_connection()
    PUT.run(connection.connection, (uuid4(), NOW, n, body, words, None))


def test_values_arrive_as_they_are() -> None:
    key, body = uuid4(), bytes(range(256))
    connection.ensure_connection()
    PUT.run(connection.connection, (key, NOW, 2**40, body, '{"a": "\u00e9"}', 0.125))

    assert kept() == [(key, NOW, 2**40, body, '{"a": "\u00e9"}', 0.125)]


def test_nulls_arrive_as_nulls() -> None:
    key = uuid4()
    connection.ensure_connection()
    PUT.run(connection.connection, (key, None, None, None, None, None))

    assert kept() == [(key, None, None, None, None, None)]


def test_each_run_is_committed_on_return() -> None:
    for n in range(8):
        put(n)
        assert len(kept()) == n + 1


def test_new_connection_prepares_anew() -> None:
    put(1)
    connection.close()
    put(2)

    assert [row[2] for row in kept()] == [1, 2]


def test_run_belongs_to_the_transaction_that_is_open() -> None:
    with transaction.atomic():
        put(1)
        transaction.set_rollback(True)
    with transaction.atomic():
        put(2)
        seen = kept()

    assert (seen, [row[2] for row in kept()]) == ([], [2])


def test_errors_are_those_of_psycopg_and_the_next_run_works() -> None:
    key = uuid4()
    connection.ensure_connection()
    PUT.run(connection.connection, (key, NOW, 1, b"", "{}", None))
    with pytest.raises(errors.UniqueViolation, match="of_test_pkey"):
        PUT.run(connection.connection, (key, NOW, 2, b"", "{}", None))
    with pytest.raises(errors.InvalidTextRepresentation):
        put(3, words="not json")
    put(4)

    assert [row[2] for row in kept()] == [1, 4]


def test_text_with_a_nul_is_refused_and_not_cut() -> None:
    with pytest.raises(psycopg.DataError):
        put(1, words='{"a": 1}\0{"b": 2}')

    assert kept() == []


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_whatever_holds_bytes_is_sent_as_bytes(kind: Callable[[bytes], bytes]) -> None:
    put(1, body=kind(b"\0ab"))

    assert kept()[0][3] == b"\0ab"


def test_session_that_was_made_to_forget_is_told_once_and_prepared_anew() -> None:
    put(1)
    connection.connection.execute("DISCARD ALL")
    with pytest.raises(NotOurSession):
        put(2)
    put(3)

    assert [row[2] for row in kept()] == [1, 3]


def test_session_where_another_has_prepared_it_is_told() -> None:
    put(1)
    connection.connection.prepared.clear()
    with pytest.raises(NotOurSession):
        put(2)


def test_statement_that_cannot_be_prepared_says_why_each_time() -> None:
    connection.ensure_connection()
    wrong = Prepared("INSERT INTO of_nobody VALUES (%s)")

    for _ in range(2):
        with pytest.raises(errors.UndefinedTable, match="of_nobody"):
            wrong.run(connection.connection, (1,))


def test_connection_that_has_died_is_an_operational_error() -> None:
    put(1)
    with psycopg.connect(**connection.get_connection_params()) as other:
        pid = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    with pytest.raises(psycopg.OperationalError):
        put(2)
    with pytest.raises(psycopg.OperationalError):
        put(3)


def test_run_that_takes_too_long_is_given_up() -> None:
    put(1)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("LOCK TABLE of_test IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TookTooLong), within(0.2):
            put(2)
    assert connection.connection.closed

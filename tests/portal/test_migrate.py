"""A migration gives way to those who use the table it changes."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader

from portal.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Somebody whose transaction has read the table of sign-ins that failed."""
    wanted = ("dbname", "host", "port", "user", "password")
    known = connection.get_connection_params()
    with psycopg.connect(**{k: known[k] for k in wanted if k in known}) as other:
        other.execute("SELECT 1 FROM logins_loginfailure")
        yield other


@pytest.fixture
def pending(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A migration of that table that was not applied yet."""
    build = MigrationLoader.build_graph
    monkeypatch.setattr(migrate, "_PAUSE_S", 0.1)

    def build_and_change(self: MigrationLoader) -> None:
        build(self)
        first = self.graph.nodes["logins", "0001_login_failure"]
        sql = "COMMENT ON TABLE logins_loginfailure IS 'changed'; LOCK TABLE logins_loginfailure"
        first.operations = [RunSQL(sql, RunSQL.noop)]
        self.applied_migrations.pop(("logins", "0001_login_failure"), None)

    monkeypatch.setattr(MigrationLoader, "build_graph", build_and_change)
    yield
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE logins_loginfailure IS NULL")


def _comment() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('logins_loginfailure'::regclass)")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]  # typed by the database


def test_migration_gives_up_and_goes_on_when_the_table_is_free(
    reader: psycopg.Connection[tuple[object, ...]],
    pending: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    threading.Timer(1.5, reader.rollback).start()

    call_command("migrate", "logins", verbosity=0)

    assert "A table is in use" in capsys.readouterr().err
    assert _comment() == "changed"


def test_table_that_stays_in_use_ends_the_migration(
    reader: psycopg.Connection[tuple[object, ...]],
    pending: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(migrate, "_TRIES", 1)

    with pytest.raises(CommandError, match="stayed in use"):
        call_command("migrate", "logins", verbosity=0)

    assert _comment() is None


def test_waits_are_unbounded_again_afterwards() -> None:
    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)

"""PostgreSQL: there, new enough, safe, up to date, with connections left."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal import health
from portal.doctor.finding import Finding, look, ok, trouble

_OLDEST_VERSION = 150_000
_SLOW_S = 0.2  # for a question that reads nothing
_FULL = 0.8
_VERSION = """
SELECT current_setting('server_version'), current_setting('server_version_num')::int
"""
_CONNECTIONS = """
SELECT count(*)::float, current_setting('max_connections')::float
FROM pg_stat_activity WHERE backend_type = 'client backend'
"""


def examine() -> Iterator[Finding]:
    """Look at the database; whoever calls answers for one that is away."""
    yield _answers()
    yield from _safe()
    yield from _migrated()
    yield _connections()


def _answers() -> Finding:
    connection.ensure_connection()
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        said, version = cursor.fetchone()
    took_s = time.monotonic() - began
    name = str(said).partition(" ")[0]
    if version < _OLDEST_VERSION:
        return trouble(
            f"PostgreSQL {name} is too old", "Move to PostgreSQL 15 or later."
        )
    if took_s > _SLOW_S:
        return look(
            f"PostgreSQL {name} took {took_s * 1000:.0f} ms to say its version",
            "Look at its load, and at the network between.",
        )
    return ok(f"PostgreSQL {name} answers in {took_s * 1000:.1f} ms")


def _safe() -> Iterator[Finding]:
    if health.is_read_only():
        yield trouble(
            "only reads: it is a standby, or was told so",
            "Point DATABASE_URL to the primary, or promote this one.",
        )
    if not (unsafe := health.unsafe_settings()):
        return
    says = f"{', '.join(unsafe)} off: a power cut may lose what was acknowledged"
    if settings.ALLOW_UNSAFE_DATABASE:
        yield look(says, "ALLOW_UNSAFE_DATABASE is for tests: unset it elsewhere.")
    else:
        yield trouble(says, "Switch them on: the portal is not ready until then.")


def _migrated() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{each.app_label} {each.name}" for each, _ in missing[:3])
        yield trouble(
            f"{len(missing)} migrations are not applied: {names}",
            "Run `manage.py prepare`; `make run` does so at its start.",
        )


def _connections() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        used, most = cursor.fetchone()
    says = f"{used:.0f} of {most:.0f} connections are taken"
    if used > _FULL * most:
        return look(says, "Raise max_connections, or run fewer processes.")
    return ok(says)

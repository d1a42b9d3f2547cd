"""An older data directory is brought up to date by what ``make run`` does first."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings

from portal.runtime import binaries, stores
from portal.runtime import layout as layouts
from portal.runtime.problems import Impossible

NAME = "made_by_an_older_release"
# What the first release that was shown had written: read, waiting, repeated.
_ROWS = """
INSERT INTO channels_cfg_channel (id, key, name, provider, type, account, is_active,
    audit_version, created_at, updated_at)
    VALUES (1, 'wa', 'WhatsApp', 'cams', 'whatsapp', '{}', true, '', now(), now());
INSERT INTO receipts_callback (id, received_at, channel_id, receipt_type, mode, body,
    headers, state)
    SELECT gen_random_uuid(), now() - n * interval '1 s', 1, 'mt_status', 'push',
    convert_to(format('[{"MessageId": "m%s", "To": "8613800000001", "Status": "Sent"}]', n), 'UTF8'),
    '{}', 'pending' FROM generate_series(1, 50) n;
INSERT INTO receipts_receiptkey (channel_id, digest, receipt_id, received_at, reading)
    VALUES (1, '\\x00', nextval('receipts_receipt_id_seq'), now() - interval '1 h', 0);
INSERT INTO receipts_receipt (id, received_at, stored_at, xid, channel_id, callback_id,
    position, digest, receipt_type, mode, kind, channel_type, flags, payload, message_id)
    VALUES (currval('receipts_receipt_id_seq'), now() - interval '1 h', now(), 3, 1,
    gen_random_uuid(), 0, '\\x00', 'mt_status', 'push', 'status', 'whatsapp', 0, '{}', 'old');
"""
# Not by ``migrate``, which would make permissions by the models of today.
_MIGRATE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
others = ("admin", "auditlog", "auth", "channels_cfg", "logins", "sessions")
leaves = [leaf for app in others for leaf in executor.loader.graph.leaf_nodes(app)]
executor.migrate([*leaves, ("receipts", "0004_console"), ("console", "0001_saved_view")])
"""
_SEEN = "SELECT count(*), count(DISTINCT message_id) FROM receipts_receipt"


class Older:
    """A database that an older release made."""

    def __init__(self, folder: Path) -> None:
        parts = urlsplit(os.environ["DATABASE_URL"])
        self.server = urlunsplit(parts._replace(path="/postgres"))
        self.url = urlunsplit(parts._replace(path=f"/{NAME}"))
        for name in ("secrets", "static"):
            (folder / name).mkdir(parents=True)
        self._environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "DATA_DIR": str(folder),
            "SPOOL_DIR": str(folder / "spool"),
        }

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=self._environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def execute(self, *statements: str, url: str = "") -> None:
        with psycopg.connect(url or self.url, autocommit=True) as opened:
            for each in statements:
                opened.execute(each)


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Older]:
    """A database as the first release left it, with rows in it."""
    place = Older(tmp_path / "data")
    drop = f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"
    place.execute(drop, f"CREATE DATABASE {NAME}", url=place.server)
    place.manage("shell", "-v0", "-c", _MIGRATE)
    place.execute(_ROWS)
    yield place
    place.execute(drop, url=place.server)


@pytest.mark.timeout(240)
def test_prepare_migrates_an_older_database_and_what_waited_is_read(
    older: Older,
) -> None:
    older.manage("prepare")
    older.manage("prepare")  # the next start
    told = older.manage("shell", "-v0", "-c", _DRAIN)

    with psycopg.connect(older.url) as opened:
        seen = opened.execute(_SEEN).fetchone()
    assert told.split() == ["50"]
    assert seen == (51, 51)


_DRAIN = (
    "from receipts.processing.drain import drain; print(drain(for_seconds=60)['new'])"
)


def test_other_major_is_refused_with_the_two_commands_that_move_the_data(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o711)
    layout = layouts.prepare(tmp_path / "data")
    (layout.root / "pg12").mkdir()
    (layout.root / "pg12" / "PG_VERSION").write_text("12\n")
    layouts.write_private(layout.cluster_note, str(layout.root))

    with pytest.raises(Impossible) as refused:
        stores.database(layout)

    text = str(refused.value)
    assert "holds a PostgreSQL 12 cluster" in text
    assert "manage.py backup" in text
    assert "manage.py restore" in text
    version = binaries.postgres_version(binaries.postgres_bin())
    assert stores.cluster_data(layout).name == f"pg{version.partition('.')[0]}"

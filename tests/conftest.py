"""Fixtures every test may use."""

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> None:
    """Empty tables by DELETE: truncating every partition makes new files for each."""

    def sql_flush(
        self: DatabaseOperations, _style: object, tables: list[str], **_: object
    ) -> list[str]:
        deletes = "; ".join(f"DELETE FROM {self.quote_name(name)}" for name in tables)  # noqa: S608
        return [
            f"SET session_replication_role = replica; {deletes}; RESET session_replication_role"
        ]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign,assignment]  # for the session of tests

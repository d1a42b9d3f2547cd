"""Fixtures every test may use."""

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

from channels_cfg import providers, registry
from receipts.intake.breaker import breaker
from receipts.intake.limiter import strangers
from receipts.intake.routes import known_routes
from receipts.intake.tally import tally
from receipts.processing import directory


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


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    """Let no test see what another one's channels left in memory."""
    yield
    directory.forget()
    for memory in (known_routes, tally, strangers, breaker):
        memory.__init__()  # type: ignore[misc]  # as a new process has it


@pytest.fixture
def copied_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Copy the CAMS folder to a new name, with no other edit."""
    shutil.copytree(Path(providers.__path__[0], "cams"), tmp_path / "camscopy")
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    registry.adapters.cache_clear()
    yield "camscopy"
    registry.adapters.cache_clear()
    for name in [name for name in sys.modules if "providers.camscopy" in name]:
        del sys.modules[name]
    del providers.camscopy  # type: ignore[attr-defined]  # set by importing it


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which tests were not run for want of a browser or another program."""
    skipped = terminalreporter.stats.get("skipped", [])
    told = {str(report.longrepr[2]) for report in skipped}
    for line in sorted(each for each in told if "TESTS NOT RUN" in each):
        terminalreporter.write_line(line, red=True, bold=True)

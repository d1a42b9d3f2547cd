"""The table of examinations, and how they are run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, InterfaceError, OperationalError, connection

from portal.doctor import (
    clocks,
    configuration,
    database,
    disk,
    partitions,
    running,
    secrets,
    spool,
    valkey,
)
from portal.doctor.finding import Finding, look, trouble
from receipts.database import within

_PATIENCE_S = 5.0  # with a database that hangs, for each examination
_ODD = "See what stands above: migrations that are not applied, folders, rights."
_AWAY = "Start it, or correct DATABASE_URL: `make run` starts its own in DATA_DIR."


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One thing to look at."""

    of: str
    examine: Callable[[], Iterator[Finding]]
    needs_database: bool = False


EXAMINATIONS = (
    Examination(of="database", examine=database.examine, needs_database=True),
    Examination(of="valkey", examine=valkey.examine),
    Examination(of="spool", examine=spool.examine),
    Examination(of="partitions", examine=partitions.examine, needs_database=True),
    Examination(of="disk", examine=disk.examine),
    Examination(of="clock", examine=clocks.examine, needs_database=True),
    Examination(of="settings", examine=configuration.examine),
    Examination(of="secrets", examine=secrets.examine, needs_database=True),
    Examination(of="door", examine=running.examine_door),
    Examination(of="readers", examine=running.examine_readers, needs_database=True),
)


def examine() -> Iterator[tuple[str, Finding]]:
    """Yield what each examination finds, with its name; ends within about a minute."""
    is_away = False
    for each in EXAMINATIONS:
        if each.needs_database and is_away:
            yield each.of, look("not looked at while the database is away", "")
            continue
        try:
            with within(_PATIENCE_S):
                findings = list(each.examine())
        except (OperationalError, InterfaceError, ImproperlyConfigured) as exc:
            connection.close()
            is_away = True
            yield each.of, trouble(_reason(exc), _AWAY)
        except (Error, OSError) as exc:
            yield each.of, trouble(f"cannot be looked at: {_first_line(exc)}", _ODD)
        else:
            for finding in findings:
                yield each.of, finding


def _reason(exc: Exception) -> str:
    if isinstance(exc, ImproperlyConfigured):
        return "no database is known"
    return f"does not answer: {_first_line(exc)}"


def _first_line(exc: Exception) -> str:
    lines = str(exc).strip().splitlines()
    return lines[0] if lines else type(exc).__name__

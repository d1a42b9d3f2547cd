"""How long each query takes in the database, and whether its plan may grow."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from urllib.parse import quote

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from bench import backend
from bench.figures import Spread
from bench.queries.measured import Measured
from bench.queries.registry import Query
from receipts import tokens
from receipts.models import ApiToken
from receipts.models.api_token import Scope

_BIG = 20_000  # rows: a sequential scan of less is no harm
_ALL_ASKED = "receipts_receiptday"  # sums of days: who asks for a year wants all of it
_PARTITION = re.compile(r"_[0-9]{6,8}$")
_NAME = "bench"

Ask = Callable[[str], int]


class Watch:
    """Sums the time of statements, and remembers them."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cpu_began = backend.cpu_seconds()
        self.statements: list[tuple[str, object]] = []

    def __call__(
        self,
        execute: Callable[..., object],
        sql: str,
        params: object,
        many: bool,
        context: Mapping[str, object],
    ) -> object:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began
            self.statements.append((sql, params))

    def cpu_seconds(self) -> float:
        """Return what the server's process worked since; waiting is left out."""
        return backend.cpu_seconds() - self.cpu_began

    def over(self) -> AbstractContextManager[None]:
        """Watch the statements of the block."""
        return connection.execute_wrapper(self)


def asker() -> Ask:
    """Return what asks for a path as a program, or as somebody in the console."""
    old = ApiToken.objects.filter(name=_NAME, revoked_at=None).first()
    if old is not None:
        tokens.end(old)
    _, clear = tokens.make(_NAME, list(Scope.values))
    program, person = Client(), Client()
    person.force_login(
        User.objects.get_or_create(username=_NAME, is_superuser=True, is_staff=True)[0]
    )
    bearer = {"Authorization": f"Bearer {clear}"}

    def ask(path: str) -> int:
        if path.startswith("/api/"):
            return int(program.get(path, headers=bearer).status_code)
        return int(person.get(path).status_code)

    return ask


def measure(
    ask: Ask, query: Query, values: Mapping[str, Sequence[object]], runs: int
) -> Measured:
    """Ask a query ``runs`` times, each time for other values."""
    ask(_filled(query.path, values, runs))  # warm
    in_database, whole, worked = list[float](), list[float](), list[float]()
    answers, scans = dict[int, int](), set[str]()
    watch = Watch()
    for turn in range(runs):
        watch = Watch()
        began = time.perf_counter()
        with watch.over():
            status = ask(_filled(query.path, values, turn))
        whole.append((time.perf_counter() - began) * 1000)
        in_database.append(watch.seconds * 1000)
        worked.append(watch.cpu_seconds() * 1000)
        answers[status] = answers.get(status, 0) + 1
        if turn < 3:
            scans.update(big_scans(watch.statements, query.kind))
    times = Spread.of(in_database)
    return Measured(
        kind=query.kind,
        path=query.path,
        least=times.least,
        p50=times.median,
        p95=times.p95,
        cpu_p95=Spread.of(worked).p95,
        statements=len(watch.statements),
        whole_p50=Spread.of(whole).median,
        answers=answers,
        scans=sorted(scans),
    )


def _filled(path: str, values: Mapping[str, Sequence[object]], turn: int) -> str:
    chosen = {
        name: _quoted(some[turn % len(some)]) for name, some in values.items() if some
    }
    return path.format(**chosen)


def _quoted(value: object) -> str:
    return quote(str(value), safe="%")


def big_scans(statements: Sequence[tuple[str, object]], kind: str) -> set[str]:
    """Return the big tables that any of the statements would read from end to end.

    A search of a window may read the partitions of its days whole.
    """
    found = set()
    big = _big_tables()
    if kind in ("window", "page"):
        big = {name for name in big if not _PARTITION.search(name)}
    for sql, params in statements:
        if (
            sql.lstrip().upper().startswith(("SELECT", "WITH", "("))
            and "set_config" not in sql
        ):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)  # type: ignore[arg-type]  # as it was given
                told = cursor.fetchone()[0]
            plan = json.loads(told) if isinstance(told, str) else told
            found.update(_scanned(plan[0]["Plan"]) & big)
    return found


def _scanned(node: Mapping[str, object]) -> set[str]:
    found = set()
    if node["Node Type"] == "Seq Scan":
        found.add(str(node["Relation Name"]))
    parts = node.get("Plans", ())
    if isinstance(parts, list):
        for part in parts:
            found |= _scanned(part)
    return found


def _big_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class "
            "WHERE relkind = 'r' AND reltuples > %s AND relname <> %s",
            [_BIG, _ALL_ASKED],
        )
        return {row[0] for row in cursor.fetchall()}

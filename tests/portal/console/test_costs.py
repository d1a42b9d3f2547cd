"""What pages cost: no more queries with more rows, and no table read from end to end."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.portal.console.conftest import Tell, inbound, status
from tests.portal.console.places import PAGES, place

pytestmark = pytest.mark.usefixtures("story")
BIG = (
    "receipts_receipt_",  # partitions, not the counts
    "receipts_callback_",
    "receipts_sighting_",
    "receipts_message",
    "receipts_conversation",
    "receipts_quarantineditem",
)
SMALL = ("receipts_messagecount", "receipts_messagereference")
# Searches as people make them, beside each page as it opens.
SEARCHES = (
    "/admin/receipts/?facets=1",
    "/admin/receipts/?range=all&facets=1",
    "/admin/receipts/?range=31d&channel=wa-main&status=failed",
    "/admin/receipts/?range=31d&error_code=131026",
    "/admin/receipts/?range=7d&error_owner=recipient",
    "/admin/receipts/?q=6281234567890",
    "/admin/receipts/?q=campaign-7",
    "/admin/messages/?facets=1",
    "/admin/messages/?range=31d&template_code=744c4b5c&status=failed",
    "/admin/messages/?q=6281234567890",
    "/admin/callbacks/?range=7d&state=failed",
    "/admin/callbacks/?facets=1",
    "/admin/conversations/?q=6281234567890",
    "/admin/find/?q=61851234567890000001",
    "/admin/problems/items/?state=open",
)
MOVES = ("?at=first", "?at=2026-01-01", "?only=failures")


@pytest.fixture
def crowd(tell: Tell, story: None) -> None:
    """Many of everything: people, templates, codes, items that cannot be read."""
    for day in range(3):
        ago = timedelta(hours=1, days=day)
        tell([_status(number + 100 * day) for number in range(60)], ago=ago)
        tell([inbound(f"Hello {n}", **_person(n)) for n in range(15)], "mo_message")
        tell([status("Sent", MessageId="") for _ in range(15)], ago=ago)
    codes = [f"t{number}" for number in range(30)]
    audits = [{"TemplateCode": code, "AuditStatus": "pass"} for code in codes]
    tell(audits, "template_audit")


def _person(number: int) -> dict[str, object]:
    return {"MessageId": f"in{number}", "From": f"49151{number:06}"}


def _status(number: int) -> dict[str, object]:
    word = ("Sent", "Delivered", "Read", "Failed")[number % 4]
    return status(
        word,
        MessageId=f"m{number // 2}",
        To=f"49151{number % 40:06}",
        TemplateCode=f"t{number % 30}",
        ErrorCode=f"9{number % 25}" if word == "Failed" else "",
    )


def urls() -> list[str]:
    """Return each page, and searches in it."""
    thread = place("conversation")
    return [*map(place, PAGES), *SEARCHES, *(thread + move for move in MOVES)]


def asked(client: Client, url: str) -> list[str]:
    """Return the statements that a page takes."""
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code in (200, 302), url
    return [query["sql"] for query in context.captured_queries]


def test_more_rows_take_no_more_queries(
    owner: Client, request: pytest.FixtureRequest
) -> None:
    asked_for = urls()
    few = [len(asked(owner, url)) for url in asked_for]

    request.getfixturevalue("crowd")

    many = [len(asked(owner, url)) for url in asked_for]
    grown = [
        f"{url}: {before}, then {after}"
        for url, before, after in zip(asked_for, few, many, strict=True)
        # A page that had nothing to show did not ask for what belongs to its rows.
        if after > before + 3
    ]
    assert not grown


@pytest.mark.usefixtures("crowd")
def test_no_page_reads_a_big_table_from_end_to_end(owner: Client) -> None:
    found = []

    for url in urls():
        statements = asked(owner, url)
        found += [f"{url}: {each}" for each in _scans(statements)]

    assert not found, "\n".join(found)


def _scans(statements: Sequence[str]) -> Iterator[str]:
    """Yield big tables for which PostgreSQL has no index, and the statement."""
    for sql in statements:
        if not sql.startswith(("SELECT", "WITH")) or "set_config" in sql:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            # Of few rows a scan is cheapest: what counts is whether it could be avoided.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
        read = json.loads(plan) if isinstance(plan, str) else plan
        for node in _nodes(read[0]["Plan"]):
            name = str(node.get("Relation Name", ""))
            is_big = name.startswith(BIG) and name not in SMALL
            if node["Node Type"] == "Seq Scan" and is_big:
                yield f"{name}: {sql[:400]}"


def _nodes(plan: dict[str, object]) -> Iterator[dict[str, object]]:
    yield plan
    inner = plan.get("Plans")
    for each in inner if isinstance(inner, list) else ():
        yield from _nodes(each)

"""The registry knows every list and filter, and a plan that may grow is noticed."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from bench.queries.known import known
from bench.queries.measuring import asker, big_scans, measure
from bench.queries.registry import GOALS_MS, Query, queries
from receipts import search
from receipts.api import urls
from receipts.api.lists import ListView

LISTS = {
    "receipts": search.ReceiptFilters,
    "messages": search.MessageFilters,
    "conversations": search.ConversationFilters,
    "templates": search.TemplateFilters,
    "channels": search.ChannelFilters,
    "callbacks": search.CallbackFilters,
    "quarantine": search.QuarantineFilters,
}


def test_registry_asks_every_list_of_the_api() -> None:
    views = [getattr(each.callback, "view_class", None) for each in urls.urlpatterns]
    filters = {v.filters for v in views if v is not None and issubclass(v, ListView)}

    assert filters == set(LISTS.values())
    assert {query.list for query in queries()} >= LISTS.keys()


@pytest.mark.parametrize("name", LISTS)
def test_registry_asks_a_list_by_each_of_its_filters(name: str) -> None:
    paths = [query.path for query in queries() if query.list == name]

    asked = {word for path in paths for word in parse_qs(urlsplit(path).query)}

    assert set(LISTS[name].base_filters) <= asked


def test_every_query_has_a_goal() -> None:
    assert {query.kind for query in queries()} == GOALS_MS.keys()


@pytest.mark.django_db
def test_sequential_scan_of_a_big_table_is_noticed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE big AS SELECT generate_series(1, 30000) AS n")
        cursor.execute("ANALYZE big")

    assert big_scans([("SELECT n FROM big WHERE n = %s", [5])], "id") == {"big"}


@pytest.mark.django_db
def test_query_is_measured_with_its_statements() -> None:
    found = measure(
        asker(), Query("single", "/api/v1/templates/?code={code}"), {"code": ["x"]}, 3
    )

    assert found.answers == {200: 3}
    assert found.statements >= 2
    assert 0 < found.p50 <= found.p95


@pytest.mark.django_db
def test_names_in_queries_are_known() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA bench")
        cursor.execute("CREATE TABLE bench.made AS SELECT now() AS finish")

    names = known().keys()

    for query in queries():
        query.path.format(**dict.fromkeys(names, "x"))

"""A page of metrics over a folder of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from receipts.metering.keeping import keeper

Scrape = Callable[..., dict[str, float]]
Locked = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def own_counts(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """Count from nothing, into a folder of this test."""
    settings.METRICS_DIR = tmp_path / "metrics"
    settings.PROCESS = "door"
    keeper.start_afresh()
    yield
    keeper.start_afresh()


@pytest.fixture
def scrape(client: Client) -> Scrape:
    """Read the page as Prometheus does: each sample by name and labels."""

    def do(**headers: str) -> dict[str, float]:
        keeper.save()
        answer = client.get("/metrics", headers=headers)
        assert answer.status_code == 200, answer.content
        families = text_string_to_metric_families(answer.content.decode())
        return {
            _name(each.name, each.labels): each.value
            for family in families
            for each in family.samples
        }

    return do


@pytest.fixture
def tables_are_locked() -> Locked:
    """Let nobody read callbacks, so that the database answers no question in time."""

    @contextmanager
    def do() -> Iterator[None]:
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("LOCK receipts_callback IN ACCESS EXCLUSIVE MODE")
            yield

    return do


def _name(name: str, labels: dict[str, str]) -> str:
    told = ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
    return f"{name}{{{told}}}" if told else name

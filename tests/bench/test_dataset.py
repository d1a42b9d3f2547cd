"""The data set of the benchmark is what the product itself makes of the same items."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import override_settings

from bench.dataset.making import make
from receipts.models import (
    Callback,
    Message,
    QuarantinedItem,
    Receipt,
    Sighting,
    Template,
)
from receipts.processing import templates
from receipts.processing.drain import drain
from tests.receipts.processing.orders import TABLES, outcome

pytestmark = pytest.mark.django_db(transaction=True)

_OWN = {"id", "digest", "stored_at", "xid", "conversation_id"}


@pytest.fixture(autouse=True)
def no_traces() -> Iterator[None]:
    """Leave no schema behind: a restore into this database would meet it."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS bench CASCADE")


@override_settings(DRAIN_BATCH_CALLBACKS=60)
def test_data_set_of_two_thousand_is_what_the_drain_makes_of_its_callbacks() -> None:
    made = make(2_000, finish=datetime.now(UTC), callbacks_days=400)
    before = everything()

    read_anew()

    assert made > 1_800
    assert everything() == before


def test_data_set_has_what_is_rare() -> None:
    make(2_000, finish=datetime.now(UTC), days=0.2)

    assert Sighting.objects.exists()
    assert QuarantinedItem.objects.open().exists()
    assert Message.objects.contradicted(is_so=True).exists()
    assert Receipt.objects.flagged("late").exists()
    assert Template.objects.filter(status="rejected").exists()


def read_anew() -> None:
    """Forget everything but the callbacks, and drain them once more."""
    templates._noted.clear()
    with connection.cursor() as cursor:
        for table in TABLES:  # those that point at others come first
            if table != "receipts_callback":
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # own names
    Callback.objects.update(state="pending", attempts=0)
    drain(for_seconds=60)


def everything() -> dict[str, object]:
    """Return all that was kept and folded, without our own ids."""
    names = [f.attname for f in Receipt._meta.concrete_fields if f.attname not in _OWN]
    return {
        **outcome(),
        "rows": sorted(map(repr, Receipt.objects.values_list(*names))),
        "sightings": sorted(
            Sighting.objects.values_list("callback_id", "position", "mode", "reading")
        ),
        "templates": sorted(
            map(
                repr, Template.objects.values_list("code", "language", "name", "status")
            )
        ),
        "callbacks": sorted(
            Callback.objects.values_list("id", "items", "new", "duplicates", "state")
        ),
    }

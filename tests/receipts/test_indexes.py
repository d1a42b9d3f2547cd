"""Every index that a model names is there."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [*apps.get_app_config("receipts").get_models()])
def test_every_index_of_a_model_is_in_the_database(model: type) -> None:
    meta = apps.get_model("receipts", model.__name__)._meta

    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, meta.db_table)

    assert {index.name for index in meta.indexes} <= found.keys()


def test_what_is_written_for_each_receipt_locks_no_channel() -> None:
    names = ("message", "conversation", "conversationidentity", "receipt", "callback")
    for name in names:
        table = apps.get_model("receipts", name)._meta.db_table

        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, table)

        keys = [each["foreign_key"] for each in found.values() if each["foreign_key"]]
        assert ("channels_cfg_channel", "id") not in keys

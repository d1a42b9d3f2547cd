"""The servers that tests run on are real."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_database_is_a_real_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select uuidv7() is not null, lower('ÜЖ')")
        assert cursor.fetchone() == (True, "üж")

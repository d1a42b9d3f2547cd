"""Two people on one channel: one is erased, the other must not notice."""

import json
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection

from receipts.models import Callback, Erasure
from tests.receipts.conftest import Push

HER, HIS = "8613800000001", "8613800000002"
BUSINESS = "8613100000008"
TEXT = "my parcel is late"

Erase = Callable[..., Erasure]


@pytest.fixture
def erase() -> Erase:
    """Erase a person by the command."""

    def do(word: str = f"+{HER}") -> Erasure:
        call_command("erase_person", word, "--yes", "--reason", "ticket 7")
        return Erasure.objects.latest("pk")

    return do


def status(to: str, message_id: str, word: str = "Delivered") -> dict[str, object]:
    """Return a status item of CAMS."""
    return {"MessageId": message_id, "From": BUSINESS, "To": to, "Status": word}


def inbound(sender: str, message_id: str, text: str = TEXT) -> dict[str, object]:
    """Return a message that a person wrote."""
    return {
        "MessageId": message_id,
        "From": sender,
        "To": BUSINESS,
        "Timestamp": 1763632800000,
        "Type": "TEXT",
        "Message": text,
        "Name": "Sari",
    }


@pytest.fixture
def both(push: Push) -> tuple[Callback, Callback]:
    """Statuses of both in one callback, and a message of each in another."""
    statuses = push([status(HER, "m1"), status(HIS, "m2"), status(HER, "m3", "Read")])
    texts = push([inbound(HER, "o1"), inbound(HIS, "o2", "all is well")], "mo_message")
    return statuses, texts


def everything() -> str:
    """Return every row of every table of ours as one text, bytes readable."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
            "AND NOT relispartition AND relnamespace = 'public'::regnamespace "
            "AND relname NOT IN ('django_session', 'auth_permission')"
        )
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET bytea_output = 'escape'")
        told = []
        for name in names:
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608
            told += [f"{name}: {row}" for (row,) in cursor.fetchall()]
        cursor.execute("RESET bytea_output")
    return "\n".join(told)


def body_of(callback: Callback) -> list[object]:
    """Return the items of a kept body."""
    kept = Callback.objects.get(pk=callback.pk)
    items: list[object] = json.loads(bytes(kept.body))
    return items

"""Exports in the background: asked for from a list, watched, fetched, kept on record."""

import pytest
from django.test import Client
from django.utils import timezone

from receipts.exports import making
from receipts.models import AccessRecord, Export
from tests.portal.console.conftest import PHONE

pytestmark = pytest.mark.usefixtures("story")
WISH = {"resource": "receipts", "format": "csv", "filters": "kind=inbound"}


def made(client: Client, **wish: str) -> Export:
    """Ask for an export and have it made."""
    client.post("/admin/exports/", {**WISH, **wish})
    making.make_exports(5)
    return Export.objects.latest("created_at")


def test_export_of_a_list_is_made_and_fetched(owner: Client) -> None:
    export = made(owner)

    page = owner.get("/admin/exports/").content.decode()
    lines = owner.get(f"/admin/exports/{export.pk}/").getvalue().decode().splitlines()

    assert f"/admin/exports/{export.pk}/" in page
    assert len(lines) == 2
    assert PHONE in lines[1]
    acts = AccessRecord.objects.order_by("pk").values_list("act", "subject")
    assert list(acts) == [
        ("export", "receipts?kind=inbound"),
        ("export_download", str(export.pk)),
    ]


def test_page_asks_again_until_the_export_is_made(owner: Client) -> None:
    owner.post("/admin/exports/", WISH)

    waiting = owner.get("/admin/exports/?part=1").content.decode()
    making.make_exports(5)
    done = owner.get("/admin/exports/?part=1").content.decode()

    assert "every 2s" in waiting
    assert "A link will stand here" in waiting
    assert "every 2s" not in done


@pytest.mark.parametrize(
    "resource", ["receipts", "messages", "conversations", "callbacks", "templates"]
)
def test_export_of_an_operator_is_masked(operator: Client, resource: str) -> None:
    export = made(operator, resource=resource, format="jsonl", filters="")

    text = operator.get(f"/admin/exports/{export.pk}/").getvalue().decode()

    assert export.is_masked
    assert text.count("\n") == export.rows > 0
    assert PHONE not in text


def test_export_is_its_owners_alone_and_only_for_a_day(
    owner: Client, operator: Client
) -> None:
    export = made(owner)
    url = f"/admin/exports/{export.pk}/"

    assert operator.get(url).status_code == 404
    assert str(export.pk) not in operator.get("/admin/exports/").content.decode()
    Export.objects.update(expires_at=timezone.now())
    assert owner.get(url).status_code == 404


def test_export_that_is_not_allowed_is_not_made(
    viewer: Client, operator: Client, owner: Client
) -> None:
    assert viewer.post("/admin/exports/", WISH).status_code == 403
    by_number = {**WISH, "filters": f"user={PHONE}"}
    assert operator.post("/admin/exports/", by_number).status_code == 403
    assert owner.post("/admin/exports/", {**WISH, "resource": "x"}).status_code == 404
    owner.post("/admin/exports/", {**WISH, "filters": "received_after=soon"})
    assert not Export.objects.exists()


def test_clear_export_is_refused_once_the_permission_is_gone(operator: Client) -> None:
    export = made(operator)
    Export.objects.update(is_masked=False)

    assert operator.get(f"/admin/exports/{export.pk}/").status_code == 403


def test_exports_that_are_being_made_are_limited(owner: Client) -> None:
    for _ in range(7):
        owner.post("/admin/exports/", WISH)

    assert Export.objects.count() == 5

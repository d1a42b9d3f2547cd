"""The page that says what goes when."""

import pytest
from django.test import Client

from receipts.models import Removal
from tests.portal.console.conftest import PHONE

URL = "/admin/retention/"


@pytest.mark.usefixtures("story")
def test_retention_page_tells_the_rules_and_what_went(owner: Client) -> None:
    Removal.objects.create(kind="callbacks", name="receipts_callback_x", rows=7)

    html = owner.get(URL).content.decode()

    assert "30 days, whole days" in html
    assert "receipts_callback_x" in html
    assert PHONE not in html


@pytest.mark.usefixtures("story")
def test_retention_page_is_refused_without_its_permission(
    newcomer: Client, client: Client
) -> None:
    assert newcomer.get(URL).status_code == 403
    assert client.get(URL).status_code == 302

"""The page that says when the last backup was made."""

import pytest
from django.test import Client

from portal.console.models import BackupNote

URL = "/admin/backups/"


@pytest.mark.django_db
def test_backups_page_tells_the_last_one_and_how_to_make_one(owner: Client) -> None:
    before = owner.get(URL).content.decode()
    BackupNote.objects.create(folder="/backups/x", bytes=1, seconds=2.0, receipts=3)

    after = owner.get(URL).content.decode()

    assert "No backup was made yet" in before
    assert "manage.py backup" in after
    assert "/backups/x" in after


@pytest.mark.django_db
def test_backups_page_is_refused_without_its_permission(newcomer: Client) -> None:
    assert newcomer.get(URL).status_code == 403

"""Beat's leg: the entry of the schedule leads to a task that judges."""

import pytest
from django.conf import settings

from portal.celery import app
from receipts.alerts.models import Turn


@pytest.mark.django_db
def test_entry_of_the_schedule_is_a_task_that_judges() -> None:
    app.loader.import_default_modules()
    entry = settings.CELERY_BEAT_SCHEDULE["judge-alerts"]

    app.tasks[str(entry["task"])].run()

    assert Turn.objects.exists()
    assert int(str(entry["schedule"])) <= 60

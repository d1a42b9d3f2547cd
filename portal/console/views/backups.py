"""When the last backup was made, and how to make one and put one back."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from portal.console.models import BackupNote
from portal.console.views.page import Page

LATELY = 30
_OLD = timedelta(days=2)


class Backups(Page):
    """The last backups, and the commands; a backup is made on the host."""

    permission = "receipts.view_accessrecord"
    title = "Backups"
    template_name = "console/backups.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        notes = list(BackupNote.objects.order_by("-at")[:LATELY])
        return super().get_context_data(
            notes=notes,
            is_late=not notes or timezone.now() - notes[0].at > _OLD,
            spool=settings.SPOOL_DIR,
            **kwargs,
        )

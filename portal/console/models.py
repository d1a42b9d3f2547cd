"""What people keep of the console for themselves, and that backups were made."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """Filters and columns of a list under a name; only its owner sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="views"
    )
    page = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="view_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BackupNote(models.Model):
    """That a backup was made, and where; the backup itself is a folder."""

    at = models.DateTimeField(auto_now_add=True)
    folder = models.TextField()
    bytes = models.BigIntegerField()
    seconds = models.FloatField()
    receipts = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="backup_by_time")]

    def __str__(self) -> str:
        return self.folder

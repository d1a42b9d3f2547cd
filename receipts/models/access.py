"""What was done that somebody must be able to answer for, by a token or a person."""

from django.conf import settings
from django.db import models

from receipts.models.api_token import ApiToken


class AccessRecord(models.Model):
    """One such act. Added, never changed; names people only masked."""

    class Act(models.TextChoices):
        USER_SEARCH = "user_search"
        RAW_VIEW = "raw_view"
        REVEAL = "reveal"
        REPLAY = "replay"
        IGNORE = "ignore"
        TEST_RECEIPT = "test_receipt"
        EXPORT = "export"
        EXPORT_DOWNLOAD = "export_download"
        ERASE = "erase"

    at = models.DateTimeField(auto_now_add=True)
    token = models.ForeignKey(ApiToken, models.PROTECT, null=True, db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False
    )
    act = models.CharField(max_length=16, choices=Act)
    subject = models.TextField()  # an id, or a person as the actor may see one
    reason = models.TextField(blank=True, default="")
    address = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(token__isnull=False, user__isnull=True)
                | models.Q(token__isnull=True, user__isnull=False),
                name="access_has_one_actor",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="access_by_time")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"

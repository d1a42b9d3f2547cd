"""What was done with the API that somebody must be able to answer for."""

from django.db import models

from receipts.models.api_token import ApiToken


class AccessRecord(models.Model):
    """One such act of a token. Added, never changed; names people only masked."""

    class Act(models.TextChoices):
        USER_SEARCH = "user_search"
        RAW_VIEW = "raw_view"
        REPLAY = "replay"
        EXPORT = "export"
        EXPORT_DOWNLOAD = "export_download"

    at = models.DateTimeField(auto_now_add=True)
    token = models.ForeignKey(ApiToken, models.PROTECT, db_index=False)
    act = models.CharField(max_length=16, choices=Act)
    subject = models.TextField()  # an id, or a person as the token may see one
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="access_by_time")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"

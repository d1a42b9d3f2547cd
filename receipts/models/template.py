"""Templates as their receipts tell of them; their history is their receipts."""

from django.db import models

from channels_cfg.models import Channel


class Template(models.Model):
    """A template of a channel in one language; each aspect as last told."""

    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    code = models.TextField()
    language = models.TextField(default="")
    name = models.TextField(null=True)
    status = models.CharField(max_length=16, null=True)
    raw_status = models.TextField(null=True)
    reason = models.TextField(null=True)
    review_at = models.DateTimeField(null=True)
    quality = models.TextField(null=True)
    quality_at = models.DateTimeField(null=True)
    category = models.TextField(null=True)
    category_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "code", "language"], name="template_once"
            ),
        ]
        indexes = [models.Index(fields=["updated_at", "id"], name="template_by_time")]

    def __str__(self) -> str:
        return self.name or self.code

"""What people set: limits that differ from our own, and who shall be left in peace."""

from django.conf import settings
from django.db import models

from channels_cfg.models import Channel


class AlertRule(models.Model):
    """How a kind is judged, where it is not by its own defaults; a channel's own wins."""

    kind = models.CharField(max_length=32)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, db_index=False)
    is_enabled = models.BooleanField("Judge it", default=True)
    limits = models.JSONField(default=dict)  # numbers by the name of the limit
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel"], name="rule_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel or 'of all channels'}"


class Snooze(models.Model):
    """Until ``until`` nobody is told about what it names; what is empty names all."""

    kind = models.CharField(max_length=32, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, db_index=False)
    until = models.DateTimeField()
    reason = models.CharField(max_length=500)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["until"], name="snooze_by_end")]

    def __str__(self) -> str:
        words = [self.kind, self.subject, str(self.channel or "")]
        return " ".join(word for word in words if word) or "everything"

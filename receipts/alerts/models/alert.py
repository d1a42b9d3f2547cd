"""An alert: something that needs somebody, from when it was seen until it is over."""

from django.db import models
from django.db.models import Q

from channels_cfg.models import Channel
from receipts.alerts.findings import Level


class Alert(models.Model):
    """One incident. ``subject`` says of what its kind is told: a channel, a host …"""

    class State(models.TextChoices):
        PENDING = "pending"  # seen, but not yet for long enough to tell anybody
        OPEN = "open"
        CLOSED = "closed"

    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=300)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, db_index=False)
    level = models.CharField(max_length=8, choices=Level)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    summary = models.CharField(max_length=500)
    facts = models.JSONField(default=dict)  # words and values, in their order
    samples = models.JSONField(default=list)  # ids of receipts or callbacks
    path = models.CharField(max_length=500, blank=True, default="")  # of the console
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    clear_since = models.DateTimeField(null=True)  # not seen since
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["pending", "open"]),
                name="alert_lives_once",
            ),
            models.CheckConstraint(
                condition=Q(state="pending") | Q(opened_at__isnull=False),
                name="told_alert_was_opened",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="closed_alert_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["closed_at", "id"],
                name="alert_over",
                condition=Q(state="closed"),
            ),
        ]

    def __str__(self) -> str:
        return self.summary

"""How the intake did: how long acknowledging took, and when the door could answer."""

from django.db import models

from channels_cfg.models import Channel


class AckHour(models.Model):
    """Acknowledgements of a channel in one hour, against its provider's limit.

    A channel that is gone keeps its hours: nothing here may hold up the door's counts.
    """

    hour = models.DateTimeField()
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    n = models.BigIntegerField()
    over_50 = models.BigIntegerField()  # per cent of the limit
    over_80 = models.BigIntegerField()
    over_100 = models.BigIntegerField()
    slowest_ms = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "channel"], name="ack_hour_counted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hour} {self.n}"


class IntakeSpan(models.Model):
    """From when to when the door of one host was seen to answer."""

    host = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()  # the last time that it was seen
    # Why there was nothing before: what the door said, '' if nobody looked.
    why_before = models.CharField(max_length=200, blank=True, default="")
    # Pushes that the edge had to answer with an error meanwhile; null: nobody can say.
    turned_away = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["host", "started_at"], name="intake_span_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("started_at")),
                name="intake_span_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["ended_at"], name="intake_span_by_end")]

    def __str__(self) -> str:
        return f"{self.host} {self.started_at}"

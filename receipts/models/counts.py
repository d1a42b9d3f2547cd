"""Roll-ups: delta rows that the drain appends and one compactor sums.

Readers add all rows of an hour, so no row is ever hot. The few that are not summed yet
are marked, so that the compactor finds them in years of hours.
"""

from django.db import models

from channels_cfg.models import Channel
from receipts.querysets.counts import ReceiptCountQuerySet


class ReceiptCount(models.Model):
    """How many new receipts an hour of ``received_at`` brought."""

    hour = models.DateTimeField()
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16, null=True)
    error_code = models.TextField(null=True)
    template_code = models.TextField(null=True)
    n = models.BigIntegerField()
    is_delta = models.BooleanField(default=True, db_default=True)

    objects = ReceiptCountQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["hour", "channel"], name="receipt_count_hour"),
            models.Index(
                fields=["hour", "channel"],
                condition=models.Q(is_delta=True),
                name="receipt_count_deltas",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hour} {self.n}"


class ReceiptDay(models.Model):
    """The hours of a day together, once nothing is likely to change them any more."""

    day = models.DateTimeField()  # when it began, in UTC
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16, null=True)
    error_code = models.TextField(null=True)
    template_code = models.TextField(null=True)
    n = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["day"], name="receipt_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.n}"


class MessageCount(models.Model):
    """How many messages whose ``first_at`` is in an hour stand at a status."""

    hour = models.DateTimeField()
    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    status = models.CharField(max_length=16)
    n = models.BigIntegerField()
    is_delta = models.BooleanField(default=True, db_default=True)

    class Meta:
        indexes = [
            models.Index(fields=["hour", "channel"], name="message_count_hour"),
            models.Index(
                fields=["hour", "channel"],
                condition=models.Q(is_delta=True),
                name="message_count_deltas",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hour} {self.n}"

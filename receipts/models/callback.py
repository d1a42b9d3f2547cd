"""A callback: one delivery to us, one POST or one queue message, as it came."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from channels_cfg.models import Channel
from channels_cfg.wire import ReceiptMode, ReceiptType
from receipts.querysets.callback import CallbackQuerySet


class Callback(models.Model):
    """One delivery, kept before it is read. Partitioned by day of ``received_at``."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        PARTLY = "partly"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True)  # uuidv7, made where it was received
    received_at = models.DateTimeField()
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    receipt_type = models.CharField(
        max_length=16, choices=[(t.value, t.value) for t in ReceiptType]
    )
    mode = models.CharField(
        max_length=8, choices=[(m.value, m.value) for m in ReceiptMode]
    )
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    queue = models.TextField(null=True)  # endpoint and name, for mode queue
    offered_at = models.DateTimeField(null=True)  # EnqueueTime of a queue message
    ack_ms = models.FloatField(null=True)  # until the insert was sent

    state = models.CharField(
        max_length=8, choices=State, default=State.PENDING, db_default="pending"
    )
    attempts = models.SmallIntegerField(default=0, db_default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(null=True)
    processed_at = models.DateTimeField(null=True)
    items = models.IntegerField(null=True)
    new = models.IntegerField(null=True)
    duplicates = models.IntegerField(null=True)
    quarantined = models.IntegerField(null=True)
    error = models.TextField(null=True)
    # channels that its items were found to belong to, when not only its own
    other_channels = ArrayField(models.BigIntegerField(), null=True)

    # items of it were erased: the body is no longer what came (processing/redacted.py)
    redacted_at = models.DateTimeField(null=True)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at", "id"],
                name="callback_pending",
                condition=models.Q(state="pending"),
            ),
            models.Index(
                fields=["received_at", "id"],
                name="callback_failed",
                condition=models.Q(state="failed"),
            ),
            models.Index(fields=["received_at", "id"], name="callback_by_time"),
            models.Index(
                fields=["channel", "received_at", "id"], name="callback_of_channel"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="pending")
                | models.Q(processed_at__isnull=False),
                name="finished_callback_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

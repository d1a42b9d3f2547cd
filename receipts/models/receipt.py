"""Receipts, what makes one once, and the repeats that were seen of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from channels_cfg.models import Channel
from channels_cfg.wire import ClaimedMeaning, Kind, ReceiptMode, ReceiptType, Status
from receipts.querysets.receipt import ReceiptQuerySet, SightingQuerySet


def _choices(
    words: type[Kind | ReceiptMode | ReceiptType | Status | ClaimedMeaning],
) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Receipt(models.Model):
    """One thing a provider told us. Added, never changed but by a replay.

    Partitioned by month of ``received_at``, which is that of its callback. NULL means
    that the provider did not tell.
    """

    id = models.BigIntegerField(primary_key=True)
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    xid = models.BigIntegerField()  # of the writer: orders the changes feed
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    callback_id = models.UUIDField()  # soft: its partition must stay droppable
    position = models.IntegerField()
    digest = models.BinaryField()  # of its key
    receipt_type = models.CharField(max_length=16, choices=_choices(ReceiptType))
    mode = models.CharField(max_length=8, choices=_choices(ReceiptMode))
    kind = models.CharField(max_length=16, choices=_choices(Kind))

    message_id = models.TextField(null=True)
    recipient_number = models.TextField(null=True)
    task_id = models.TextField(null=True)
    batch_id = models.TextField(null=True)
    client_batch_id = models.TextField(null=True)
    reply_to = models.TextField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    provider_conversation_id = models.TextField(null=True)
    conversation_type = models.TextField(null=True)

    status = models.CharField(max_length=16, null=True, choices=_choices(Status))
    raw_status = models.TextField(null=True)
    raw_detail = models.TextField(null=True)
    status_description = models.TextField(null=True)
    error_code = models.TextField(null=True)
    upstream_code = models.TextField(null=True)
    error_description = models.TextField(null=True)

    channel_type = models.CharField(max_length=32)  # the leg, where a message has legs
    business_address = models.TextField(null=True)
    identities = models.JSONField(null=True)  # [{"kind": …, "value": …}]
    template_code = models.TextField(null=True)
    template_name = models.TextField(null=True)
    template_language = models.TextField(null=True)
    template_change = models.JSONField(null=True)
    message_type = models.TextField(null=True)
    frame_type = models.TextField(null=True)
    content = models.TextField(null=True)  # JSON of a wire Content

    claimed_at = models.DateTimeField(null=True)
    claimed_meaning = models.CharField(
        max_length=8, null=True, choices=_choices(ClaimedMeaning)
    )
    flags = models.IntegerField(default=0)  # wire.Flag
    payload = models.TextField()  # the item's JSON text as it came

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["received_at", "id"], name="receipt_by_time"),
            models.Index(
                fields=["channel", "received_at", "id"], name="receipt_of_channel"
            ),
            models.Index(
                fields=["status", "received_at", "id"],
                name="receipt_of_status",
                condition=Q(status__isnull=False),
            ),
            models.Index(
                fields=["error_code", "received_at", "id"],
                name="receipt_of_error",
                condition=Q(error_code__isnull=False),
            ),
            models.Index(
                fields=["template_code", "received_at", "id"],
                name="receipt_of_template",
                condition=Q(template_code__isnull=False),
            ),
            models.Index(
                # A template's few reviews lie among the many receipts of its messages.
                fields=["channel", "template_code", "received_at"],
                name="receipt_of_review",
                condition=Q(kind=Kind.TEMPLATE),
            ),
            models.Index(
                fields=["business_address", "received_at", "id"],
                name="receipt_of_address",
                condition=Q(business_address__isnull=False),
            ),
            models.Index(
                fields=["message_id", "received_at"],
                name="receipt_of_message",
                condition=Q(message_id__isnull=False),
            ),
            models.Index(
                # CAMS repeats the message id where no task id was given.
                fields=["task_id", "received_at"],
                name="receipt_of_task",
                condition=Q(task_id__isnull=False) & ~Q(task_id=models.F("message_id")),
            ),
            models.Index(
                fields=["batch_id", "received_at"],
                name="receipt_of_batch",
                condition=Q(batch_id__isnull=False),
            ),
            models.Index(
                fields=["client_batch_id", "received_at"],
                name="receipt_of_client_batch",
                condition=Q(client_batch_id__isnull=False),
            ),
            models.Index(
                fields=["provider_conversation_id", "received_at"],
                name="receipt_of_their_conversation",
                condition=Q(provider_conversation_id__isnull=False),
            ),
            models.Index(
                fields=["conversation_id", "received_at", "id"],
                name="receipt_of_conversation",
                condition=Q(conversation_id__isnull=False),
            ),
            models.Index(
                "conversation_id",
                Coalesce("claimed_at", "received_at"),
                "id",
                name="event_of_conversation",
                condition=Q(conversation_id__isnull=False, message_id__isnull=True)
                | Q(conversation_id__isnull=False, kind=Kind.SUBSCRIPTION),
            ),
            # None by callback: its receipts share its time, which the first one knows.
            models.Index(fields=["xid", "id"], name="receipt_changes"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReceiptKey(models.Model):
    """What makes a receipt once; outlives the receipts' partitions.

    Hash-partitioned; written in the transaction of its receipt. ``reading`` is a
    digest of what was read, so that a repeat that tells more is noticed.
    """

    # (channel, digest) is the key of the table; Django wants one column.
    digest = models.BinaryField(primary_key=True)
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    receipt_id = models.BigIntegerField()
    received_at = models.DateTimeField()
    reading = models.BigIntegerField()

    class Meta:
        constraints = [
            # Providers push a receipt again when our answer was slow, and by both roads.
            models.UniqueConstraint(fields=["channel", "digest"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return str(self.receipt_id)


class Sighting(models.Model):
    """A repeat of a receipt. Insert-only; partitioned by month of ``received_at``.

    ``reading`` is the repeat's fold-relevant reading as JSON, only where it differs
    from the receipt's: a rebuild of the message needs it.
    """

    id = models.BigIntegerField(primary_key=True)
    received_at = models.DateTimeField()
    receipt_id = models.BigIntegerField()
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    callback_id = models.UUIDField()
    position = models.IntegerField()
    mode = models.CharField(max_length=8, choices=_choices(ReceiptMode))
    conversation_id = models.BigIntegerField(null=True)
    reading = models.TextField(null=True)

    objects = SightingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["receipt_id"], name="sighting_of_receipt"),
            models.Index(
                fields=["callback_id", "position"], name="sighting_of_callback"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} again"

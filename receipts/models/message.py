"""A message: what its receipts, folded, say became of it."""

from django.db import models
from django.db.models import Q

from channels_cfg.models import Channel
from channels_cfg.wire import Status
from receipts.querysets.message import MessageQuerySet


class Message(models.Model):
    """One MT or MO message. Written only by the fold; NULL means not told.

    A message id has one row with an empty ``slot``; further recipient numbers of the
    same id (the published CAMS sample) have rows of their own, whose slot is the
    number. ``recipients`` and ``legs`` on the first row say that the id has left the
    one-number or one-leg case, in which a row is rebuilt from its receipts.
    """

    class Direction(models.TextChoices):
        MT = "mt"
        MO = "mo"

    class Numberless(models.IntegerChoices):
        NONE = 0
        WITHOUT_PERSON = 1
        WITH_PERSON = 2

    # No constraint: each row of a batch would be checked, and lock its channel.
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    message_id = models.TextField()
    slot = models.TextField(default="")
    number = models.TextField(null=True)  # the recipient's, digits
    numberless = models.SmallIntegerField(default=0, choices=Numberless.choices)
    recipients = models.IntegerField(default=1)
    legs = models.JSONField(null=True)  # [{"leg", "status"}] when there are several

    direction = models.CharField(max_length=2, choices=Direction)
    channel_type = models.CharField(max_length=32)
    business_address = models.TextField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    task_id = models.TextField(null=True)
    reply_to = models.TextField(null=True)
    template_code = models.TextField(null=True)
    template_name = models.TextField(null=True)
    template_language = models.TextField(null=True)
    content = models.TextField(null=True)  # JSON of a wire Content
    text = models.TextField(null=True)  # of an MO message, for search

    status = models.CharField(
        max_length=16, choices=[(s.value, s.value) for s in Status]
    )
    progress = models.SmallIntegerField(default=0)
    queued_at = models.DateTimeField(null=True)
    queued_received_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_received_at = models.DateTimeField(null=True)
    channel_at = models.DateTimeField(null=True)
    channel_received_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    delivered_received_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    read_received_at = models.DateTimeField(null=True)
    played_at = models.DateTimeField(null=True)
    played_received_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failed_received_at = models.DateTimeField(null=True)

    # The failure that is shown: the greatest of its kind, so order cannot matter.
    failure_key = models.TextField(null=True, db_collation="C")
    failure_status = models.CharField(max_length=16, null=True)
    error_code = models.TextField(null=True)
    upstream_code = models.TextField(null=True)
    error_description = models.TextField(null=True)

    first_at = models.DateTimeField()  # earliest of coalesce(claimed, received)
    last_at = models.DateTimeField()  # latest received
    receipts = models.IntegerField(default=0)

    # What this row said before its last change: the counts move by the difference.
    was_status = models.CharField(max_length=16, null=True)
    was_first_at = models.DateTimeField(null=True)
    was_conversation_id = models.BigIntegerField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "message_id", "slot"], name="message_once"
            ),
        ]
        indexes = [
            models.Index(fields=["message_id"], name="message_by_their_id"),
            models.Index(
                fields=["task_id"],
                name="message_of_task",
                condition=Q(task_id__isnull=False) & ~Q(task_id=models.F("message_id")),
            ),
            models.Index(
                # The few ids with several recipients, asked for on every page.
                fields=["channel", "message_id"],
                name="message_of_several",
                condition=Q(recipients__gt=1),
            ),
            models.Index(fields=["last_at", "id"], name="message_by_time"),
            models.Index(
                fields=["channel", "last_at", "id"], name="message_of_channel"
            ),
            models.Index(fields=["status", "last_at", "id"], name="message_of_status"),
            models.Index(
                fields=["error_code", "last_at", "id"],
                name="message_of_error",
                condition=Q(error_code__isnull=False),
            ),
            models.Index(
                fields=["template_code", "last_at", "id"],
                name="message_of_template",
                condition=Q(template_code__isnull=False),
            ),
            models.Index(
                fields=["business_address", "last_at", "id"],
                name="message_of_address",
                condition=Q(business_address__isnull=False),
            ),
            models.Index(
                fields=["conversation_id", "first_at", "id"],
                name="message_of_conversation",
                condition=Q(conversation_id__isnull=False),
            ),
            models.Index(
                fields=["conversation_id", "last_at", "id"],
                name="message_latest_of_conversation",
                condition=Q(conversation_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class MessageReference(models.Model):
    """A message that shows in a second conversation: a fallback leg's."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="references")
    conversation_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "conversation_id"], name="reference_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation_id", "at", "message"],
                name="reference_of_conversation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} in {self.conversation_id}"


class MergedMessage(models.Model):
    """The id of a message row that is no more, and the row that answers for it.

    A replay may find that one message id never had several recipients. Both are soft:
    a survivor may be removed like any message, and then nobody answers.
    """

    id = models.BigIntegerField(primary_key=True)
    survivor_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["survivor_id"], name="merged_into_message")]

    def __str__(self) -> str:
        return f"{self.pk} is {self.survivor_id}"

"""Items that could not be read, kept with their reason until somebody acts."""

from django.db import models

from channels_cfg.models import Channel
from receipts.querysets.callback import QuarantineQuerySet


class QuarantinedItem(models.Model):
    """An unreadable item, or, without position, a body that has no items."""

    class State(models.TextChoices):
        OPEN = "open"
        REPLAYED = "replayed"
        IGNORED = "ignored"

    channel = models.ForeignKey(Channel, models.PROTECT, db_index=False)
    callback_id = models.UUIDField()
    received_at = models.DateTimeField()  # of the callback
    position = models.IntegerField(null=True)
    reason = models.TextField()
    cause = models.CharField(max_length=64)  # groups reasons that differ in details
    item = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ignored_until = models.DateTimeField(null=True)  # then it is open again

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["callback_id", "position"],
                name="quarantined_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "state", "created_at", "id"],
                name="quarantine_of_channel",
            ),
            models.Index(fields=["created_at", "id"], name="quarantine_by_time"),
            models.Index(
                fields=["cause", "channel"],
                name="quarantine_open",
                condition=models.Q(state="open"),
            ),
            models.Index(
                fields=["received_at"],
                name="quarantine_holds_partition",
                condition=models.Q(state="open"),
            ),
            models.Index(
                fields=["ignored_until"],
                name="quarantine_to_reopen",
                condition=models.Q(state="ignored", ignored_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reason

"""How a provider's queue is doing, and who pulls it."""

from django.db import models


class QueueState(models.Model):
    """Lease and health of one consumer place of one queue (endpoint and name).

    Times are the database's. An error stays when the queue works again: it is over if
    ``last_pulled_at`` is later than ``last_error_at``.
    """

    endpoint = models.CharField(max_length=300)
    queue_name = models.CharField(max_length=200)
    place = models.SmallIntegerField(default=0)  # several consumers: one place each
    holder = models.CharField(max_length=128, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    last_pulled_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    oldest_enqueued_at = models.DateTimeField(null=True)  # of the last pull, if any
    received = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    redelivered = models.BigIntegerField(default=0)  # received before, by anybody
    token_expires_at = models.DateTimeField(null=True)
    is_stopped = models.BooleanField(default=False)  # configuration error: wait for ops
    last_error = models.TextField(blank=True, default="")
    last_error_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "queue_name", "place"], name="queue_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_name} {self.place}"

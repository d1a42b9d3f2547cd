"""Queues of a provider that we pull, and the account that opens them."""

from django.db import models

from channels_cfg.models.callback_path import RECEIPT_TYPES
from channels_cfg.models.channel import Channel
from channels_cfg.secrets import SecretsField
from channels_cfg.wire import ReceiptType


class QueueAccount(models.Model):
    """The account and the endpoints through which a channel's queues are pulled."""

    channel = models.OneToOneField(
        Channel, models.CASCADE, related_name="queue_account"
    )
    token_endpoint = models.CharField(max_length=300)
    queue_endpoint = models.CharField(max_length=300)
    access_key_id = models.CharField(max_length=128)
    access_key_secrets = SecretsField()
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.queue_endpoint


class ProviderQueue(models.Model):
    """A queue we pull for one receipt type of one channel.

    The queue itself is known by its account's endpoint and its name; several channels
    of one account may name the same one, told apart by business address.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="queues")
    receipt_type = models.CharField(
        max_length=16,
        choices={k: v for k, v in RECEIPT_TYPES.items() if k != ReceiptType.ANY.value},
    )
    queue_name = models.CharField(max_length=200)
    is_enabled = models.BooleanField("Message queue monitoring", default=True)
    consumers = models.PositiveSmallIntegerField(
        default=1, help_text="How many consumers may pull it at the same time."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("channel", "receipt_type")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "receipt_type"], name="queue_once_a_receipt_type"
            ),
            models.CheckConstraint(
                condition=models.Q(is_enabled=False) | ~models.Q(queue_name=""),
                name="pulled_queue_has_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.queue_name

"""Conversations and the identities by which a person is known in them."""

from django.db import models
from django.db.models import Q

from channels_cfg.models import Channel
from channels_cfg.wire import IdentityKind
from receipts.querysets.conversation import ConversationQuerySet, IdentityQuerySet


class Conversation(models.Model):
    """One person on one channel, channel type and business address.

    Conversations that turn out to be one person are merged: the oldest id survives,
    the others point at it for ever and answer with it.
    """

    # No constraint: each row of a batch would be checked, and lock its channel.
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    channel_type = models.CharField(max_length=32)
    business_address = models.TextField(default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    is_settled = models.BooleanField(default=True)  # rows of merged ones re-pointed
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_inbound_at = models.DateTimeField(null=True)
    messages = models.IntegerField(default=0)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        permissions = [
            ("view_pii", "Can see numbers, names and texts of people"),
            ("reveal_pii", "Can reveal those of one page, with a reason, on record"),
        ]
        indexes = [
            models.Index(
                fields=["last_at", "id"],
                name="conversation_by_activity",
                condition=Q(merged_into__isnull=True),
            ),
            models.Index(
                fields=["channel", "last_at", "id"],
                name="conversation_of_channel",
                condition=Q(merged_into__isnull=True),
            ),
            models.Index(
                fields=["business_address", "last_at", "id"],
                name="conversation_of_address",
                condition=Q(merged_into__isnull=True),
            ),
            models.Index(
                fields=["merged_into"],
                name="conversation_merged",
                condition=Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="conversation_to_settle",
                condition=Q(is_settled=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConversationIdentity(models.Model):
    """One identity of a conversation's person; user names are shown, merge nobody."""

    # No constraint: each row of a batch would be checked, and lock its channel.
    channel = models.ForeignKey(
        Channel, models.PROTECT, db_constraint=False, db_index=False
    )
    channel_type = models.CharField(max_length=32)
    business_address = models.TextField(default="")
    kind = models.CharField(
        max_length=16, choices=[(k.value, k.value) for k in IdentityKind]
    )
    value = models.TextField()
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="identities"
    )

    objects = IdentityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "channel_type", "business_address", "kind", "value"],
                condition=~Q(kind=IdentityKind.USERNAME),
                name="identity_of_one_conversation",
            ),
            models.UniqueConstraint(
                fields=["conversation", "value"],
                condition=Q(kind=IdentityKind.USERNAME),
                name="username_once_a_conversation",
            ),
        ]
        indexes = [models.Index(fields=["value"], name="identity_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.conversation_id}"

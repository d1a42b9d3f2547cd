"""Every screen of the console, for rows of the demo."""

from collections.abc import Iterator

from django.urls import reverse

from channels_cfg.models import Channel, ErrorCode
from receipts.models import (
    Callback,
    Conversation,
    Message,
    QuarantinedItem,
    Receipt,
    Template,
)

_PLAIN = (
    "index",
    "conversations",
    "messages",
    "receipts",
    "callbacks",
    "problems",
    "items",
    "templates",
    "codes",
    "audit",
    "find",
    "channels_cfg_channel_changelist",
    "channels_cfg_channel_add",
    "channels_cfg_errorcode_changelist",
    "auth_user_changelist",
    "auth_group_changelist",
)


def screens() -> Iterator[str]:
    """Yield the path of each screen."""
    for name in _PLAIN:
        yield reverse(f"admin:{name}")
    story = Conversation.objects.get(identities__value="ID.13491208655302741918")
    rows = {
        "conversation": story,
        "message": Message.objects.get(conversation_id=story.pk, status="failed"),
        "receipt": Receipt.objects.latest("received_at"),
        "callback": Callback.objects.filter(state="partly").latest("received_at"),
        "item": QuarantinedItem.objects.latest("received_at"),
        "template": Template.objects.earliest("pk"),
        "channel": Channel.objects.earliest("pk"),
        "channels_cfg_channel_change": Channel.objects.get(key="wa-main"),
        "channels_cfg_errorcode_change": ErrorCode.objects.earliest("pk"),
    }
    for name, row in rows.items():
        yield reverse(f"admin:{name}", args=[row.pk])
    cause = "?of=item&channel=wa-main&cause=no%20MessageId"
    yield reverse("admin:cause") + cause

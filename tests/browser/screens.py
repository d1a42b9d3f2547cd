"""Every screen of the console, for rows of the demo."""

from collections.abc import Iterator

from django.urls import reverse

from channels_cfg.models import Channel, ErrorCode
from portal.console import nav
from receipts.models import (
    Callback,
    Conversation,
    Message,
    QuarantinedItem,
    Receipt,
    Template,
)

# Beside what the navigation leads to.
_FURTHER = (
    "items",
    "find",
    "channels_cfg_channel_add",
    "channels_cfg_errorcode_changelist",
    "receipts_apitoken_add",
    "auth_user_add",
    "password_change",
)


def screens() -> Iterator[str]:
    """Yield the path of each screen."""
    for name in (*nav.names(), *_FURTHER):
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
    thread = reverse("admin:conversation", args=[story.pk])
    yield f"{thread}?only=failures"
    yield reverse("admin:receipts") + "?status=failed&range=7d&cols=sender"
    yield reverse("admin:receipts") + "?error_code=none"
    yield reverse("admin:find") + "?q=nobody"
    cause = "?of=item&channel=wa-main&cause=no%20MessageId"
    yield reverse("admin:cause") + cause

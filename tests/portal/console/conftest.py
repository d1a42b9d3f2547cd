"""A channel, deliveries that were drained, and three people who look at them."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import timezone

from channels_cfg.models import CallbackPath, Channel, ErrorCode
from portal.console import groups
from receipts.ids import uuid7
from receipts.models import Callback
from receipts.processing.drain import drain

PHONE = "6281234567890"
BUSINESS = "8613100000000"

Tell = Callable[..., Callback]


@pytest.fixture
def channel(db: None) -> Channel:
    """A WhatsApp channel of CAMS with a path for statuses."""
    made = Channel.objects.create(
        key="wa-main", name="WhatsApp main", provider="cams", type="whatsapp"
    )
    CallbackPath.objects.create(channel=made, receipt_type="mt_status", path="wa/st")
    return made


@pytest.fixture
def tell(channel: Channel) -> Tell:
    """Keep a delivery as the door would, ``ago`` before now, and drain it."""

    def do(
        body: object,
        receipt_type: str = "mt_status",
        *,
        ago: timedelta = timedelta(minutes=1),
    ) -> Callback:
        # Earlier than this test's transaction, whose start is the database's now.
        at = timezone.now() - ago
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        made = Callback.objects.create(
            id=uuid7(at),
            received_at=at,
            channel=channel,
            receipt_type=receipt_type,
            mode="push",
            body=raw,
            ack_ms=2.5,
        )
        drain()
        return Callback.objects.get(pk=made.pk)

    return do


def status(
    word: str, at: datetime | None = None, **fields: object
) -> dict[str, object]:
    """Return a CAMS status item."""
    moment = at or timezone.now()
    return {
        "MessageId": "61851234567890000001",
        "From": BUSINESS,
        "To": PHONE,
        "Status": word,
        "Timestamp": int(moment.timestamp() * 1000),
        "MsgFrameType": "template",
        "Type": "TEMPLATE",
        "TemplateCode": "744c4b5c",
        "TemplateName": "order_update",
        "Language": "en",
        "TaskId": "campaign-7",
        **fields,
    }


def inbound(text: str, **fields: object) -> dict[str, object]:
    """Return a CAMS inbound item."""
    return {
        "MessageId": "61851234567890000002",
        "From": PHONE,
        "To": BUSINESS,
        "Timestamp": int(timezone.now().timestamp() * 1000),
        "Type": "TEXT",
        "Message": text,
        "Name": "Sari Wulandari",
        "FromUserName": "Sari Wulandari",
        "FromUserId": "ID.13491208655302741918",
        **fields,
    }


@pytest.fixture
def story(tell: Tell) -> None:
    """One of everything: delivered and yet failed, an answer, a template, a bad item."""
    ErrorCode.objects.update_or_create(
        provider="cams",
        code="131026",
        defaults={"title": "Message undeliverable", "owner": "recipient"},
    )
    tell([status("Sent"), status("Delivered")])
    tell([status("Failed", ErrorCode="131026", ErrorDescription="131026:Incapable")])
    tell([inbound("Where is my parcel?")], "mo_message")
    tell([{"From": BUSINESS, "To": PHONE, "Status": "Sent"}])
    tell(
        [{"TemplateCode": "744c4b5c", "AuditStatus": "pass", "Language": "en"}],
        "template_audit",
    )
    tell(b"\x1f\x8b not text")


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def stranger(db: None) -> Client:
    """Somebody with a login, but not of the staff."""
    return _client(User.objects.create_user("stranger"))


@pytest.fixture
def newcomer(db: None) -> Client:
    """Staff without any permission."""
    return _client(User.objects.create_user("newcomer", is_staff=True))


@pytest.fixture
def viewer(db: None) -> Client:
    """Staff who may see everything but people."""
    user = User.objects.create_user("viewer", is_staff=True)
    views = Permission.objects.filter(codename__startswith="view_")
    user.user_permissions.set(views.exclude(codename="view_pii"))
    return _client(user)


@pytest.fixture
def operator(db: None) -> Client:
    """Staff in the group of operators."""
    groups.make()
    user = User.objects.create_user("operator", is_staff=True)
    user.groups.add(Group.objects.get(name="Operator"))
    return _client(user)


@pytest.fixture
def owner(db: None) -> Client:
    """A superuser."""
    return _client(User.objects.create_superuser("owner"))

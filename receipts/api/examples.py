"""One example of each resource, for the OpenAPI document."""

from datetime import UTC, datetime, timedelta

import msgspec

from receipts import shapes
from receipts.api.described import Answer

_SENT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
_DELIVERED = _SENT + timedelta(seconds=2)
_CALLBACK = "019c1386-5b20-7c4e-9d1a-3f0c6a8e2b71"
_NONE = shapes.Steps(
    queued_at=None,
    sent_at=None,
    channel_at=None,
    delivered_at=None,
    read_at=None,
    played_at=None,
    failed_at=None,
)
_USER = shapes.User(phone="+8613800138678", user_id="CN.13491208655302741918")
_TEMPLATE = shapes.TemplateName(code="72481", name="order_update", language="en")

RECEIPT = shapes.Receipt(
    id="184467",
    channel="wa-main",
    channel_type="whatsapp",
    provider="cams",
    receipt_type="mt_status",
    mode="push",
    modes=["push", "queue"],
    kind="status",
    message_id="2026013112000012345",
    task_id="order-9",
    batch_id=None,
    client_batch_id=None,
    conversation="512",
    provider_conversation_id="d7f2",
    conversation_type="utility",
    status="failed",
    raw_status="Failed",
    raw_detail=None,
    status_description=None,
    error=shapes.Error(
        code="131026",
        upstream_code=None,
        description="131026:Message undeliverable",
        category="unreachable",
        owner="recipient",
        advice="Ask the person to update WhatsApp, or use another channel.",
        transient=False,
    ),
    business_address="+8613100000000",
    user=_USER,
    template=_TEMPLATE,
    message_type="template",
    frame_type="template",
    leg=None,
    occurred_at=_SENT,
    claimed_at=_SENT,
    claimed_meaning="sent",
    received_at=_DELIVERED,
    stored_at=_DELIVERED,
    times_seen=2,
    flags=["repeated"],
    callback=_CALLBACK,
)
MESSAGE = shapes.Message(
    id="90210",
    channel="wa-main",
    channel_type="whatsapp",
    provider="cams",
    message_id="2026013112000012346",
    task_id="order-9",
    direction="mt",
    conversation="512",
    status="delivered",
    contradiction=False,
    implied=["sent"],
    ceiling="read",
    legs=[],
    steps=msgspec.structs.replace(_NONE, delivered_at=_DELIVERED),
    steps_received=msgspec.structs.replace(_NONE, delivered_at=_DELIVERED),
    error=None,
    template=_TEMPLATE,
    message_type="template",
    content=None,
    reply_to=None,
    read_window_closes_at=None,
    first_at=_DELIVERED,
    last_at=_DELIVERED,
    receipts=1,
    flags=[],
)
CONVERSATION = shapes.Conversation(
    id="512",
    channel="wa-main",
    channel_type="whatsapp",
    provider="cams",
    business_address="+8613100000000",
    user=_USER,
    identities=[shapes.Identity(kind="phone", value="+8613800138678")],
    first_at=_SENT,
    last_at=_DELIVERED,
    messages=7,
    window_closes_at=_SENT + timedelta(hours=24),
)
ENTRY = shapes.TimelineEntry(
    at=_DELIVERED, kind="message", message=MESSAGE, receipt=None
)
TEMPLATE = shapes.Template(
    id="3",
    channel="wa-main",
    code="72481",
    name="order_update",
    language="en",
    status="approved",
    raw_status="pass",
    category="UTILITY",
    quality="GREEN",
    reason=None,
    updated_at=_SENT,
)
CHANNEL = shapes.Channel(
    key="wa-main",
    name="WhatsApp main",
    provider="cams",
    type="whatsapp",
    active=True,
    account={"cust_space_id": "cams-xxx", "waba_id": "123"},
    addresses=["+8613100000000"],
    callbacks=[
        shapes.ChannelCallback(
            receipt_type="mt_status", enabled=True, last_received_at=_SENT
        )
    ],
    queues=[],
)
CALLBACK = shapes.Callback(
    id=_CALLBACK,
    channel="wa-main",
    receipt_type="mt_status",
    mode="push",
    received_at=_SENT,
    processed_at=_DELIVERED,
    state="partly",
    items=3,
    new=1,
    duplicates=1,
    quarantined=1,
    ack_ms=2.4,
    bytes=1187,
    error=None,
)
QUARANTINED = shapes.QuarantinedItem(
    id="12",
    channel="wa-main",
    callback=_CALLBACK,
    position=2,
    reason="no MessageId",
    state="open",
    created_at=_DELIVERED,
)
REPLAYED = shapes.Replayed(receipts=1, duplicates=0, quarantined=0)
STATS = shapes.Stats(
    interval="hour",
    from_=_SENT,
    to=_SENT + timedelta(hours=1),
    results=[shapes.StatsRow(start=_SENT, channel="wa-main", count=1200)],
)
CHANGES = shapes.Changes(results=[RECEIPT], cursor="WyI4ZjUz…:kJ2…")
EXPORT = shapes.Export(
    id="5f0e2c4a-7d7e-4c0e-9d55-0c3b0f5d6b1e",
    resource="receipts",
    format="csv",
    filters={"channel": "wa-main", "status": "failed"},
    window=shapes.Window(after=_SENT - timedelta(days=31), before=_SENT),
    state="pending",
    masked=True,
    rows=0,
    bytes=0,
    error=None,
    created_at=_SENT,
    finished_at=None,
    expires_at=_SENT + timedelta(hours=24),
    download=None,
)


def one(example: msgspec.Struct) -> Answer:
    """Return the answer that is one such thing."""
    return Answer(shape=type(example), examples={"One": example})


def page(example: msgspec.Struct) -> Answer:
    """Return the answer that is a page of such things."""
    shown: shapes.Page[msgspec.Struct] = shapes.Page(
        next="https://portal.example/api/v1/…/?cursor=WyIy…",
        previous=None,
        window=None,
        results=[example],
    )
    return Answer(shape=shapes.Page[type(example)], examples={"A page": shown})  # type: ignore[misc]  # a type at run time

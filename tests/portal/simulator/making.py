"""Traffic and rows for the tests of the simulator."""

from datetime import UTC, datetime

from channels_cfg import registry
from channels_cfg.wire import Kind, ReceiptType
from portal.simulator import shown
from portal.simulator.items import Expected, Facts
from portal.simulator.traffic import Delivery, Wish, traffic

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
TYPES = (ReceiptType.MT_STATUS, ReceiptType.MO_MESSAGE, ReceiptType.TEMPLATE_AUDIT)


def pushes(
    provider: str = "cams",
    channel_type: str = "whatsapp",
    *,
    messages: int = 300,
    seed: str = "seed",
    start: datetime = START,
    account: dict[str, str] | None = None,
    pushed: tuple[ReceiptType, ...] = TYPES,
    **wish: float,
) -> list[Delivery]:
    """Return what a provider pushes to a channel."""
    facts = Facts(
        channel_type=channel_type,
        account=account or {},
        address="",
        audit_version="V2",
        ceilings=registry.adapter(provider).limits.ceilings,
        seed=seed,
        start=start,
    )
    largest = int(wish.pop("largest_batch", 20))
    asked = Wish(
        messages=messages,
        rate=50,
        seed=seed,
        start=start,
        largest_batch=largest,
        **wish,
    )
    return traffic(provider, facts, asked, pushed=pushed)


def told(word: str = "sent", message_id: str = "1", detail: str = "") -> Expected:
    """Return what is expected of one status."""
    return Expected(
        kind=Kind.STATUS,
        channel_type="whatsapp",
        message_id=message_id,
        word=word,
        person="+6580001234",
        detail=detail,
    )


def receipt(pk: str, of: Expected, *, at: datetime = START) -> shown.Receipt:
    """Return the row of ``receipts/`` that shows a status."""
    return shown.Receipt(
        id=pk,
        kind=of.kind,
        channel_type=of.channel_type,
        message_id=of.message_id or None,
        status=of.word or None,
        raw_status=of.word.title(),
        message_type=None,
        user=shown.User(phone=of.person),
        error=shown.Error(code=of.detail) if of.detail else None,
        template=None,
        received_at=at,
        stored_at=at,
    )


def message(
    pk: str, message_id: str = "1", status: str = "sent", **more: object
) -> shown.Message:
    """Return a row of ``messages/``."""
    return shown.Message(
        id=pk,
        message_id=message_id,
        conversation="1",
        status=status,
        contradiction=bool(more.get("contradiction")),
        error=shown.Error(code=str(more["code"])) if "code" in more else None,
    )

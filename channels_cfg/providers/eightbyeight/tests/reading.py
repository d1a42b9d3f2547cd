"""Short ways to read one event, for the tests of this folder."""

from pathlib import Path

from channels_cfg import registry
from channels_cfg.json_text import load_item
from channels_cfg.wire import (
    ReceiptEvent,
    ReceiptType,
)

FOLDER = Path(__file__).parent.parent
ADAPTER = registry.in_folder(FOLDER.name)
BSUID = "US.13491208655302741918"


def read(item: object, receipt_type: ReceiptType = ReceiptType.ANY) -> ReceiptEvent:
    return ADAPTER.read(receipt_type, item, "multi")


def read_fixture(name: str) -> ReceiptEvent:
    (raw,) = ADAPTER.split((FOLDER / "fixtures" / f"{name}.json").read_bytes())
    return read(load_item(raw)[0])


def receipt(payload: dict[str, object], **status: object) -> ReceiptEvent:
    """Read a receipt of message m-1, sent by WhatsApp unless ``payload`` says else."""
    told = {"state": "sent", "timestamp": "2026-07-03T03:24:00Z"} | status
    return read(
        {
            "namespace": "ChatApps",
            "eventType": "outbound_message_status_changed",
            "payload": {"umid": "m-1", "channel": "whatsapp", "status": told} | payload,
        }
    )

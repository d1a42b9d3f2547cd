"""Short ways to make and read batches, for the tests of this folder."""

import json
from pathlib import Path

from channels_cfg import registry
from channels_cfg.json_text import load_item
from channels_cfg.wire import ReceiptEvent, ReceiptType

FOLDER = Path(__file__).parent.parent
ADAPTER = registry.in_folder(FOLDER.name)
BSUID = "US.13491208655302741918"


def read(body: object) -> list[ReceiptEvent]:
    """Split and read a body, given as bytes or as what is to be JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    items = [load_item(item)[0] for item in ADAPTER.split(raw)]
    return [ADAPTER.read(ReceiptType.ANY, item, "whatsapp") for item in items]


def read_fixture(name: str) -> list[ReceiptEvent]:
    return read((FOLDER / "fixtures" / f"{name}.json").read_bytes())


def batch(field: str, value: object, time: object = 1739321024) -> dict[str, object]:
    change = {"field": field, "value": value}
    entry = {"id": "102290129340398", "time": time, "changes": [change]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def read_status(**fields: object) -> ReceiptEvent:
    """Read one status of message wamid.1, sent unless ``fields`` say else."""
    status = {
        "id": "wamid.1",
        "status": "sent",
        "timestamp": "1750263773",
        "recipient_id": "16505551234",
    }
    (event,) = read(batch("messages", {"statuses": [status | fields]}))
    return event


def read_message(type_: str, content: object, **fields: object) -> ReceiptEvent:
    """Read one inbound message wamid.1 of a type."""
    message = {"id": "wamid.1", "from": "16505551234", "timestamp": "1749416383"}
    told = message | {"type": type_, type_: content} | fields
    (event,) = read(batch("messages", {"messages": [told]}))
    return event

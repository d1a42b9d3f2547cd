"""Channels that pull queues of the stand-in, made as an operator makes them."""

import json
from collections.abc import Mapping

from django.db import connection

from channels_cfg.services import channel_file
from channels_cfg.services.channels import configure
from tests.smq.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET


def pull(
    key: str,
    url: str,
    queues: Mapping[str, str],
    *,
    address: str = "",
    is_pushed: bool = False,
    is_enabled: bool = True,
) -> None:
    """Make or change the channel ``key``; ``queues`` are names by receipt type."""
    named = {
        receipt_type: {"queue_name": name, "enabled": is_enabled}
        for receipt_type, name in queues.items()
    }
    channel: dict[str, object] = {
        "key": key,
        "name": key,
        "provider": "cams",
        "type": "whatsapp",
        "queues": named,
        "queue_account": {
            "token_endpoint": url,
            "queue_endpoint": url,
            "access_key_id": ACCESS_KEY_ID,
            "access_key_secret": ACCESS_KEY_SECRET,
        },
    }
    if address:
        channel["addresses"] = [f"+{address}"]
    if is_pushed:
        channel["callbacks"] = {"mt_status": {"path": f"{key}/status"}}
    configure(channel_file.read(json.dumps({"channels": [channel]})))
    connection.close()  # the database may go away before the next look

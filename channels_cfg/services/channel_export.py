"""Channels as the channel file writes them; secrets only as {stored: true}."""

from collections.abc import Iterable, Mapping

import yaml

from channels_cfg.models import CallbackPath, Channel, ProviderQueue, QueueAccount
from channels_cfg.secrets import Hidden
from channels_cfg.wire import ReceiptType

_Plain = dict[str, object]
_STORED: Mapping[str, object] = {"stored": True}


def export() -> str:
    """Return every channel as YAML; applied again, it changes nothing."""
    rows = Channel.objects.select_related("queue_account").prefetch_related(
        "callback_paths", "queues", "business_addresses"
    )
    channels = [_channel(row) for row in rows]
    return yaml.safe_dump(
        {"channels": channels}, sort_keys=False, allow_unicode=True, width=1000
    )


def _channel(row: Channel) -> _Plain:
    account: QueueAccount | None = getattr(row, "queue_account", None)
    plain: _Plain = {
        "key": row.key,
        "name": row.name,
        "provider": row.provider,
        "type": row.type,
        **({} if row.is_active else {"active": False}),
        "account": dict(row.account),
        "addresses": [address.shown for address in row.business_addresses.all()],
        "callbacks": _callbacks(row),
        "queues": {queue.receipt_type: _queue(queue) for queue in row.queues.all()},
    }
    return plain | ({"queue_account": _queue_account(account)} if account else {})


def _callbacks(channel: Channel) -> _Plain:
    by_type: dict[str, list[_Plain]] = {}
    for row in channel.callback_paths.all():
        by_type.setdefault(row.receipt_type, []).append(_callback(row, channel))
    return {k: v if len(v) > 1 else v[0] for k, v in by_type.items()}


def _callback(row: CallbackPath, channel: Channel) -> _Plain:
    is_audit = row.receipt_type == ReceiptType.TEMPLATE_AUDIT.value
    auth = dict(_auth(row))
    return {
        "path": row.path,
        "enabled": row.is_enabled,
        **({"version": channel.audit_version} if is_audit else {}),
        **({"auth": auth} if auth else {}),
        **({"allow_from": list(row.allow_from)} if row.allow_from else {}),
    }


def _auth(row: CallbackPath) -> Iterable[tuple[str, object]]:
    if row.header_name:
        yield "header", {"name": row.header_name, "value": dict(_STORED)}
    if _is_stored(row.basic_passwords):
        yield "basic", {"username": row.basic_username, "password": dict(_STORED)}
    if _is_stored(row.signing_secrets):
        yield "signing", dict(_STORED)
    if _is_stored(row.verify_tokens):
        yield "verify_token", dict(_STORED)


def _is_stored(secrets: Hidden) -> bool:
    return bool(secrets) or not secrets.is_readable


def _queue(row: ProviderQueue) -> _Plain:
    consumers: _Plain = {"consumers": row.consumers} if row.consumers != 1 else {}
    return {"queue_name": row.queue_name, "enabled": row.is_enabled} | consumers


def _queue_account(row: QueueAccount) -> _Plain:
    secret: _Plain = {"access_key_secret": dict(_STORED)}
    return {
        "token_endpoint": row.token_endpoint,
        "queue_endpoint": row.queue_endpoint,
        "access_key_id": row.access_key_id,
        **(secret if _is_stored(row.access_key_secrets) else {}),
    }

"""The channel file: YAML to what is wanted. Its shape is public, see the manual."""

from collections.abc import Mapping

from channels_cfg.models.callback_path import RECEIPT_TYPES
from channels_cfg.secrets import Hidden
from channels_cfg.services.problems import Invalid
from channels_cfg.services.secret_sources import read_secrets
from channels_cfg.services.specs import (
    NOTHING,
    CallbackSpec,
    ChannelSpec,
    QueueAccountSpec,
    QueueSpec,
)
from channels_cfg.services.yaml_nodes import Node, parse
from channels_cfg.wire import ReceiptType

_Fields = Mapping[str, Node]
_CHANNEL = (
    "key",
    "name",
    "provider",
    "type",
    "active",
    "account",
    "addresses",
    "callbacks",
    "queues",
    "queue_account",
)
_QUEUE_ACCOUNT = (
    "token_endpoint",
    "queue_endpoint",
    "access_key_id",
    "access_key_secret",
)


def read(text: str) -> list[ChannelSpec]:
    """Read a channel file. Raises ``Invalid`` with every problem of its shape."""
    root = parse(text)
    if root.value is None:
        root.fail("the file is empty; it must hold channels")
    channels = root.fields("channels").get("channels") if root.value else None
    if channels is None and not root.problems:
        root.fail("the file holds no channels")
    specs = [_channel(node) for node in channels.items()] if channels else []
    if root.problems:
        raise Invalid(root.problems)
    return specs


def _channel(node: Node) -> ChannelSpec:
    fields = node.fields(*_CHANNEL)
    if "key" not in fields and isinstance(node.value, dict):
        node.fail("a channel needs its key")
    callbacks, version = _callbacks(fields)
    return ChannelSpec(
        place=node.place,
        key=_text(fields, "key") or "",
        name=_text(fields, "name"),
        provider=_text(fields, "provider"),
        type=_text(fields, "type"),
        is_active=fields["active"].flag() if "active" in fields else True,
        account=_account(fields),
        addresses=_texts(fields, "addresses"),
        audit_version=version,
        callbacks=callbacks,
        queues=_queues(fields),
        queue_account=_queue_account(fields),
    )


def _text(fields: _Fields, name: str) -> str | None:
    return fields[name].text() if name in fields else None


def _texts(fields: _Fields, name: str) -> tuple[str, ...] | None:
    if name not in fields:
        return None
    return tuple(node.text() for node in fields[name].one_or_more())


def _account(fields: _Fields) -> dict[str, str] | None:
    if "account" not in fields:
        return None
    return {name: node.text() for name, node in fields["account"].members().items()}


def _callbacks(
    fields: _Fields,
) -> tuple[tuple[CallbackSpec, ...] | None, str | None]:
    if "callbacks" not in fields:
        return None, None
    specs: list[CallbackSpec] = []
    versions: dict[str, Node] = {}
    for receipt_type, found in fields["callbacks"].fields(*RECEIPT_TYPES).items():
        # A path without anything to say about it is made as usual.
        blank = found.value is None or found.value == {}
        nodes = (
            [Node({}, found.place, found.problems)] if blank else found.one_or_more()
        )
        specs += [_callback(receipt_type, node, versions) for node in nodes]
    if len(versions) > 1:
        next(iter(versions.values())).fail("one channel has one version of the feed")
    return tuple(specs), next(iter(versions), None)


def _callback(receipt_type: str, node: Node, versions: dict[str, Node]) -> CallbackSpec:
    is_audit = receipt_type == ReceiptType.TEMPLATE_AUDIT.value
    own = ("version",) if is_audit else ()
    fields = node.fields("path", "enabled", "auth", "allow_from", *own)
    if "version" in fields:
        versions[fields["version"].text()] = fields["version"]
    auth = _fields(fields, "auth", "header", "basic", "signing", "verify_token")
    header = _fields(auth, "header", "name", "value")
    basic = _fields(auth, "basic", "username", "password")
    return CallbackSpec(
        place=node.place,
        receipt_type=receipt_type,
        path=_text(fields, "path"),
        is_enabled=fields["enabled"].flag() if "enabled" in fields else True,
        header_name=_text(header, "name") or "",
        header_values=_part(header, "value", of="name"),
        basic_username=_text(basic, "username") or "",
        basic_passwords=_part(basic, "password", of="username"),
        signing_secrets=_secrets(auth, "signing"),
        verify_tokens=_secrets(auth, "verify_token"),
        allow_from=_texts(fields, "allow_from") or (),
    )


def _fields(fields: _Fields, name: str, *allowed: str) -> _Fields:
    return fields[name].fields(*allowed) if name in fields else {}


def _secrets(fields: _Fields, name: str) -> Hidden | None:
    return read_secrets(fields[name]) if name in fields else NOTHING


def _part(fields: _Fields, name: str, *, of: str) -> Hidden | None:
    """Read a secret; one left out, beside the name it belongs to, stays as stored."""
    return None if of in fields and name not in fields else _secrets(fields, name)


def _queues(fields: _Fields) -> tuple[QueueSpec, ...] | None:
    if "queues" not in fields:
        return None
    known = [each for each in RECEIPT_TYPES if each != ReceiptType.ANY.value]
    found = fields["queues"].fields(*known)
    return tuple(_queue(receipt_type, node) for receipt_type, node in found.items())


def _queue(receipt_type: str, node: Node) -> QueueSpec:
    fields = node.fields("queue_name", "enabled", "consumers")
    return QueueSpec(
        place=node.place,
        receipt_type=receipt_type,
        queue_name=_text(fields, "queue_name") or "",
        is_enabled=fields["enabled"].flag() if "enabled" in fields else True,
        consumers=fields["consumers"].whole() if "consumers" in fields else 1,
    )


def _queue_account(fields: _Fields) -> QueueAccountSpec | None:
    if "queue_account" not in fields:
        return None
    node = fields["queue_account"]
    own = node.fields(*_QUEUE_ACCOUNT)
    secret = own.get("access_key_secret")
    return QueueAccountSpec(
        place=node.place,
        token_endpoint=_text(own, "token_endpoint"),
        queue_endpoint=_text(own, "queue_endpoint"),
        access_key_id=_text(own, "access_key_id"),
        access_key_secrets=read_secrets(secret) if secret else None,
    )

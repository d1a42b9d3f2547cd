"""Secrets as the file writes them: a value, {env: NAME}, {file: PATH}, or a list."""

import os
from pathlib import Path

from channels_cfg.secrets import Hidden
from channels_cfg.services.yaml_nodes import Node

LONGEST = 4096


def read_secrets(node: Node) -> Hidden | None:
    """Return the secrets, newest first; None for {stored: true}: they stay as stored."""
    if isinstance(node.value, dict) and "stored" in node.value:
        if not node.fields("stored")["stored"].flag():
            node.fail("stored can only be true: the secret stays as it is")
        return None
    return Hidden(secret for each in node.one_or_more() if (secret := _one(each)))


def _one(node: Node) -> str:
    if not isinstance(node.value, dict):
        return _checked(node, node.text())
    sources = node.fields("env", "file")
    if len(sources) != 1:
        node.fail("must be a value, {env: NAME} or {file: PATH}")
        return ""
    name, source = next(iter(sources.items()))
    return _from_environment(source) if name == "env" else _from_file(source)


def _from_environment(node: Node) -> str:
    # The operator names the variable in the file: it is no setting of ours.
    name = node.text()
    if name in os.environ:
        return _checked(node, os.environ[name].strip())
    node.fail(f"{name} is not set in the environment")
    return ""


def _from_file(node: Node) -> str:
    try:
        return _checked(node, Path(node.text()).read_text().strip())
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "not a text file"
        node.fail(f"cannot read {node.value}: {reason}")
        return ""


def _checked(node: Node, secret: str) -> str:
    if len(secret) > LONGEST:
        node.fail(f"longer than {LONGEST} characters")
    elif not secret and isinstance(node.value, str):
        node.fail("is empty")
    return secret

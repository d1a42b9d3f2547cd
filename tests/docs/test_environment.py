"""docs/environment.md lists every variable that is read, with the default it has."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
_ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \| (.*) \|$", re.MULTILINE)
_TYPED = {"text", "whole", "flag", "words", "secret", "secret_words"}
_SECRET = {"secret", "secret_words"}
_NOT_OURS = {"PATH", "DJANGO_SETTINGS_MODULE"}


@dataclass(frozen=True)
class Read:
    """One place where the environment is read."""

    name: str
    by: str
    default: str | None  # None: not a constant


def reads() -> Iterator[Read]:
    """Yield every read by ``portal/env.py``, and those of ``os.environ`` itself."""
    for package in ("portal", "receipts", "channels_cfg"):
        for path in (BASE / package).rglob("*.py"):
            tree = ast.parse(path.read_text())
            raw = {"os.environ"} | ({"env"} if path.name == "config.py" else set())
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and node.args:
                    yield from _call(node, raw)


def _call(node: ast.Call, raw: set[str]) -> Iterator[Read]:
    name = node.args[0]
    if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
        return
    called = ast.unparse(node.func)
    owner, _, by = called.rpartition(".")
    if owner == "env" and by in _TYPED:
        yield Read(name.value, by, _default(node))
    elif called == "_is_set" or (by in {"get", "setdefault"} and owner in raw):
        yield Read(name.value, "environ", None)


def _default(node: ast.Call) -> str | None:
    found = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "default")]
    if not found:
        return None
    try:
        value = eval(ast.unparse(found[0]), {"__builtins__": {}})  # noqa: S307  # our own source
    except NameError:
        return None
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(value) if isinstance(value, tuple) else str(value)


@pytest.fixture(scope="module")
def found() -> list[Read]:
    return [each for each in reads() if each.name not in _NOT_OURS]


def documented() -> dict[str, tuple[str, str]]:
    text = (BASE / "docs" / "environment.md").read_text()
    return {name: (default, means) for name, default, means in _ROW.findall(text)}


def test_every_variable_that_is_read_is_documented_and_no_other(
    found: list[Read],
) -> None:
    assert len(found) > 30
    assert {each.name for each in found} == set(documented())


def test_documented_defaults_are_those_of_the_code(found: list[Read]) -> None:
    told = documented()
    constant = {each.name: each.default for each in found if each.default}

    for name, default in constant.items():
        assert told[name][0] == f"`{default}`", name


def test_secrets_say_that_they_may_come_from_a_file(found: list[Read]) -> None:
    secret = {each.name for each in found if each.by in _SECRET}

    for name, (_default, means) in documented().items():
        assert (f"`{name}_FILE`" in means) == (name in secret), name


def test_files_for_deployment_set_only_what_is_documented() -> None:
    others = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"}
    for path in (BASE / "deploy").rglob("*.env*"):
        names = re.findall(r"^#? ?([A-Z][A-Z_]+)=", path.read_text(), re.MULTILINE)

        assert names, path
        assert set(names) <= {*documented(), *others}, path

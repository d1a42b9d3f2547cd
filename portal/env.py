"""Typed readers of the environment; the only place that looks at it."""

from pathlib import Path
from typing import TYPE_CHECKING

import environ
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

_env = environ.Env()
_ENGINE = "receipts.database"  # PostgreSQL, whatever the scheme


def text(name: str, default: str | None = None) -> str:
    """Return ``name``; a name without default that is not set stops the start."""
    value = _env.str(name, default=default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} in the environment.")
    return str(value)


def is_set(*names: str) -> bool:
    """Say whether one of ``names`` has a value."""
    return any(_env.str(name, default="") for name in names)


def whole(name: str, default: int) -> int:
    """Return ``name`` as a whole number."""
    return int(_env.int(name, default=default))


def flag(name: str, default: bool) -> bool:
    """Return ``name`` as a switch: on, off, true, false, 1, 0."""
    return bool(_env.bool(name, default=default))


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return ``name`` as a list, cut at commas."""
    return [word.strip() for word in _env.list(name, default=list(default)) if word]


def secret(name: str) -> str | None:
    """Return ``name``, or the content of the file that ``name_FILE`` names."""
    file = _env.str(f"{name}_FILE", default="")
    if file:
        return Path(file).read_text().strip()
    return _env.str(name, default="") or None


def secret_words(name: str) -> list[str]:
    """Return a secret list, cut at commas, newest first."""
    return [word.strip() for word in (secret(name) or "").split(",") if word.strip()]


def database(url: str | None, options: "Mapping[str, object]") -> dict[str, object]:
    """Return the ``DATABASES`` entry of ``url``; what its query says wins over ``options``.

    Without a URL the entry has no name, and Django says so when it is first used.
    """
    if url is None:
        return {"ENGINE": _ENGINE, "NAME": ""}
    entry: dict[str, object] = {**environ.Env.db_url_config(url), "ENGINE": _ENGINE}
    asked = entry.get("OPTIONS")
    entry["OPTIONS"] = {**options, **(asked if isinstance(asked, dict) else {})}
    return entry

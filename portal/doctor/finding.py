"""What an examination says."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How well it is."""

    OK = "ok"
    LOOK = "look"  # works, but not as it should stay
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence about one thing, and what to do about it if it is not well."""

    level: Level
    says: str
    advice: str = ""


def ok(says: str) -> Finding:
    """Return that it is well."""
    return Finding(level=Level.OK, says=says)


def look(says: str, advice: str) -> Finding:
    """Return that somebody should look at it some day."""
    return Finding(level=Level.LOOK, says=says, advice=advice)


def trouble(says: str, advice: str) -> Finding:
    """Return that somebody must act."""
    return Finding(level=Level.TROUBLE, says=says, advice=advice)

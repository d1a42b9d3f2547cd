"""Markdown: tables and small phrases."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, '' where it would have no row."""
    cells = [_line([_cell(text) for text in row]) for row in rows]
    if not cells:
        return ""
    return "\n".join([_line(heads), _line(["---"] * len(heads)), *cells])


def code(text: object) -> str:
    """Return ``text`` as code, nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def codes(texts: Iterable[object]) -> str:
    """Return each of ``texts`` as code, with commas."""
    return ", ".join(code(text) for text in texts)


def span(length: timedelta | None) -> str:
    """Return a length of time as people say it: ``1 min 30 s``; none is ''."""
    left = int(length.total_seconds()) if length else 0
    parts = []
    for unit, seconds in _UNITS:
        if unit == "d" and left < 2 * seconds:
            continue  # people say 24 h
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

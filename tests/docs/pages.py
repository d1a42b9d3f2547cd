"""The pages of the project, cut into what tests look at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?\)")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block, without the indentation of a list that it stands in."""

    language: str
    text: str

    def lines(self) -> Iterator[str]:
        """Yield each command; one that goes on over lines as one."""
        yield from _whole(self.text)


def name(page: Path) -> str:
    """Return the page's path in the project."""
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> list[Block]:
    """Return every fenced block of ``page``."""
    return [
        Block(language=language, text=re.sub(rf"^{indent}", "", text, flags=re.M))
        for indent, language, text in _FENCE.findall(page.read_text())
    ]


def prose(page: Path) -> str:
    """Return ``page`` without its fenced blocks."""
    return _FENCE.sub("", page.read_text())


def indented(page: Path) -> list[str]:
    """Return every line that is code by its indentation."""
    return re.findall(r"^    +(\S.*)$", prose(page), re.MULTILINE)


def spans(page: Path) -> list[str]:
    """Return every inline code of ``page``."""
    return _SPAN.findall(prose(page))


def links(page: Path) -> list[str]:
    """Return the target of every link and image of ``page``."""
    return _LINK.findall(_SPAN.sub("", prose(page)))


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of ``page``, as GitHub makes them."""
    found: set[str] = set()
    for heading in _HEADING.findall(prose(page)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        base = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        again = 0
        while (anchor := f"{base}-{again}" if again else base) in found:
            again += 1
        found.add(anchor)
    return found


def _whole(text: str) -> Iterator[str]:
    """Join lines that end with a backslash, or within quotes; leave out comments."""
    held = ""
    for line in text.splitlines():
        if not held and line.lstrip().startswith("#"):
            continue
        held += line
        if held.endswith("\\"):
            held = held[:-1]
        elif held.count("'") % 2:
            held += "\n"
        elif held.strip():
            yield held.strip()
            held = ""
        else:
            held = ""

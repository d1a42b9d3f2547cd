"""The parts of a JSON object or array as the bytes that came, undecoded."""

import json
import re
from collections.abc import Iterator

import msgspec

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_elements = msgspec.json.Decoder(list[msgspec.Raw])

# A string without an end matches to the end of the text, or a text of quotes would be
# scanned once for each of them.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},]', re.DOTALL)
_MEMBER = re.compile(r'\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*:(.*)', re.DOTALL)


def members(text: bytes) -> dict[str, bytes]:
    """Return the members of an object, {} for anything else. ``text`` is JSON.

    What ``msgspec`` refuses (a line break in a string, a nest past all sense) is cut
    by its brackets alone; of equal names the last counts.
    """
    if not text.lstrip().startswith(b"{"):
        return {}
    try:
        return {name: bytes(raw) for name, raw in _members.decode(text).items()}
    except (msgspec.DecodeError, RecursionError):
        return dict(_cut_members(text.decode().strip()))


def elements(text: bytes | None) -> list[bytes] | None:
    """Return the elements of an array, None for anything else. ``text`` is JSON."""
    if text is None or not text.lstrip().startswith(b"["):
        return None
    try:
        return [bytes(raw) for raw in _elements.decode(text)]
    except (msgspec.DecodeError, RecursionError):
        return [part.strip().encode() for part in _cut(text.decode().strip())]


def _cut_members(text: str) -> Iterator[tuple[str, bytes]]:
    for part in _cut(text):
        found = _MEMBER.fullmatch(part)
        if found:
            yield str(json.loads(found[1], strict=False)), found[2].strip().encode()


def _cut(text: str) -> Iterator[str]:
    """Yield what stands between the commas of the outermost brackets."""
    depth, start = 0, 1
    for token in _TOKEN.finditer(text):
        mark = token[0]
        depth += (mark in ("[", "{")) - (mark in ("]", "}"))
        if depth == 0 or (mark == "," and depth == 1):
            part = text[start : token.start()]
            start = token.end()
            if part.strip():
                yield part
        if depth == 0:
            return

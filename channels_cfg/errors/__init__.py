"""The error dictionary as data: what each provider's code means; README.md beside.

Knows no Django and no database; who loads the rows decides what they may overwrite.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent
CATEGORIES = (
    "recipient_invalid",
    "not_on_channel",
    "unreachable",
    "blocked_or_opted_out",
    "window_closed",
    "expired",
    "template",
    "content_or_media",
    "request_invalid",
    "policy_or_suppressed",
    "rate_limited",
    "sender_setup",
    "credit",
    "provider_fault",
    "other",
)
KEYS = ("provider", "code", "upstream_code", "like", "meta")  # all else is words
OWNERS = ("us", "provider", "meta", "recipient", "author", "finance", "nobody")


class ErrorRow(msgspec.Struct, frozen=True, kw_only=True):
    """One code of one provider, in plain words.

    ``transient``: sending the same again later makes sense; None: it depends.
    """

    provider: str
    code: str
    upstream_code: str = ""
    title: str
    meaning: str
    category: str
    owner: str
    advice: str
    transient: bool | None


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a file; what it leaves out, ``like`` or ``meta`` fills in."""

    code: str
    like: str = ""
    meta: str = ""
    title: str | msgspec.UnsetType = msgspec.UNSET
    meaning: str | msgspec.UnsetType = msgspec.UNSET
    category: str | msgspec.UnsetType = msgspec.UNSET
    owner: str | msgspec.UnsetType = msgspec.UNSET
    advice: str | msgspec.UnsetType = msgspec.UNSET
    transient: bool | msgspec.UnsetType | None = msgspec.UNSET

    def words(self) -> dict[str, object]:
        """Return what this entry itself says."""
        said: dict[str, object] = msgspec.to_builtins(self)
        return {k: v for k, v in said.items() if k not in KEYS}


def rows() -> list[ErrorRow]:
    """Return every row of every file: provider ``meta``, ``cams`` and ``8x8``."""
    meta = {row.code: row for row in _meta()}
    return [*meta.values(), *_cams(meta), *_8x8(meta)]


def _meta() -> Iterator[ErrorRow]:
    own = {e.code: e for e in _entries("meta.yaml")}
    for entry in own.values():
        yield from _expand("meta", entry, entry.words())
    for entry in _entries("meta_onpremises.yaml"):
        yield from _expand("meta", entry, own[entry.like].words() | entry.words())


def _cams(meta: dict[str, ErrorRow]) -> Iterator[ErrorRow]:
    differences = {
        code: entry.words()
        for entry in _entries("cams.yaml")
        for code in _codes(entry.code)
    }
    for row in meta.values():
        words = _words(row) | differences.get(row.code, {})
        yield _row("cams", row.code, words, upstream_code=row.code)


def _8x8(meta: dict[str, ErrorRow]) -> Iterator[ErrorRow]:
    for name in ("8x8.yaml", "8x8_viber.yaml"):
        for entry in _entries(name):
            yield from _expand("8x8", entry, entry.words())
    for entry in _entries("8x8_whatsapp.yaml"):
        words = _words(meta[entry.meta]) | entry.words()
        yield _row("8x8", entry.code, words, upstream_code=entry.meta)


def _entries(name: str) -> list[_Entry]:
    return msgspec.yaml.decode((FOLDER / name).read_bytes(), type=list[_Entry])


def _expand(provider: str, entry: _Entry, words: dict[str, object]) -> list[ErrorRow]:
    return [_row(provider, code, words) for code in _codes(entry.code)]


def _codes(code: str) -> list[str]:
    """Return the codes of a range such as ``200-299``, or the one code."""
    first, dash, last = code.partition("-")
    if not dash:
        return [code]
    return [str(number) for number in range(int(first), int(last) + 1)]


def _words(row: ErrorRow) -> dict[str, object]:
    said: dict[str, object] = msgspec.to_builtins(row)
    return {k: v for k, v in said.items() if k not in KEYS}


def _row(
    provider: str, code: str, words: dict[str, object], *, upstream_code: str = ""
) -> ErrorRow:
    # Checked here, so that a word left out of a file is an error that names its code.
    said = {"provider": provider, "code": code, "upstream_code": upstream_code}
    return msgspec.convert(said | words, type=ErrorRow)

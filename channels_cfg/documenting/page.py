"""``docs/providers.md``: every provider, and the dictionary of error codes."""

from collections.abc import Collection, Iterator, Sequence

from channels_cfg import errors, registry
from channels_cfg.documenting.provider import parts_of
from channels_cfg.documenting.tables import code, codes, table
from channels_cfg.errors import ErrorRow

_HEAD = """\
# What becomes of each provider's words

Made by `manage.py provider_docs`; `make check` fails where it is out of date. Do not edit it: change the
adapter, or `fields.yaml` in the provider's folder, which lists the fields and values that the provider documents.
What becomes of them is tried out: each is changed in a fixture, and the two readings are compared.

*Becomes* names fields of the [API](openapi.yaml); `recipient` tells messages of one id apart, `further addresses` may
name the channel, `content.…` and `template …` show in messages and templates, all else stays in the raw item, which
is always kept. *Makes it another receipt*: two items that differ in it are two receipts, else one is a repeat.
Words are compared without regard to case; a word that no page has is kept as it came, never refused."""
_DICTIONARY = """\
## Error codes

What the dictionary says of a release; an operator's own words in the admin win. A code that is not here is a normal
case: it is counted, and the console lists it to be filled in."""


def page(slugs: Collection[str] | None = None) -> str:
    """Return the page, about all providers or those with one of ``slugs``."""
    wanted = registry.adapters().keys() if slugs is None else slugs
    parts = [part for part in _parts(wanted) if part]
    return "\n\n".join(parts) + "\n"


def named_on(text: str) -> set[str]:
    """Return the slugs of the providers that a page is about."""
    return {slug for slug in registry.adapters() if f"\n\nSlug `{slug}`." in text}


def _parts(slugs: Collection[str]) -> Iterator[str]:
    yield _HEAD
    for slug, adapter in registry.adapters().items():
        if slug in slugs:
            yield from parts_of(adapter)
    yield _DICTIONARY
    rows = errors.rows()
    for provider in dict.fromkeys(row.provider for row in rows):
        yield f"### Error codes of `{provider}`"
        own = [row for row in rows if row.provider == provider]
        heads = ("Code", "Upstream", "Means", "Category", "Who acts", "Again later")
        yield table(heads, (_error(same) for same in _ranges(own)))


def _ranges(rows: Sequence[ErrorRow]) -> Iterator[list[ErrorRow]]:
    """Yield rows that follow one another and say the same as one."""
    same: list[ErrorRow] = []
    for row in rows:
        if same and _said(row) != _said(same[0]):
            yield same
            same = []
        same.append(row)
    if same:
        yield same


def _said(row: ErrorRow) -> tuple[object, ...]:
    return row.title, row.meaning, row.category, row.owner, row.advice, row.transient


def _error(same: list[ErrorRow]) -> tuple[str, ...]:
    first, last = same[0], same[-1]
    upstream = first.upstream_code if first is last else ""
    again = {True: "yes", False: "no", None: "it depends"}[first.transient]
    ends = [first.code] if first is last else [first.code, last.code]
    return (
        codes(ends).replace(", ", " to "),
        code(upstream if upstream != first.code else ""),
        f"{first.title}: {first.meaning}",
        first.category,
        first.owner,
        again,
    )

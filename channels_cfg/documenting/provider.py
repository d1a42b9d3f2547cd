"""The part of the page about one provider: its clocks, its places, its fields."""

import inspect
from collections.abc import Iterator

from channels_cfg.documenting.documented import Field, Group, groups
from channels_cfg.documenting.samples import folder, manifest
from channels_cfg.documenting.tables import code, codes, span, table
from channels_cfg.documenting.trials import Row, try_field, try_values
from channels_cfg.wire import Adapter, Status

# A field that changes more of ours than this says what the whole item is.
_MOST = 7


def parts_of(adapter: Adapter) -> Iterator[str]:
    """Yield the paragraphs and tables about one provider."""
    place = f"channels_cfg/providers/{folder(adapter.slug).name}"
    yield f"## {adapter.label}"
    yield (
        f"Slug `{adapter.slug}`. Sources, with the numbers used below, and what they "
        f"leave unsaid: [README](../{place}/README.md)."
    )
    yield table(("", ""), _facts(adapter))
    yield "### Channel types"
    yield table(("Type", "Highest status", "Free answers for"), _types(adapter))
    yield "### Where its console asks for the callback URL"
    yield table(("Receipt type", "Channel type", "Menu", "Field"), _places(adapter))
    yield "### Account ids a channel may have"
    yield table(("Setting", "Means", ""), _settings(adapter))
    for group in groups(adapter.slug):
        yield from _group(adapter.slug, group)
    yield "### What else was tried"
    yield table(("Fixture", "What it is", "Items", "Set aside"), _fixtures(adapter))


def _facts(adapter: Adapter) -> Iterator[tuple[str, str]]:
    limits, ack = adapter.limits, adapter.ack()
    yield "Callback paths", codes(adapter.receipt_types)
    yield "Queues", codes(adapter.queue_types) or "none"
    yield "Proof", _first_words(adapter.verify)
    yield "GET on the path", _first_words(adapter.handshake)
    yield "Acknowledged by", f"{ack.status}, {code(ack.body.decode())}"
    yield "Must be acknowledged within", span(limits.ack_limit)
    yield "Tries again after", ", ".join(span(each) for each in limits.retry_after)
    window = span(limits.read_window)
    yield "Unread means read unknown after", window or "not said"
    yield "Media links live", span(limits.media_life) or "not said"


def _first_words(method: object) -> str:
    return (inspect.getdoc(method) or "").partition("\n")[0].replace("``", "`")


def _types(adapter: Adapter) -> Iterator[tuple[str, ...]]:
    limits = adapter.limits
    for name in adapter.channel_types:
        if name == "multi":
            continue  # several of the others
        highest = limits.ceilings.get(name, Status.READ)
        yield code(name), code(highest), span(limits.service_window.get(name))


def _places(adapter: Adapter) -> Iterator[tuple[str, ...]]:
    for each in adapter.console:
        kind = code(each.channel_type) or "any"
        yield code(each.receipt_type), kind, each.menu, each.field


def _settings(adapter: Adapter) -> Iterator[tuple[str, ...]]:
    for each in adapter.account_settings:
        yield code(each.name), each.label, each.help


def _group(slug: str, group: Group) -> Iterator[str]:
    yield f"### {group.title}"
    yield f"Source{'s' * (',' in group.sources)} {group.sources}."
    fields = [group.placed(field) for field in group.fields]
    heads = ("Field", "Becomes", "Makes it another receipt", "Without it")
    yield table(heads, (_field(slug, field) for field in fields))
    for field in fields:
        if field.values:
            yield _values(field, try_values(slug, field))


def _field(slug: str, field: Field) -> tuple[str, ...]:
    tried = try_field(slug, field)
    is_all = len(tried.becomes) > _MOST
    becomes = codes(tried.becomes) or "stays in the raw item"
    becomes = "decides what is read" if is_all else becomes
    why = f" ({field.why})" if field.why else ""
    without = f"set aside: {tried.without}" if tried.without else ""
    return code(field.name), becomes + why, "yes" if tried.is_of_key else "", without


def _values(field: Field, rows: list[Row]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row.becomes))
    if not names:
        listed = codes(row.value for row in rows)
        return f"Values of `{field.name}`, handed on as they are: {listed}."
    cells = (
        (code(row.value), *(code(row.becomes.get(name, "")) for name in names))
        for row in rows
    )
    return table((f"Value of `{field.name}`", *names), cells)


def _fixtures(adapter: Adapter) -> Iterator[tuple[str, ...]]:
    for each in manifest(adapter.slug):
        if each.source != "documented":
            aside = "all of it" if each.bad_body else str(len(each.bad_items) or "")
            yield code(each.file), each.note, str(each.items or ""), aside

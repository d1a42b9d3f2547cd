"""Write channels as wanted: the one way, for the file and for the forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from channels_cfg.models import BusinessAddress, Channel
from channels_cfg.models.callback_path import unguessable_path
from channels_cfg.services import checks, clashes, telling
from channels_cfg.services.drafts import Draft, Drafted, Row, draft
from channels_cfg.services.problems import Invalid, Problem
from channels_cfg.services.specs import ChannelSpec
from channels_cfg.services.urls import callback_url

_LOCK = 0x63686E6C  # any number that is ours: writers of channels wait for each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was changed, a line each, and what looks doubtful."""

    lines: tuple[str, ...]
    warnings: tuple[Problem, ...]
    channels: tuple[Channel, ...]


def configure(
    specs: Sequence[ChannelSpec], *, should_disable_missing: bool = False
) -> Outcome:
    """Make the channels as wanted, all or none; the same again changes nothing.

    Nothing is deleted: ``should_disable_missing`` switches off the channels that are
    not among ``specs``. Raises ``Invalid``.
    """
    with transaction.atomic():
        _lock()
        drafts, outcome = _prepare(
            specs, should_disable_missing=should_disable_missing, is_plan=False
        )
        _write(drafts)
    return outcome


def switch(keys: Sequence[str], *, is_active: bool) -> Outcome:
    """Switch channels on or off, all or none. Raises ``Invalid``, but never for off."""
    with transaction.atomic():
        _lock()
        specs = [ChannelSpec(place=(), key=key, is_active=is_active) for key in keys]
        if is_active:
            return configure(specs)
        drafts = _drafts(specs, [])
        _write(drafts)
        lines = [line for each in drafts for line in telling.lines(each)]
        rows = [each.channel.row for each in drafts]
        return Outcome(lines=tuple(lines), warnings=(), channels=tuple(rows))


def plan(
    specs: Sequence[ChannelSpec], *, should_disable_missing: bool = False
) -> Outcome:
    """Return what ``configure`` would do now. Raises ``Invalid``."""
    _, outcome = _prepare(
        specs, should_disable_missing=should_disable_missing, is_plan=True
    )
    return outcome


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _prepare(
    specs: Sequence[ChannelSpec], *, should_disable_missing: bool, is_plan: bool
) -> tuple[list[Draft], Outcome]:
    made: list[str] = []
    drafts = _drafts(specs, made)
    # Not judged: a channel must be stoppable whatever else is wrong with it.
    missing = _drafts(_missing(specs), made) if should_disable_missing else []
    found = [problem for each in drafts for problem in checks.problems(each)]
    found += clashes.problems([*drafts, *missing])
    if not all(problem.is_warning for problem in found):
        raise Invalid(found)
    lines = [line for each in (*drafts, *missing) for line in telling.lines(each)]
    outcome = Outcome(
        lines=tuple(_without(made, lines) if is_plan else lines),
        warnings=tuple(found),
        channels=tuple(each.channel.row for each in drafts),
    )
    return [*drafts, *missing], outcome


def _without(made: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Hide paths that were made for a plan: applied, it makes others."""
    text = "\n".join(lines)
    for path in made:
        text = text.replace(callback_url(path), "an unguessable path")
    return text.splitlines()


def _missing(specs: Sequence[ChannelSpec]) -> list[ChannelSpec]:
    keys = [spec.key for spec in specs]
    rest = Channel.objects.exclude(key__in=keys).filter(is_active=True)
    return [
        ChannelSpec(place=(), key=key, is_active=False)
        for key in rest.values_list("key", flat=True)
    ]


def _drafts(specs: Sequence[ChannelSpec], made: list[str]) -> list[Draft]:
    def make_path() -> str:
        made.append(unguessable_path())
        return made[-1]

    rows = (
        Channel.objects.filter(key__in=[spec.key for spec in specs])
        .select_related("queue_account")
        .prefetch_related("callback_paths", "queues", "business_addresses")
    )
    stored = {row.key: row for row in rows}
    return [draft(spec, stored.get(spec.key), make_path=make_path) for spec in specs]


def _write(drafts: Sequence[Draft]) -> None:
    for each in drafts:
        _save(each.channel)
    # All of them first: an address may move from one channel to another.
    for each in drafts:
        _remove_addresses(each)
    for each in drafts:
        _add_addresses(each)
        for callback in each.callbacks:
            _save(callback)
        for queue in each.queues:
            _save(queue)
        if each.account:
            _save(each.account)


def _save(drafted: Drafted[Row]) -> None:
    if drafted.changed():
        drafted.row.save()


def _remove_addresses(draft: Draft) -> None:
    is_moved = bool({"type", "provider"} & set(draft.channel.changed()))
    for row in BusinessAddress.objects.filter(channel=draft.channel.row):
        if is_moved or row.value not in draft.addresses:
            row.delete()


def _add_addresses(draft: Draft) -> None:
    channel = draft.channel.row
    rows = BusinessAddress.objects.filter(channel=channel)
    kept = set(rows.values_list("value", flat=True))
    for value, shown in draft.addresses.items():
        if value not in kept:
            # One by one: the audit log hears of a save, not of a bulk.
            BusinessAddress.objects.create(
                channel=channel,
                provider=channel.provider,
                channel_type=channel.type,
                value=value,
                shown=shown,
            )

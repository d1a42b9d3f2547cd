"""The rules between channels: paths, business addresses and queues told apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from channels_cfg.models import BusinessAddress, CallbackPath, ProviderQueue
from channels_cfg.services.drafts import Draft
from channels_cfg.services.problems import Problem
from channels_cfg.services.specs import Place


def problems(drafts: Sequence[Draft]) -> Iterator[Problem]:
    """Yield what clashes among ``drafts``, and between them and what is stored."""
    yield from _keys(drafts)
    yield from _paths(drafts)
    yield from _addresses(drafts)
    yield from _queues(drafts)


def _keys(drafts: Sequence[Draft]) -> Iterator[Problem]:
    seen: set[str] = set()
    for draft in drafts:
        if draft.key in seen:
            message = f"{draft.key} stands here twice"
            yield Problem(place=draft.spec.place, field="key", message=message)
        if draft.spec.is_new and not draft.channel.is_new:
            message = f"there is a channel {draft.key} already"
            yield Problem(place=draft.spec.place, field="key", message=message)
        seen.add(draft.key)


def _paths(drafts: Sequence[Draft]) -> Iterator[Problem]:
    wanted = [(each, draft.key) for draft in drafts for each in draft.callbacks]
    stored = CallbackPath.objects.filter(path__in=[each.row.path for each, _ in wanted])
    # Paths stay with their channel for good, so a stored one has one owner.
    owners = dict(stored.values_list("path", "channel__key"))
    seen: set[str] = set()
    for each, key in wanted:
        path = each.row.path
        owner = owners.setdefault(path, key)
        if path in seen or owner != key:
            of = f"channel {owner}" if owner != key else "this channel"
            message = f"{path} is a path of {of} already"
            yield Problem(place=each.place, field="path", message=message)
        seen.add(path)


def _addresses(drafts: Sequence[Draft]) -> Iterator[Problem]:
    keys = [draft.key for draft in drafts]
    values = {value for draft in drafts for value in draft.addresses}
    others = BusinessAddress.objects.filter(value__in=values).exclude(
        channel__key__in=keys
    )
    owners = {
        (row.provider, row.channel_type, row.value): row.channel.key
        for row in others.select_related("channel")
    }
    for draft in drafts:
        channel = draft.channel.row
        for value, shown in draft.addresses.items():
            owner = owners.setdefault(
                (channel.provider, channel.type, value), draft.key
            )
            if owner != draft.key:
                yield Problem(
                    place=draft.spec.place,
                    field="addresses",
                    message=f"{shown} is a business address of channel {owner} already",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pull:
    """One channel's use of a queue; ``place`` None: stored, not wanted just now."""

    endpoint: str
    name: str
    key: str
    receipt_type: str
    has_addresses: bool
    place: Place | None = None


def _queues(drafts: Sequence[Draft]) -> Iterator[Problem]:
    wanted = [pull for draft in drafts for pull in _pulls(draft)]
    others = _stored_pulls({each.name for each in wanted}, {d.key for d in drafts})
    for index, pull in enumerate(wanted):
        for other in (*others, *wanted[:index], *wanted[index + 1 :]):
            if (other.endpoint, other.name) != (pull.endpoint, pull.name):
                continue
            message = _clash(pull, other)
            if message and pull.place:
                yield Problem(place=pull.place, field="queue_name", message=message)
                break


def _clash(pull: _Pull, other: _Pull) -> str:
    if pull.key == other.key:
        return f"{pull.name} stands here twice: a queue holds one receipt type"
    if pull.receipt_type != other.receipt_type:
        return (
            f"channel {other.key} pulls {pull.name} for {other.receipt_type}: "
            "a queue holds one receipt type"
        )
    if pull.has_addresses and other.has_addresses:
        return ""
    return (
        f"channel {other.key} pulls {pull.name} too: both need business addresses, "
        "which tell whose a receipt is"
    )


def _pulls(draft: Draft) -> list[_Pull]:
    if draft.account is None or not draft.channel.row.is_active:
        return []
    endpoint = draft.account.row.queue_endpoint
    return [
        _Pull(
            endpoint=endpoint.lower(),
            name=queue.row.queue_name,
            key=draft.key,
            receipt_type=queue.row.receipt_type,
            has_addresses=bool(draft.addresses),
            place=queue.place,
        )
        for queue in draft.pulled
    ]


def _stored_pulls(names: set[str], without_keys: set[str]) -> list[_Pull]:
    addresses = BusinessAddress.objects.filter(channel=OuterRef("channel"))
    rows = (
        ProviderQueue.objects.filter(
            queue_name__in=names,
            is_enabled=True,
            channel__is_active=True,
            channel__queue_account__isnull=False,
        )
        .exclude(channel__key__in=without_keys)
        .select_related("channel__queue_account")
        .annotate(has_addresses=Exists(addresses))
    )
    return [
        _Pull(
            endpoint=row.channel.queue_account.queue_endpoint.lower(),
            name=row.queue_name,
            key=row.channel.key,
            receipt_type=row.receipt_type,
            has_addresses=row.has_addresses,
        )
        for row in rows
    ]

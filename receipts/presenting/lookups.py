"""What rows of a page name but do not hold: channels, errors, limits, survivors."""

from collections.abc import Iterable

from channels_cfg import registry
from channels_cfg.models import Channel, ErrorCode
from channels_cfg.wire import Limits

Codes = dict[tuple[str, str], ErrorCode]


def channels(ids: Iterable[int]) -> dict[int, Channel]:
    """Return channels by primary key."""
    return Channel.objects.only("key", "provider", "type").in_bulk(set(ids))


def error_codes(named: Iterable[tuple[str, str | None]]) -> Codes:
    """Return the dictionary's entries of (provider, code); unknown codes lack."""
    wanted = {(provider, code) for provider, code in named if code is not None}
    if not wanted:
        return {}
    entries = ErrorCode.objects.filter(
        provider__in={provider for provider, _ in wanted},
        code__in={code for _, code in wanted},
    )
    return {(entry.provider, entry.code): entry for entry in entries}


def limits(provider: str) -> Limits | None:
    """Return a provider's clocks and ends; None once its folder is gone."""
    adapter = registry.adapters().get(provider)
    return adapter.limits if adapter else None

"""A token for the time of a simulation, and a channel to play with."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from channels_cfg import registry
from channels_cfg.models import Channel
from channels_cfg.services.channels import configure
from channels_cfg.services.problems import Invalid
from channels_cfg.services.specs import CallbackSpec, ChannelSpec
from channels_cfg.wire import ReceiptType
from portal.simulator.target import NotPossible
from portal.simulator.traffic import WORDS
from receipts import tokens
from receipts.models.api_token import Scope

_SCOPES = (Scope.RECEIPTS_READ, Scope.CONFIG_READ, Scope.PII_READ)


@contextmanager
def access(channel: Channel, *, for_s: float) -> Iterator[str]:
    """Give a token that reads ``channel``, and revoke it afterwards.

    Should we be killed first, it ends by itself after ``for_s`` seconds.
    """
    token, clear = tokens.make(
        f"simulation {secrets.token_hex(6)}",
        _SCOPES,
        channels=[channel],
        expires_at=timezone.now() + timedelta(seconds=for_s),
    )
    try:
        yield clear
    finally:
        tokens.end(token)


def make_channel(
    key: str, *, provider: str, channel_type: str, name: str = ""
) -> tuple[str, ...]:
    """Make the channel ``key`` unless there is one; return lines that say what was done.

    Raises ``NotPossible``.
    """
    if Channel.objects.filter(key=key).exists():
        return ()
    if provider not in WORDS:
        raise NotPossible(f"The simulator speaks {' and '.join(WORDS)}.")
    adapter = registry.adapter(provider)
    types = (
        [ReceiptType.ANY]
        if adapter.receipt_types[0] is ReceiptType.ANY
        else [each for each in adapter.receipt_types if each is not ReceiptType.ANY]
    )
    spec = ChannelSpec(
        place=(),
        key=key,
        is_new=True,
        provider=provider,
        name=name or f"Simulated {key}",
        type=channel_type or adapter.channel_types[0],
        callbacks=tuple(CallbackSpec(place=(), receipt_type=each) for each in types),
    )
    try:
        return configure([spec]).lines
    except Invalid as exc:
        raise NotPossible(str(exc)) from None

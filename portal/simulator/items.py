"""What a provider's words are made of: the facts of its channel, items, expectations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import msgspec

from channels_cfg.wire import Kind, ReceiptType, Status


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What the API must show of an item; two equal ones are the same receipt.

    ``word`` is the status, of a consent or an audit the provider's word. ``person`` is
    the number with ``+``, else the id. ``detail`` is the error's code, of an audit
    template, language and type.
    """

    kind: Kind
    channel_type: str
    message_id: str = ""
    word: str = ""
    person: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing the provider tells at ``at``, seconds from the start of the story."""

    receipt_type: ReceiptType
    at: float
    fields: Mapping[str, object]
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the provider knows of the channel, and when the story begins there."""

    channel_type: str
    account: Mapping[str, str]
    address: str  # '' if none is configured
    audit_version: str
    ceilings: Mapping[str, Status]
    seed: str
    start: datetime

    @property
    def random(self) -> Random:
        """Return random numbers for ids: another run of a story has other ids."""
        return Random(f"{self.seed} {self.start}")  # noqa: S311  # a story, no secret

    def moment(self, at: float) -> datetime:
        """Return the time of day of a moment of the story."""
        return self.start + timedelta(seconds=at)

"""A story as a provider pushes it: in batches, some twice, some out of order."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Protocol

from channels_cfg.wire import ReceiptType
from portal.simulator import cams, eightbyeight, story
from portal.simulator.items import Expected, Facts, Item
from portal.simulator.story import Story

_BATCH_WAITS_S = 1.0
_LATE_BY_S = (2.0, 15.0)
_AGAIN_AFTER_S = (0.5, 10.0)


class Words(Protocol):
    """How a provider tells a story: what each of the modules of that kind offers."""

    LARGEST_BATCH: int
    CHANNEL_TYPES: Mapping[str, tuple[str, ...]]

    def items(self, story: Story, facts: Facts) -> Iterable[Item]:
        """Return all that the provider tells of a story."""

    def is_ack(self, answer: object) -> bool:
        """Say whether the provider takes a decoded answer for an acknowledgement."""


WORDS: Mapping[str, Words] = {"cams": cams, "8x8": eightbyeight}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What traffic is wanted. ``rate`` is messages a second; shares are 0 to 1."""

    messages: int
    rate: float
    seed: str
    start: datetime
    duplicates: float = 0.05
    disorder: float = 0.1
    largest_batch: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One push: a body, when it is due, and what must be seen of it."""

    number: int
    receipt_type: ReceiptType
    body: bytes
    due: float  # seconds from the start
    expected: tuple[Expected, ...]
    is_repeat: bool = False


def traffic(
    provider: str, facts: Facts, wish: Wish, *, pushed: Iterable[ReceiptType]
) -> list[Delivery]:
    """Return what ``provider`` pushes, by due time; only receipts of types ``pushed``.

    The same facts and wish make the same bytes.
    """
    words, random = WORDS[provider], Random(wish.seed)  # noqa: S311  # no secret
    channel_types = words.CHANNEL_TYPES.get(facts.channel_type, (facts.channel_type,))
    told = story.tell(random, channel_types, messages=wish.messages, rate=wish.rate)
    wanted = frozenset(pushed)
    items = [
        item
        for item in words.items(told, facts)
        if wanted & {item.receipt_type, ReceiptType.ANY}
    ]
    late = sorted(_disordered(random, items, wish.disorder), key=lambda i: i.at)
    largest = min(wish.largest_batch, words.LARGEST_BATCH)
    pushes = [_push(batch) for batch in _batches(random, late, largest)]
    pushes += _repeats(random, pushes, wish.duplicates)
    ordered = sorted(pushes, key=lambda push: push.due)
    return [replace(push, number=number) for number, push in enumerate(ordered)]


def _disordered(random: Random, items: Iterable[Item], share: float) -> Iterator[Item]:
    for item in items:
        is_late = random.random() < share
        late_by = random.uniform(*_LATE_BY_S) if is_late else 0
        yield replace(item, at=item.at + late_by)


def _batches(
    random: Random, items: Iterable[Item], largest: int
) -> Iterator[Sequence[Item]]:
    """Yield items of one receipt type together, as long as it pays to wait for more."""
    gathered: dict[ReceiptType, list[Item]] = {}
    sizes: dict[ReceiptType, int] = {}
    for item in items:
        batch = gathered.setdefault(item.receipt_type, [])
        is_old = bool(batch) and item.at - batch[0].at > _BATCH_WAITS_S
        if is_old or len(batch) >= sizes.get(item.receipt_type, 0):
            if batch:
                yield batch
            is_single = random.random() < 0.4
            sizes[item.receipt_type] = 1 if is_single else random.randint(1, largest)
            batch = gathered[item.receipt_type] = []
        batch.append(item)
    yield from (batch for batch in gathered.values() if batch)


def _push(batch: Sequence[Item]) -> Delivery:
    fields = [dict(item.fields) for item in batch]
    # 8x8 never pushes an array; CAMS always does.
    whole = fields[0] if "eventType" in fields[0] else fields
    return Delivery(
        number=0,
        receipt_type=batch[0].receipt_type,
        body=json.dumps(whole, ensure_ascii=False).encode(),
        due=batch[-1].at,
        expected=tuple(item.expected for item in batch),
    )


def _repeats(
    random: Random, pushes: Sequence[Delivery], share: float
) -> list[Delivery]:
    """Return some of ``pushes`` once more: providers promise nothing else."""
    return [
        replace(push, due=push.due + random.uniform(*_AGAIN_AFTER_S), is_repeat=True)
        for push in pushes
        if random.random() < share
    ]

"""Messages as the public sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from channels_cfg.models import Channel
from channels_cfg.wire import RANKS, Content, Limits, Media, Status
from receipts import shapes
from receipts.models import Conversation, ConversationIdentity, Message, Receipt
from receipts.presenting import lookups, parts
from receipts.presenting.receipts import task_id

STEPS = ("queued", "sent", "channel", "delivered", "read", "played", "failed")
IMPLIED = (Status.SENT, Status.DELIVERED)
# A claimed time may lie this far ahead of the time it was received at.
AHEAD = timedelta(days=1)
_content = msgspec.json.Decoder(Content)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookups:
    channels: dict[int, Channel]
    codes: lookups.Codes
    roots: dict[int, int]
    types: dict[tuple[int, str], str]
    phones: dict[int, list[str]]  # of a conversation; empty for clear reading


def show_messages(rows: Sequence[Message], *, is_clear: bool) -> list[shapes.Message]:
    """Return the public shape of each message, in order."""
    if not rows:
        return []
    found = _load(rows, is_clear)
    return [_show(row, found, is_clear) for row in rows]


def _load(rows: Sequence[Message], is_clear: bool) -> _Lookups:
    channels = lookups.channels(row.channel_id for row in rows)
    roots = Conversation.objects.roots_of(row.conversation_id for row in rows)
    return _Lookups(
        channels=channels,
        codes=lookups.error_codes(
            (channels[row.channel_id].provider, row.error_code) for row in rows
        ),
        roots=roots,
        types=_types(rows),
        phones={} if is_clear else _phones(roots),
    )


def _types(rows: Sequence[Message]) -> dict[tuple[int, str], str]:
    """Return the provider's word for the type of each message; receipts tell it."""
    told = Receipt.objects.filter(
        message_id__in={row.message_id for row in rows},
        message_type__isnull=False,
        received_at__gte=min(row.first_at for row in rows) - AHEAD,
        received_at__lte=max(row.last_at for row in rows),
    )
    pairs = told.values_list("channel_id", "message_id", "message_type").distinct()
    return {(channel, str(own)): str(word) for channel, own, word in sorted(pairs)}


def _phones(conversations: Iterable[int | None]) -> dict[int, list[str]]:
    """Return the numbers of the person of each conversation, by survivor."""
    roots = Conversation.objects.cluster(conversations)
    known = ConversationIdentity.objects.filter(conversation__in=roots, kind="phone")
    found: dict[int, list[str]] = {}
    for pk, value in known.values_list("conversation_id", "value"):
        found.setdefault(roots[pk], []).append(value)
    return found


def _show(row: Message, found: _Lookups, is_clear: bool) -> shapes.Message:
    channel = found.channels[row.channel_id]
    limits = lookups.limits(channel.provider)
    hide = None if is_clear else _numbers(row, found)
    return shapes.Message(
        id=str(row.pk),
        channel=channel.key,
        channel_type=row.channel_type,
        provider=channel.provider,
        message_id=row.message_id,
        task_id=task_id(row.task_id, row.message_id, hide),
        direction=row.direction,
        conversation=parts.survivor(found.roots, row.conversation_id),
        status=row.status,
        contradiction=is_contradicted(row),
        implied=_implied(row),
        ceiling=ceiling(limits, row.channel_type),
        legs=[shapes.Leg(**leg) for leg in row.legs or ()],
        steps=_steps(row, "{}_at"),
        steps_received=_steps(row, "{}_received_at"),
        error=parts.error(row, channel.provider, found.codes, hide=hide),
        template=parts.template(row),
        message_type=found.types.get((row.channel_id, row.message_id)),
        content=_show_content(row, limits, is_clear),
        reply_to=row.reply_to,
        read_window_closes_at=read_window_end(row, limits),
        first_at=row.first_at,
        last_at=row.last_at,
        receipts=row.receipts,
        flags=_flags(row),
    )


def _numbers(row: Message, found: _Lookups) -> list[str]:
    conversation = row.conversation_id or 0
    numbers = found.phones.get(found.roots.get(conversation, conversation), [])
    return [*numbers, row.number] if row.number else numbers


def is_contradicted(row: Message) -> bool:
    """Tell whether a failure was told of a message that was delivered."""
    return row.failure_key is not None and row.progress >= RANKS[Status.DELIVERED]


def _implied(row: Message) -> list[str]:
    return [
        str(step)
        for step in IMPLIED
        if RANKS[step] < row.progress
        and getattr(row, f"{step}_at") is None
        and getattr(row, f"{step}_received_at") is None
    ]


def _steps(row: Message, field: str) -> shapes.Steps:
    return shapes.Steps(
        **{f"{step}_at": getattr(row, field.format(step)) for step in STEPS}
    )


def ceiling(limits: Limits | None, channel_type: str) -> str:
    """Return the highest of sent, delivered and read that may ever be told."""
    told = limits.ceilings.get(channel_type, Status.READ) if limits else Status.READ
    rank = RANKS.get(told, RANKS[Status.READ])
    if rank >= RANKS[Status.READ]:
        return Status.READ.value
    is_delivered = rank >= RANKS[Status.DELIVERED]
    return (Status.DELIVERED if is_delivered else Status.SENT).value


def read_window_end(row: Message, limits: Limits | None) -> datetime | None:
    """Return after when "not read" means "read unknown"; None where it never does."""
    if limits is None or limits.read_window is None:
        return None
    for known in (
        (row.delivered_at, row.delivered_received_at),
        (row.sent_at, row.sent_received_at),
    ):
        times = [at for at in known if at is not None]
        if times:
            return min(times) + limits.read_window
    return None


def _show_content(
    row: Message, limits: Limits | None, is_clear: bool
) -> shapes.Content | None:
    if row.content is None:
        return None
    try:
        content = _content.decode(row.content)
    except msgspec.DecodeError:  # of an older form: its neighbours are shown
        content = Content(type="unsupported")
    life = limits.media_life if limits else None
    return shapes.Content(
        type=content.type,
        text=(content.text or None) if is_clear else None,
        media=_media(content.media, row.first_at + life if life else None, is_clear)
        if content.media
        else None,
        details=(content.details or None) if is_clear else None,
        masked=not is_clear,
    )


def _media(media: Media, expires_at: datetime | None, is_clear: bool) -> shapes.Media:
    return shapes.Media(
        url=media.url if is_clear else None,
        expires_at=expires_at,
        mime_type=media.mime_type or None,
        filename=(media.filename or None) if is_clear else None,
    )


def _flags(row: Message) -> list[str]:
    words = ["contradiction"] if is_contradicted(row) else []
    return [*words, "several_recipients"] if row.slot or row.recipients > 1 else words

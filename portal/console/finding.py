"""What somebody means by a pasted id or number: one look at each place it may be."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, Q

from receipts.ids import span_of
from receipts.models import (
    Callback,
    Conversation,
    ConversationIdentity,
    Message,
    QuarantinedItem,
    Receipt,
    Template,
)

MOST = 20
LATEST = 200  # of a list that is searched by a pasted text
_BIGINT = 2**63


@dataclass(slots=True, kw_only=True)
class Findings:
    """Primary keys of what was found, the likeliest first."""

    conversations: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    receipts: list[int] = field(default_factory=list)
    callbacks: list[UUID] = field(default_factory=list)
    templates: list[int] = field(default_factory=list)
    quarantined: list[int] = field(default_factory=list)


def find(text: str) -> Findings:
    """Look ``text`` up as every id it may be; each look is on an index."""
    text = text.strip().replace("\0", "")
    if not text:
        return Findings()
    own = _own_id(text)
    return Findings(
        conversations=conversations(text),
        messages=_messages(text, own),
        receipts=_receipts(text, own),
        callbacks=_callbacks(text),
        templates=list(
            Template.objects.filter(code=text).values_list("pk", flat=True)[:MOST]
        ),
        quarantined=_held(QuarantinedItem, own),
    )


def conversations(text: str) -> list[int]:
    """Return surviving conversations of a person, a message, or a conversation id."""
    found = [
        *ConversationIdentity.objects.named(text).conversations(),
        *_of_messages(text),
        *_by_their_id(text),
        *_held(Conversation, _own_id(text)),
    ]
    roots = Conversation.objects.roots_of(found)
    return list(dict.fromkeys(roots[pk] for pk in found if pk in roots))


def messages(text: str) -> list[int]:
    """Return messages of an id, or the latest of the person whom ``text`` names."""
    found = _messages(text, _own_id(text))
    if found:
        return found
    of_person = Message.objects.filter(conversation_id__in=_clusters(text))
    latest = of_person.order_by("-last_at", "-id").values_list("pk", flat=True)
    told_of = Message.objects.filter(pk__in=())
    for name in ("batch_id", "client_batch_id", "provider_conversation_id"):
        told_of = told_of | Message.objects.told_of_by(**{name: text})
    return list(latest[:LATEST]) or list(told_of.values_list("pk", flat=True)[:LATEST])


def receipts(text: str) -> Q:
    """Return the condition on the latest receipts somebody may mean by ``text``.

    Any id, or whatever names a person. Their span of time leaves out partitions.
    """
    told = Receipt.objects.order_by("-received_at")
    own = _own_id(text)
    places = [
        told.filter(message_id=text),
        told.filter(_task(text)),
        told.filter(batch_id=text),
        told.filter(client_batch_id=text),
        told.filter(provider_conversation_id=text),
        told.filter(_of_callback(text)),
        told.filter(conversation_id__in=_clusters(text)),
        told.filter(pk__in=[] if own is None else [own]),
    ]
    found = dict(
        pair
        for rows in places
        for pair in rows.values_list("pk", "received_at")[:LATEST]
    )
    if not found:
        return Q(pk__in=())
    times = found.values()
    return Q(pk__in=list(found), received_at__range=(min(times), max(times)))


def _of_callback(text: str) -> Q:
    """Return the condition on receipts of a callback.

    Its id holds its time, which its receipts share: the index by time finds them.
    """
    try:
        uuid = UUID(text)
        span = span_of(uuid)
    except (ValueError, OverflowError):
        span = None
    if span is None:
        return Q(pk__in=())
    return Q(callback_id=uuid, received_at__gte=span[0], received_at__lt=span[1])


def _clusters(text: str) -> list[int]:
    named = ConversationIdentity.objects.named(text).conversations()
    return list(
        Conversation.objects.cluster([*named, *_held(Conversation, _own_id(text))])
    )


def _of_messages(text: str) -> list[int]:
    ids = Message.objects.filter(
        Q(message_id=text) | _task(text), conversation_id__isnull=False
    )
    return [pk for pk in ids.values_list("conversation_id", flat=True)[:MOST] if pk]


def _by_their_id(text: str) -> list[int]:
    told = Receipt.objects.filter(
        provider_conversation_id=text, conversation_id__isnull=False
    ).order_by("-received_at")
    return [pk for pk in told.values_list("conversation_id", flat=True)[:MOST] if pk]


def _messages(text: str, own: int | None) -> list[int]:
    named = Message.objects.filter(Q(message_id=text) | _task(text))
    found = [*named.values_list("pk", flat=True)[:MOST], *_held(Message, own)]
    return list(dict.fromkeys(found))


def _task(text: str) -> Q:
    # As the partial index has it: a task id that repeats the message id is none.
    return Q(task_id=text, task_id__isnull=False) & ~Q(task_id=F("message_id"))


def _receipts(text: str, own: int | None) -> list[int]:
    named = Receipt.objects.filter(Q(batch_id=text) | Q(client_batch_id=text))
    found = named.order_by("-received_at").values_list("pk", flat=True)[:MOST]
    return list(dict.fromkeys([*found, *_held(Receipt, own)]))


def _callbacks(text: str) -> list[UUID]:
    try:
        uuid = UUID(text)
    except ValueError:
        return []
    return list(Callback.objects.numbered(uuid).values_list("pk", flat=True))


def _own_id(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and int(text) < _BIGINT
    return int(text) if is_number else None


def _held(
    model: type[Conversation | Message | Receipt | QuarantinedItem], own: int | None
) -> list[int]:
    if own is None:
        return []
    return list(model._default_manager.filter(pk=own).values_list("pk", flat=True))

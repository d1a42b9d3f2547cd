"""What every list of filters has, and the filters that several lists share."""

from collections.abc import Mapping
from typing import ClassVar

from django.db.models import F, Model, Q, QuerySet
from django_filters import rest_framework as filters

from channels_cfg import registry
from channels_cfg.models import Channel
from receipts.models import Conversation, ConversationIdentity
from receipts.querysets.people import address_forms
from receipts.search.parameters import OneOf, Word

Rows = QuerySet[Model]
LARGEST_ID = 2**63 - 1


class Filters(filters.FilterSet):
    """Filters of one list, and what a search by them may cost.

    ``keys`` order the list and make its rows unique; ``ids`` search all time, and so
    does each of ``alone`` by itself; every other search looks at a window of the
    parameters ``<span>_after`` and ``<span>_before``, which bound ``keys[0]``. Without
    ``span`` the list is short.
    """

    keys: ClassVar[tuple[str, ...]]
    is_newest_first: ClassVar[bool] = True
    ids: ClassVar[frozenset[str]] = frozenset()
    alone: ClassVar[frozenset[str]] = frozenset({"channel"})
    span: ClassVar[str | None] = None
    channel_path: ClassVar[str] = "channel"

    channel = Word(method="keep_channel", label="Key of a channel.")

    @classmethod
    def orderings(cls) -> dict[str, bool]:
        """Return what ``ordering`` may be, and whether that is newest first."""
        words = {f"-{cls.keys[0]}": True, cls.keys[0]: False}
        return words if cls.is_newest_first else {cls.keys[0]: False}

    def keep_channel(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep one channel's; an unknown key keeps nothing, like one of others."""
        found = Channel.objects.filter(key=value).values_list("pk", flat=True).first()
        return (
            rows.none() if found is None else rows.filter(**{self.channel_path: found})
        )

    def keep_provider(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep what channels of one provider brought."""
        of_provider = Channel.objects.filter(provider=value)
        ids = list(of_provider.values_list("pk", flat=True))
        return rows.filter(**{f"{self.channel_path}__in": ids})

    def keep_user(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep what concerns a person, by any identity in clear."""
        named = ConversationIdentity.objects.named(value).conversations()
        return self.keep_conversations(rows, Conversation.objects.cluster(named))

    def keep_conversation(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep one conversation's, and what was merged with it."""
        number = own_id(value)
        known = {} if number is None else Conversation.objects.cluster([number])
        return self.keep_conversations(rows, known)

    def keep_conversations(self, rows: Rows, known: Mapping[int, int]) -> Rows:
        """Keep rows of conversations, given with their survivors."""
        return rows.filter(conversation_id__in=sorted(known)) if known else rows.none()

    def keep_address(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep one business address, a number with or without ``+``."""
        return rows.filter(business_address__in=address_forms(value))

    def keep_task(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep one task's; CAMS repeats the message id where no task id was given."""
        # In the words of the index, which leaves those repeats out.
        of_task = Q(task_id__isnull=False) & ~Q(task_id=F("message_id"))
        return rows.filter(
            (Q(task_id=value) & of_task) | Q(task_id=value, message_id=value)
        )


def own_id(value: str) -> int | None:
    """Return the primary key that a public id stands for; None if it is none."""
    if not (value.isascii() and value.isdigit()):
        return None
    number = int(value[:20])
    return number if number <= LARGEST_ID else None


def provider_filter() -> OneOf:
    """Return the filter by provider; folders say which there are."""
    return OneOf(
        registry.adapters(),
        method="keep_provider",
        label="Slug of a provider.",
        is_open=True,
    )


def user_filter() -> Word:
    """Return the filter by person."""
    return Word(
        method="keep_user",
        label="A person, by any identity in clear: phone with or without `+` and "
        "blanks, BSUID, page-scoped or LINE id, user name.",
    )

"""The list of conversations, newest activity first."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.console import finding, gist, people, previews
from portal.console.views.listing import ListPage
from receipts import shapes
from receipts.models import Conversation
from receipts.presenting.conversations import show_conversations
from receipts.presenting.messages import show_messages
from receipts.querysets.conversation import ConversationQuerySet
from receipts.search import ConversationFilters
from receipts.search.parameters import Word


class Asked(ConversationFilters):
    """The API's filters, and one that takes any pasted id or number."""

    ids = ConversationFilters.ids | {"q"}

    q = Word(method="keep_found")

    def keep_found(
        self, rows: ConversationQuerySet, name: str, value: str
    ) -> ConversationQuerySet:
        """Keep the conversations somebody may mean by ``value``."""
        return rows.filter(pk__in=finding.conversations(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One conversation of the list and the latest of its messages."""

    shown: shapes.Conversation
    name: str
    beside: str
    latest: shapes.Message | None
    gist: str


class Conversations(ListPage[Conversation]):
    """Who was talked with last, and how the last message fared."""

    permission = "receipts.view_conversation"
    title = "Conversations"
    template_name = "console/conversations.html"
    filters = Asked
    main = ("q", "channel")
    api = "conversations"

    def rows(self) -> ConversationQuerySet:
        return Conversation.objects.roots()

    def shown(self, rows: Sequence[Conversation]) -> list[Row]:
        roots = Conversation.objects.cluster(row.pk for row in rows)
        found = previews.latest(roots) if roots else {}
        messages = show_messages([*found.values()], is_clear=self.sees_people)
        latest = dict(zip(found, messages, strict=True))
        return [
            _row(each, latest.get(int(each.id)))
            for each in show_conversations(rows, is_clear=self.sees_people)
        ]


def _row(shown: shapes.Conversation, latest: shapes.Message | None) -> Row:
    return Row(
        shown=shown,
        name=people.name_of(shown.user),
        beside=people.beside_name(shown.user),
        latest=latest,
        gist=gist.gist_of(latest) if latest else "",
    )

"""Words and small parts that several shapes share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from channels_cfg.wire import IdentityKind, Kind, ReceiptMode, Status

# Shown in the document only: values from the database are not checked again.


def words(values: Iterable[str]) -> Meta:
    """Return the mark of a field that holds one of ``values``."""
    return Meta(extra_json_schema={"enum": [str(value) for value in values]})


ITEM_TYPES = ("mt_status", "mo_message", "template_audit", "other")
PATH_TYPES = ("mt_status", "mo_message", "template_audit", "any")
FLAGS = (
    "late",
    "repeated",
    "contradiction",
    "unexpected_type",
    "other_account",
    "time_unusable",
    "sanitised",
    "several_recipients",
    "unknown_status",
)
# A receipt of a status carries every word but that of an MO message.
RECEIPT_STATUSES = tuple(status for status in Status if status != Status.RECEIVED)
OWNERS = ("us", "provider", "meta", "recipient", "author", "finance", "nobody")

Id = Annotated[str, Meta(description="Opaque.", examples=["184467"])]
ChannelKey = Annotated[str, Meta(description="Key of the channel.")]
Time = Annotated[datetime, Meta(tz=True, description="ISO 8601, UTC, with `Z`.")]
ItemType = Annotated[str, words(ITEM_TYPES)]
PathType = Annotated[str, words(PATH_TYPES)]
Mode = Annotated[str, words(ReceiptMode)]
KindWord = Annotated[str, words(Kind)]
StatusWord = Annotated[str, words(Status)]
LegStatus = Annotated[str, words(RECEIPT_STATUSES)]
FlagWord = Annotated[str, words(FLAGS)]


class User(msgspec.Struct, kw_only=True, frozen=True):
    """The person, by each way the provider named them; masked without `pii:read`."""

    phone: Annotated[str | None, Meta(description="E.164 with `+`.")] = None
    user_id: Annotated[
        str | None, Meta(description="BSUID, page-scoped, LINE or chat id.")
    ] = None
    parent_user_id: str | None = None
    username: str | None = None


class Identity(msgspec.Struct, kw_only=True, frozen=True):
    """One way by which a person is known."""

    kind: Annotated[str, words(IdentityKind)]
    value: Annotated[
        str | None, Meta(description="Null where it is too short to be masked.")
    ]


class Error(msgspec.Struct, kw_only=True, frozen=True):
    """Why it failed, in the provider's words, and what our dictionary says of it."""

    code: Annotated[str | None, Meta(description="The provider's code, as text.")]
    upstream_code: Annotated[
        str | None, Meta(description="Meta's or Viber's own code, when known.")
    ]
    description: Annotated[
        str | None,
        Meta(description="The provider's words; else what the dictionary says."),
    ]
    category: str | None
    owner: Annotated[str, words(OWNERS)] | None
    advice: str | None
    transient: Annotated[
        bool | None, Meta(description="Whether sending again later makes sense.")
    ]


class TemplateName(msgspec.Struct, kw_only=True, frozen=True):
    """The template that a message was made from."""

    code: str | None
    name: str | None
    language: str | None

"""The field names of CAMS items, and what all three kinds read alike.

``From…`` fields name the *user*, also in a status, where ``From`` is the business
and ``To`` the user (README.md, "Left unsaid").
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from channels_cfg.fields import LONGEST_WORD, Names, person, phone, text, word
from channels_cfg.wire import BadItem, Identity, IdentityKind

FIELDS = Names(
    # all kinds
    "Type",
    "CustSpaceId",
    "WabaId",
    "Status",
    "Language",
    "TemplateCode",
    # ChatAppStatus and ChatAppInbound
    "MessageId",
    "From",
    "To",
    "FromUserId",
    "FromParentUserId",
    "FromUserName",
    "Timestamp",
    # ChatAppStatus
    "StatusDescription",
    "ErrorCode",
    "ErrorDescription",
    "ConversationType",
    "ConversationId",
    "ConversationExpirationTime",
    "MsgFrameType",
    "TaskId",
    "OriginPhoneNumber",
    "TemplateName",
    # ChatAppInbound
    "DisplayName",
    "Name",
    "Message",
    "NoticeType",
    "Context",
    # ChatAppAudit
    "AuditStatus",
    "Reason",
    "PhoneNumber",
    "CurrentLimit",
)

_ACCOUNTS = (("CustSpaceId", "cust_space_id"), ("WabaId", "waba_id"))
_NAMED = (
    ("FromUserId", IdentityKind.USER_ID),
    ("FromParentUserId", IdentityKind.PARENT_USER_ID),
    ("FromUserName", IdentityKind.USERNAME),
    ("Name", IdentityKind.USERNAME),  # of an inbound message only
)
_NAMES = frozenset(name for name, _ in _NAMED)
_PHONE_TYPES = frozenset({"whatsapp", "viber", "sms"})
_ID_TYPES = frozenset({"messenger", "instagram", "line", "telegram"})
_LONGEST_PHONE = 15  # E.164; page-scoped ids are longer
_BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


def message_id(fields: Mapping[str, object]) -> str:
    """Return ``MessageId``, a number as text. Raises ``BadItem`` if it is too long."""
    found = text(fields.get("MessageId"))
    if len(found) > LONGEST_WORD:
        raise BadItem(f"MessageId has {len(found)} characters")
    return found


def account_ids(fields: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return the account ids an item names, under the names of our settings."""
    named = [(ours, word(fields[name])) for name, ours in _ACCOUNTS if name in fields]
    return tuple([pair for pair in named if pair[1]]) if named else ()


def identities(
    fields: Mapping[str, object], named_in: str, *, channel_type: str
) -> tuple[Identity, ...]:
    """Return how an item names its user: in ``named_in`` and in the other fields.

    One that is too long to be stored whole is left out: cut, it could name another.
    """
    found = [_identity(person(fields.get(named_in)), channel_type.casefold())]
    if not _NAMES.isdisjoint(fields):
        found += [Identity(k, person(fields[n])) for n, k in _NAMED if n in fields]
    return tuple(dict.fromkeys([each for each in found if each.value]))


# A message is told of three times, and people are written to again.
@lru_cache(maxsize=4096)
def _identity(named: str, channel_type: str) -> Identity:
    number = phone(named)
    if number and _is_phone(number, channel_type):
        return Identity(IdentityKind.PHONE, number)
    bsuid = _BSUID.fullmatch(named)
    if bsuid is None:
        return Identity(IdentityKind.CHANNEL_USER_ID, named)
    is_parent = bsuid[1] is not None
    kind = IdentityKind.PARENT_USER_ID if is_parent else IdentityKind.USER_ID
    return Identity(kind, named)


def _is_phone(number: str, channel_type: str) -> bool:
    if channel_type in _PHONE_TYPES:
        return True
    return channel_type not in _ID_TYPES and len(number) <= _LONGEST_PHONE

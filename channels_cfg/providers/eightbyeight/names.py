"""The field names of 8x8's events, its names of channels, and how it names people."""

import re
from collections.abc import Mapping

from channels_cfg.fields import LONGEST_WORD, Names, person, phone, text, word
from channels_cfg.wire import BadItem, Identity, IdentityKind

# Top level: message events, management updates, and the legacy flat bodies, whose
# payload lies here.
EVENT = Names(
    "version",
    "namespace",
    "eventType",
    "description",
    "payload",
    "eventId",
    "timestamp",
    "provider",
    "businessAccountId",
    "accountId",
    "eventDetails",
    "channel",
    "user",
    "umid",
    "status",
    "subAccountId",
    "clientMessageId",
    "clientBatchId",
    "error",
    "price",
    "currency",
    "type",
    "content",
    "recipient",
)
PAYLOAD = Names(
    "umid",
    "batchId",
    "clientMessageId",
    "clientBatchId",
    "subAccountId",
    "channel",
    "user",
    "status",
    "whatsapp",
    "outboundContent",
    "timestamp",
    "recipient",
    "type",
    "content",
    "replyToUmid",
    # SMS
    "source",
    "destination",
    "body",
    "encoding",
    "price",
    "smsCount",
    "eventId",
    "occurredAt",
    "shortUrl",
    "targetUrl",
)
_USER = Names("msisdn", "channelUserId", "name", "username")

# 8x8 writes one channel in several ways; what is not listed keeps its name.
_CHANNELS = {
    "googlercs": "rcs",
    "linenotification": "line_notification",
    "lineofficialnotification": "line_notification",
    "zalonotification": "zalo_notification",
    "facebook": "messenger",
    "facebookmessenger": "messenger",
    "kakao": "kakaotalk",
}
_LONGEST_CHANNEL = 32  # what the database holds of a channel type
_PHONE_CHANNELS = frozenset(
    {"whatsapp", "viber", "rcs", "sms", "line_notification", "zalo_notification"}
)
_BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_NOT_LETTER = re.compile(r"[\s_-]+")


def channel_type(name: object) -> str:
    """Return our word for a channel: ``ZaloNotification`` is ``zalo_notification``."""
    written = text(name).lower()[:_LONGEST_CHANNEL]
    return _CHANNELS.get(_NOT_LETTER.sub("", written), written)


def message_id(fields: Mapping[str, object]) -> str:
    """Return ``umid``. Raises ``BadItem`` if there is none or it is too long."""
    found = text(fields.get("umid"))
    if not found:
        raise BadItem("no umid")
    if len(found) > LONGEST_WORD:
        raise BadItem(f"umid has {len(found)} characters")
    return found


def account_ids(**named: object) -> tuple[tuple[str, str], ...]:
    """Return those of the ids that are told, under the names of our settings."""
    return tuple((name, word(value)) for name, value in named.items() if word(value))


def people(user: object, leg: str) -> tuple[Identity, ...]:
    """Return how ``user`` names a person on the channel type ``leg``.

    Until v8 and v2 ``channelUserId`` repeats the digits of ``msisdn``, with or without
    a plus; from v9 and v3 on it is a BSUID or LINE id, and either may be left out.
    The profile name stands in where no user name is told.
    """
    fields = _USER.of(user)
    number = phone(fields.get("msisdn"))
    found = [
        Identity(IdentityKind.PHONE, number),
        _channel_user(person(fields.get("channelUserId")), number, leg),
        Identity(
            IdentityKind.USERNAME,
            word(fields.get("username")).removeprefix("@") or word(fields.get("name")),
        ),
    ]
    return tuple(dict.fromkeys(each for each in found if each.value))


def phone_of(number: object) -> tuple[Identity, ...]:
    """Return the person whom an SMS names by number, or by nothing usable."""
    digits = phone(number)
    return (Identity(IdentityKind.PHONE, digits),) if digits else ()


def _channel_user(named: str, number: str, leg: str) -> Identity:
    bsuid = _BSUID.fullmatch(named)
    if bsuid is not None:
        is_parent = bsuid[1] is not None
        kind = IdentityKind.PARENT_USER_ID if is_parent else IdentityKind.USER_ID
        return Identity(kind, named)
    digits = phone(named)
    if digits and (digits == number or (not number and leg in _PHONE_CHANNELS)):
        return Identity(IdentityKind.PHONE, digits)
    return Identity(IdentityKind.CHANNEL_USER_ID, named)

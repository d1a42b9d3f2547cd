"""Events about no message: management updates (CABM), clicks, and what is unknown."""

from collections.abc import Mapping
from datetime import datetime

from channels_cfg.fields import Names, address, iso_moment, text, word
from channels_cfg.wire import (
    BadItem,
    ClaimedMeaning,
    Flag,
    Kind,
    ReceiptEvent,
    ReceiptType,
)

from .accounts import read_notice
from .keys import event_once
from .names import PAYLOAD, account_ids, channel_type, phone_of
from .templates import read_change

_DETAILS = Names(
    "templateId",
    "templateName",
    "templateLanguage",
    "meta",
    "displayPhoneNumber",
    "phoneNumber",
    "event",
    "businessVerificationInfo",
    "violationInfo",
    "restrictionInfo",
)


def read_template(event: Mapping[str, object], event_type: str) -> ReceiptEvent:
    """Read one update of a template; its id is a JSON number.

    Raises ``BadItem`` for what does not say which template it is about.
    """
    details = _details(event)
    code = word(details.get("templateId"))
    if not code:
        raise BadItem("no templateId")
    change = read_change(event_type, details.get("meta"))
    claimed_at = iso_moment(event.get("timestamp"))
    once = event_once(event, event.get("eventId"), claimed_at)
    return ReceiptEvent(
        receipt_type=ReceiptType.TEMPLATE_AUDIT,
        kind=Kind.TEMPLATE,
        key=once.key,
        key_lasts=once.lasts,
        raw_status=change.raw_status,
        status_description=change.reason,
        channel_type=channel_type(event.get("provider")),
        account_ids=_accounts(event),
        template_code=code,
        template_name=word(details.get("templateName")),
        template_language=word(details.get("templateLanguage")),
        template=change,
        message_type=event_type,
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=_flags(claimed_at),
    )


def read_account(event: Mapping[str, object], event_type: str) -> ReceiptEvent:
    """Read one update of a phone number or of the account."""
    details = _details(event)
    notice = read_notice(details)
    number = details.get("displayPhoneNumber") or details.get("phoneNumber")
    claimed_at = iso_moment(event.get("timestamp"))
    once = event_once(event, event.get("eventId"), claimed_at)
    return ReceiptEvent(
        receipt_type=ReceiptType.TEMPLATE_AUDIT,
        kind=Kind.ACCOUNT,
        key=once.key,
        key_lasts=once.lasts,
        raw_status=notice.word,
        raw_detail=notice.detail,
        status_description=notice.description,
        channel_type=channel_type(event.get("provider")),
        # There is no sub-account; the number says what it is about.
        business_address=address(number),
        account_ids=_accounts(event),
        message_type=event_type,
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=_flags(claimed_at),
    )


def read_click(fields: Mapping[str, object], default_leg: str) -> ReceiptEvent:
    """Read a click on a shortened link of a message. It changes no status."""
    claimed_at = iso_moment(fields.get("occurredAt"))
    once = event_once(fields, fields.get("eventId"), claimed_at)
    return ReceiptEvent(
        receipt_type=ReceiptType.OTHER,
        kind=Kind.ENGAGEMENT,
        key=once.key,
        key_lasts=once.lasts,
        message_id=word(fields.get("umid")),
        raw_status="clicked",
        status_description=text(fields.get("targetUrl"))
        or text(fields.get("shortUrl")),
        channel_type=default_leg,
        business_address=word(fields.get("subAccountId")),
        identities=phone_of(fields.get("destination")),
        message_type="short_url_clicked",
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=_flags(claimed_at),
    )


def read_unknown(event: Mapping[str, object], event_type: str) -> ReceiptEvent:
    """Keep an event of a type that no page names; only its account is read."""
    payload = PAYLOAD.of(event.get("payload"))
    named = event.get("timestamp") or payload.get("timestamp")
    claimed_at = iso_moment(named)
    event_id = event.get("eventId") or payload.get("eventId")
    once = event_once(event, event_id, claimed_at)
    return ReceiptEvent(
        receipt_type=ReceiptType.OTHER,
        kind=Kind.UNKNOWN,
        key=once.key,
        key_lasts=once.lasts,
        channel_type=channel_type(payload.get("channel")),
        business_address=word(payload.get("subAccountId")),
        account_ids=_accounts(event)
        + account_ids(sub_account_id=payload.get("subAccountId")),
        message_type=event_type,
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=_flags(claimed_at),
    )


def _details(event: Mapping[str, object]) -> Mapping[str, object]:
    details = _DETAILS.of(event.get("eventDetails"))
    if not details:
        raise BadItem("no eventDetails")
    return details


def _accounts(event: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return account_ids(
        account_id=event.get("accountId"), waba_id=event.get("businessAccountId")
    )


def _flags(claimed_at: datetime | None) -> Flag:
    return Flag(0) if claimed_at else Flag.TIME_UNUSABLE

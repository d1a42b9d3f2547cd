"""Updates about no message and no template: consent, accounts, errors, unknown ones."""

from collections.abc import Mapping

from channels_cfg.fields import address, moment, text, word
from channels_cfg.wire import (
    BadItem,
    ClaimedMeaning,
    Kind,
    ReceiptEvent,
    ReceiptType,
)

from .keys import digest, key_lasts, key_of
from .names import CHANNEL_TYPE, Batch, instant, people, time_flag
from .status import read_failure

ACCOUNT_FIELDS = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_settings_update",
        "account_update",
        "business_capability_update",
        "business_status_update",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
    }
)


def read_preference(batch: Batch, fields: Mapping[str, object]) -> ReceiptEvent:
    """Read that a person stopped or resumed marketing messages."""
    found = people(batch, fields.get("wa_id"), fields.get("user_id"))
    if not found:
        raise BadItem("neither wa_id nor user_id")
    value, category = word(fields.get("value")), word(fields.get("category"))
    claimed_at = moment(fields.get("timestamp"))
    who = address(fields.get("wa_id")) or found[0].value
    said = (who, category.lower(), value.lower(), instant(claimed_at))
    return ReceiptEvent(
        receipt_type=ReceiptType.OTHER,
        kind=Kind.SUBSCRIPTION,
        key=key_of("subscription", batch, *said),
        key_lasts=None if claimed_at else key_lasts(batch),
        raw_status=value,
        status_description=text(fields.get("detail")),
        channel_type=CHANNEL_TYPE,
        business_address=batch.address,
        other_addresses=batch.other_addresses,
        account_ids=batch.account_ids,
        identities=found,
        message_type=category.lower(),
        claimed_at=claimed_at,
        claimed_meaning=ClaimedMeaning.EVENT if claimed_at else None,
        flags=time_flag(claimed_at),
    )


def read_error(batch: Batch, fields: Mapping[str, object]) -> ReceiptEvent:
    """Read an error of the account that is about no single message."""
    failure = read_failure(fields)
    return ReceiptEvent(
        receipt_type=ReceiptType.OTHER,
        kind=Kind.ACCOUNT,
        key=key_of("error", batch, batch.number_id, digest(fields)),
        key_lasts=key_lasts(batch),
        failure=failure,
        channel_type=CHANNEL_TYPE,
        business_address=batch.address,
        other_addresses=batch.other_addresses,
        account_ids=batch.account_ids,
        message_type="error",
        claimed_at=batch.at,
        claimed_meaning=ClaimedMeaning.EVENT if batch.at else None,
        flags=time_flag(batch.at),
    )


def read_notice(batch: Batch, value: Mapping[str, object]) -> ReceiptEvent:
    """Read news of a number or account, or keep what no page names as unknown."""
    is_account = batch.field in ACCOUNT_FIELDS
    number = value.get("display_phone_number") or value.get("phone_number")
    limit = value.get("max_daily_conversations_per_business")
    return ReceiptEvent(
        receipt_type=ReceiptType.TEMPLATE_AUDIT if is_account else ReceiptType.OTHER,
        kind=Kind.ACCOUNT if is_account else Kind.UNKNOWN,
        key=key_of("notice", batch, digest(value)),
        key_lasts=key_lasts(batch),
        raw_status=word(value.get("event")) or word(value.get("decision")),
        raw_detail=word(limit) or word(value.get("current_limit")),
        status_description=text(value.get("rejection_reason")),
        channel_type=CHANNEL_TYPE,
        business_address=batch.address or address(number),
        other_addresses=batch.other_addresses,
        account_ids=batch.account_ids,
        message_type=batch.field,
        claimed_at=batch.at,
        claimed_meaning=ClaimedMeaning.EVENT if batch.at else None,
        flags=time_flag(batch.at),
    )

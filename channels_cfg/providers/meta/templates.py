"""Changes of templates: review, quality and category."""

from collections.abc import Callable, Mapping

from channels_cfg.fields import text, word
from channels_cfg.wire import (
    BadItem,
    ClaimedMeaning,
    Kind,
    ReceiptEvent,
    ReceiptType,
    TemplateChange,
)

from .keys import digest, key_lasts, key_of
from .names import CHANNEL_TYPE, Batch, part, time_flag

# UNARCHIVED and UNLOCKED bring back a former state that is not told: unknown, as are
# LOCKED and LIMIT_EXCEEDED.
_REVIEWS = {
    "approved": "approved",
    "reinstated": "approved",
    "rejected": "rejected",
    "pending": "pending",
    "in_appeal": "pending",
    "paused": "paused",
    "disabled": "disabled",
    "flagged": "flagged",
    "archived": "archived",
    "deleted": "deleted",
    "pending_deletion": "deleted",
}


def read_template(batch: Batch, value: Mapping[str, object]) -> ReceiptEvent:
    """Read one change of a template. Its time is that of its entry.

    Raises ``BadItem`` for what does not say which template it is about.
    """
    code = word(value.get("message_template_id"))
    if not code:
        raise BadItem("no message_template_id")
    change = TEMPLATE_FIELDS[batch.field](value)
    return ReceiptEvent(
        receipt_type=ReceiptType.TEMPLATE_AUDIT,
        kind=Kind.TEMPLATE,
        key=key_of("template", batch, code, digest(value)),
        key_lasts=key_lasts(batch),
        raw_status=change.raw_status,
        status_description=change.reason,
        channel_type=CHANNEL_TYPE,
        account_ids=batch.account_ids,
        template_code=code,
        template_name=word(value.get("message_template_name")),
        template_language=word(value.get("message_template_language")),
        template=change,
        message_type=batch.field,
        claimed_at=batch.at,
        claimed_meaning=ClaimedMeaning.EVENT if batch.at else None,
        flags=time_flag(batch.at),
    )


def _review(value: Mapping[str, object]) -> TemplateChange:
    event = word(value.get("event"))
    return TemplateChange(
        aspect="review",
        status=_REVIEWS.get(event.lower(), "unknown"),
        raw_status=event,
        reason="; ".join(_reasons(value)),
    )


def _reasons(value: Mapping[str, object]) -> list[str]:
    """Return why, in Meta's words; a reason NONE is none."""
    disabled_on = text(part(value, "disable_info").get("disable_date"))
    other, rejection = part(value, "other_info"), part(value, "rejection_info")
    said = (
        text(value.get("reason")),
        text(rejection.get("reason")),
        text(rejection.get("recommendation")),
        text(other.get("title")),
        text(other.get("description")),
        f"disabled on {disabled_on}" if disabled_on else "",
    )
    return [each for each in said if each.upper() not in ("", "NONE")]


def _quality(value: Mapping[str, object]) -> TemplateChange:
    score = word(value.get("new_quality_score"))
    return TemplateChange(aspect="quality", raw_status=score, quality=score)


def _category(value: Mapping[str, object]) -> TemplateChange:
    """Read a new category, or the announcement of one, which changes nothing yet."""
    category = word(value.get("new_category"))
    coming = text(value.get("correct_category"))
    return TemplateChange(
        aspect="category",
        raw_status=category,
        category="" if coming else category,
        reason=f"will become {coming}" if coming else "",
    )


TEMPLATE_FIELDS: Mapping[str, Callable[[Mapping[str, object]], TemplateChange]] = {
    "message_template_status_update": _review,
    "message_template_quality_update": _quality,
    "template_category_update": _category,
}

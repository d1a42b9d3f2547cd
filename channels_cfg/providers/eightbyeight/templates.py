"""What a template update changes, in our words."""

from collections.abc import Mapping

from channels_cfg.fields import Names, text, word
from channels_cfg.wire import TemplateChange

# PENDING and DISABLED stand on the WhatsApp page only.
_REVIEWS = {
    "approved": "approved",
    "rejected": "rejected",
    "pending": "pending",
    "paused": "paused",
    "disabled": "disabled",
    "flagged": "flagged",
    "pending_deletion": "deleted",
}
_META = Names(
    "status",
    "reason",
    "disableInfo",
    "otherInfo",
    "previousQualityScore",
    "newQualityScore",
    "previousCategory",
    "newCategory",
    "category",
    "correctCategory",
)
_OTHER = Names("title", "description")
_DISABLE = Names("disableDate")


def read_change(event_type: str, meta: object) -> TemplateChange:
    """Read ``meta`` of a template event. A word that is not documented is unknown."""
    fields = _META.of(meta)
    if event_type == "template_quality_update":
        said = word(fields.get("newQualityScore"))
        return TemplateChange(aspect="quality", raw_status=said, quality=said)
    if event_type == "template_category_update":
        said = word(fields.get("newCategory"))
        return TemplateChange(aspect="category", raw_status=said, category=said)
    if event_type == "template_correct_category_detection":
        # Advice only: the category stays what it is.
        said = text(fields.get("correctCategory"))
        sent_as = text(fields.get("category"))
        return TemplateChange(
            aspect="category", reason=f"looks like {said}, sent as {sent_as}"
        )
    said = word(fields.get("status"))
    return TemplateChange(
        aspect="review",
        status=_REVIEWS.get(said.lower(), "unknown"),
        raw_status=said,
        reason=_reason(fields),
    )


def _reason(fields: Mapping[str, object]) -> str:
    other = _OTHER.of(fields.get("otherInfo"))
    disabled_on = text(_DISABLE.of(fields.get("disableInfo")).get("disableDate"))
    reason = text(fields.get("reason"))
    parts = (
        "" if reason.upper() == "NONE" else reason,
        text(other.get("title")),
        text(other.get("description")),
        f"disabled on {disabled_on}" if disabled_on else "",
    )
    return "; ".join(part for part in parts if part)

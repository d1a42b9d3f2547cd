"""When the pause of a template ends; after the third one it is switched off."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from receipts.models import Template

# Meta tells which pause it is, not when it ends: its page on template pausing says
# that the first takes 3 hours and the second 6. 8x8 passes the word on.
_LENGTHS: Mapping[str, timedelta] = {
    "FIRST_PAUSE": timedelta(hours=3),
    "SECOND_PAUSE": timedelta(hours=6),
}


def ends_at(template: Template) -> datetime | None:
    """Return when a paused template goes on; None: not paused, or nobody told."""
    if template.status != "paused" or template.review_at is None:
        return None
    for word, length in _LENGTHS.items():
        if word in (template.reason or "").upper():
            return template.review_at + length
    return None

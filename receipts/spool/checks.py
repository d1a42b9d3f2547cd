"""System check: the spool will have a place. Changes nothing on disk."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register(deploy=True)
def spool_has_a_place(**_: object) -> list[CheckMessage]:
    """Complain if neither ``SPOOL_DIR`` nor where it would be made can be written."""
    place = Path(settings.SPOOL_DIR)
    while not place.exists():
        place = place.parent
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The spool cannot be written: {place} is not a folder we may write to.",
            hint="Set SPOOL_DIR to a folder that the portal's user may write to.",
            id="receipts.E001",
        )
    ]

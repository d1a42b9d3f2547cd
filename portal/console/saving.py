"""What a list offers to take away: one's own views, and files of what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from portal.console.files import FILES
from portal.console.models import SavedView
from receipts.exports.resources import RESOURCES

MAY_EXPORT = "receipts.add_export"
FORMATS = {"csv": "CSV", "jsonl": "JSON Lines"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One form of a file: ``url`` streams it, ``filters`` are those of the list."""

    word: str
    form: str
    url: str
    resource: str
    filters: str
    is_background: bool  # whether it may also be made in the background


def views(request: HttpRequest, page: str) -> list[SavedView]:
    """Return the reader's own views of a list."""
    return list(SavedView.objects.filter(user_id=request.user.pk or 0, page=page))


def exports(
    request: HttpRequest, resource: str, asked: Mapping[str, str]
) -> list[Offer]:
    """Return the files that a list can be had as, by this reader."""
    if resource not in FILES or not request.user.has_perm(MAY_EXPORT):
        return []
    if not asked.keys() <= FILES[resource].filters.base_filters.keys():
        return []  # a filter of the console alone
    url, query = reverse("admin:export", args=[resource]), urlencode(asked)
    return [
        Offer(
            word=word,
            form=form,
            url=f"{url}?{urlencode({**asked, 'format': form})}",
            resource=resource,
            filters=query,
            is_background=resource in RESOURCES,
        )
        for form, word in FORMATS.items()
    ]

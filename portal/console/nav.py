"""The one navigation: every place a user may go, in groups."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry; ``permission`` empty means every member of staff.

    ``also`` are beginnings of further paths, below the admin's, that belong to it.
    """

    label: str
    icon: str
    url_name: str
    permission: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place as one user sees it now."""

    label: str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Links under one heading."""

    label: str
    links: list[Link]


_PLACES = {
    "Watch": (
        Place(label="Overview", icon="overview", url_name="index"),
        Place(
            label="Problems",
            icon="quarantine",
            url_name="problems",
            permission="receipts.view_quarantineditem",
        ),
        Place(
            label="Alerts",
            icon="info",
            url_name="alerts",
            permission="alerts.view_alert",
        ),
        Place(
            label="Intake",
            icon="callbacks",
            url_name="intake",
            permission="receipts.view_callback",
        ),
    ),
    "Traffic": (
        Place(
            label="Conversations",
            icon="conversations",
            url_name="conversations",
            permission="receipts.view_conversation",
        ),
        Place(
            label="Messages",
            icon="messages",
            url_name="messages",
            permission="receipts.view_message",
        ),
        Place(
            label="Receipts",
            icon="receipts",
            url_name="receipts",
            permission="receipts.view_receipt",
        ),
        Place(
            label="Callbacks",
            icon="callbacks",
            url_name="callbacks",
            permission="receipts.view_callback",
        ),
        Place(
            label="Queues",
            icon="channel",
            url_name="receipts_queuestate_changelist",
            permission="receipts.view_queuestate",
        ),
        Place(
            label="Templates",
            icon="templates",
            url_name="templates",
            permission="receipts.view_template",
        ),
        Place(
            label="Exports",
            icon="exports",
            url_name="exports",
            permission="receipts.add_export",
        ),
    ),
    "Set up": (
        Place(
            label="Channels",
            icon="channels",
            url_name="channels_cfg_channel_changelist",
            permission="channels_cfg.view_channel",
            also=("arrivals/",),
        ),
        Place(
            label="Error codes",
            icon="errors",
            url_name="codes",
            permission="channels_cfg.view_errorcode",
        ),
        Place(
            label="API tokens",
            icon="tokens",
            url_name="receipts_apitoken_changelist",
            permission="receipts.view_apitoken",
        ),
        Place(
            label="Users",
            icon="users",
            url_name="auth_user_changelist",
            permission="auth.view_user",
        ),
        Place(
            label="Groups",
            icon="groups",
            url_name="auth_group_changelist",
            permission="auth.view_group",
        ),
    ),
    "Look after": (
        Place(
            label="Audit log",
            icon="receipts",
            url_name="audit",
            permission="receipts.view_accessrecord",
        ),
        Place(
            label="Retention",
            icon="callbacks",
            url_name="retention",
            permission="receipts.view_accessrecord",
        ),
        Place(
            label="Backups",
            icon="callbacks",
            url_name="backups",
            permission="receipts.view_accessrecord",
        ),
        Place(
            label="Erasures",
            icon="users",
            url_name="erasures",
            permission="receipts.view_erasure",
        ),
    ),
}


def names() -> list[str]:
    """Return the URL name of every place."""
    return [place.url_name for places in _PLACES.values() for place in places]


def groups(request: HttpRequest) -> list[Group]:
    """Return what the user of ``request`` may see, without empty groups."""
    urls = {
        place: url
        for places in _PLACES.values()
        for place in places
        if not place.permission or request.user.has_perm(place.permission)
        if (url := _url(place))
    }
    here = _here(request.path, urls)
    made = (
        Group(label=label, links=list(_links(places, urls, here)))
        for label, places in _PLACES.items()
    )
    return [group for group in made if group.links]


def _links(
    places: tuple[Place, ...], urls: Mapping[Place, str], here: Place | None
) -> Iterator[Link]:
    for place in places:
        if url := urls.get(place):
            yield Link(
                label=place.label, icon=place.icon, url=url, is_current=place is here
            )


def _url(place: Place) -> str | None:
    try:
        return reverse(f"admin:{place.url_name}")
    except NoReverseMatch:  # a model that is not registered has no page
        return None


def _here(path: str, urls: Mapping[Place, str]) -> Place | None:
    """Return the place that ``path`` is in: the one with the longest beginning."""
    root = reverse("admin:index")
    begins = [
        (len(start), place)
        for place, url in urls.items()
        for start in (url, *(root + more for more in place.also))
        if path.startswith(start)
    ]
    return max(begins, key=lambda pair: pair[0], default=(0, None))[1]

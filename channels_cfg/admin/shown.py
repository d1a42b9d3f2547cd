"""What a channel's page shows beside its fields: URLs, and where they belong."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from channels_cfg import registry
from channels_cfg.forms.page import ChannelPage, fitting
from channels_cfg.forms.parts import CallbackForm
from channels_cfg.models import Channel
from channels_cfg.services.urls import callback_url
from channels_cfg.wire import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPath:
    """A callback path's form; ``url`` is '' for one that is yet to be made."""

    form: CallbackForm
    url: str
    hidden_url: str  # for those who may look only: the path is the proof of some pushes
    places: tuple[Where, ...]
    is_open: bool


def shown_paths(page: ChannelPage) -> list[ShownPath]:
    """Return every callback path of the page, with where its URL belongs."""
    return [_shown(form, page) for form in page.callbacks]


def _shown(form: CallbackForm, page: ChannelPage) -> ShownPath:
    row = form.row
    url = callback_url(row.path) if row.pk else ""
    return ShownPath(
        form=form,
        url=url,
        hidden_url=hidden(url, row.path) if url else "",
        places=fitting(page.adapter.console, row.receipt_type, page.row.type),
        is_open=bool(row.pk or form.is_usual or form.errors),
    )


def hidden(text: str, path: str) -> str:
    """Return ``text`` with all but the beginning of a path left out."""
    return text.replace(path, f"{path[: min(4, len(path) // 2)]}…")


def without_paths(text: str, channel: Channel) -> str:
    """Return ``text`` with every path of ``channel`` hidden."""
    paths = channel.callback_paths.values_list("path", flat=True)
    # The longest first: one may begin as another does.
    for path in sorted(paths, key=len, reverse=True):
        text = hidden(text, path)
    return text


def other_base(request: HttpRequest) -> str:
    """Return ``PUBLIC_BASE_URL`` if the page was reached by another address, else ''."""
    public = urlsplit(settings.PUBLIC_BASE_URL)
    is_same = (public.scheme, public.netloc) == (request.scheme, request.get_host())
    return "" if is_same else str(settings.PUBLIC_BASE_URL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A provider to choose, with the types of its channels."""

    slug: str
    label: str
    types: tuple[str, ...]


def choices() -> list[Choice]:
    """Return the providers a new channel may have."""
    labels = dict(registry.choices())
    return [
        Choice(slug=slug, label=labels[slug], types=adapter.channel_types)
        for slug, adapter in registry.adapters().items()
    ]

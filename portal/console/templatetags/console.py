"""Small parts of pages: icons, statuses, times, ids to copy."""

from datetime import UTC, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from channels_cfg.models import ErrorCode
from portal.console import words
from receipts import masking, shapes

register = template.Library()

_STATE_ICONS = {
    "pending": "pending",
    "done": "done",
    "partly": "quarantine",
    "failed": "failed",
    "running": "pending",
    "open": "quarantine",
    "replayed": "late",
    "ignored": "cancelled",
    "approved": "done",
    "rejected": "rejected",
    "paused": "expired",
    "disabled": "failed",
    "flagged": "quarantine",
    "deleted": "deleted",
    "archived": "deleted",
}
_QUALITIES = {
    "green": "done",
    "high": "done",
    "yellow": "flagged",
    "medium": "flagged",
    "red": "failed",
    "low": "failed",
}
_FLAG_ICONS = {"late": "late", "contradiction": "quarantine", "repeated": "copy"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one symbol of the sprite; the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("portal/icons.svg"),
        name,
    )


@register.simple_tag
def status(word: str | None, raw: str | None = None) -> SafeString:
    """Draw a status: icon, word and colour; ``raw`` is the provider's word."""
    if not word:
        return format_html('<span class="quiet">{}</span>', "none")
    return format_html(
        '<span class="chip is-{}" title="{}">{}{}</span>{}',
        word,
        words.STATUS_MEANINGS.get(word, ""),
        icon(word),
        word,
        _their_word(word, raw),
    )


def _their_word(word: str, raw: str | None) -> SafeString | str:
    if not raw or raw.lower() == word:
        return ""
    return format_html(' <span class="raw-word">{}</span>', raw)


@register.simple_tag
def state(word: str | None, raw: str | None = None) -> SafeString:
    """Draw where our work, or a review, stands; ``raw`` is the provider's word."""
    if not word:
        return format_html('<span class="quiet">{}</span>', "not told")
    return format_html(
        '<span class="chip is-{}">{}{}</span>{}',
        word,
        icon(_STATE_ICONS.get(word, "unknown")),
        word,
        _their_word(word, raw),
    )


@register.simple_tag
def quality(word: str | None) -> SafeString:
    """Draw the quality of a template: shape, word and colour."""
    if not word:
        return format_html('<span class="quiet">{}</span>', "not told")
    shape = _QUALITIES.get(word.lower(), "unknown")
    return format_html(
        '<span class="chip is-{}">{}{}</span>',
        shape,
        icon(_STATE_ICONS.get(shape, shape)),
        word.lower(),
    )


@register.simple_tag
def mark(flag: str) -> SafeString:
    """Draw a flag of a receipt; what it means is in the title."""
    return format_html(
        '<span class="mark is-{}" title="{}">{}{}</span>',
        flag,
        words.FLAG_MEANINGS.get(flag, ""),
        icon(_FLAG_ICONS.get(flag, "info")),
        flag.replace("_", " "),
    )


@register.simple_tag
def media_life(media: shapes.Media) -> SafeString | str:
    """Say until when a file can be fetched, with a link while it can."""
    if media.expires_at is not None and media.expires_at < timezone.now():
        return format_html("The link died {}.", when(media.expires_at))
    until = (
        format_html("; the link dies {}", when(media.expires_at))
        if media.expires_at
        else ""
    )
    if media.url is None or not media.url.startswith(("https://", "http://")):
        return format_html("Can be fetched{}.", until)
    return format_html(
        '<a href="{}" rel="noreferrer noopener" target="_blank">Fetch the file</a>{}',
        media.url,
        until,
    )


@register.filter
def told(error: shapes.Error) -> str:
    """Return an error's words without the code in front of them."""
    return words.without_code(error.description, error.code)


@register.filter
def guarded(text: str | None, sees_people: bool) -> str:
    """Return a free text, its phones hidden from those who may not see people."""
    return (text if sees_people else masking.mask_text(text)) or ""


@register.filter
def grouped(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}"


@register.filter
def detail(value: object) -> str:
    """Return a detail of a content in words; what is nested as pairs."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {detail(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(detail(each) for each in value)
    return "" if value is None else str(value)


@register.filter
def owner_words(owner: str) -> str:
    """Return who must act, in words."""
    return dict(ErrorCode.Owner.choices).get(owner, owner)


@register.filter
def identity_words(kind: str) -> str:
    """Return what kind of identity it is, in words."""
    return words.IDENTITY_KINDS.get(kind, kind)


@register.simple_tag
def when(moment: datetime | None) -> SafeString:
    """Say how long ago ``moment`` was; the exact UTC is in the title."""
    if moment is None:
        return format_html('<span class="quiet">{}</span>', "never")
    return format_html(
        '<time datetime="{}" title="{} UTC" data-relative>{}</time>',
        _iso(moment),
        words.exact(moment),
        words.ago(moment, now=timezone.now()),
    )


@register.simple_tag
def clock(moment: datetime | None, missing: str = "not told") -> SafeString:
    """Show ``moment`` to the millisecond in UTC; how long ago is in the title."""
    if moment is None:
        return format_html('<span class="quiet">{}</span>', missing)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        _iso(moment),
        words.ago(moment, now=timezone.now()),
        words.exact(moment),
    )


@register.simple_tag
def hour(moment: datetime | None) -> SafeString:
    """Show the time of day in UTC; the exact date and time is in the title."""
    if moment is None:
        return format_html('<span class="quiet">{}</span>', "no time")
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        _iso(moment),
        words.exact(moment),
        f"{moment.astimezone(UTC):%H:%M:%S}",
    )


@register.simple_tag
def copyable(value: str | None, label: str = "") -> SafeString:
    """Show an id in full with a button that copies it."""
    if not value:
        return format_html('<span class="quiet">{}</span>', "none")
    return format_html(
        '<span class="copyable"><code>{}</code>'
        '<button type="button" data-copy="{}">{}'
        '<span class="copy-label visually-hidden" role="status">Copy {}</span>'
        "</button></span>",
        value,
        value,
        icon("copy"),
        label or value,
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")

"""Small parts of the public shapes: people, errors, templates, addresses."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from channels_cfg.models import ErrorCode
from channels_cfg.wire import IdentityKind
from receipts import masking, shapes
from receipts.presenting.lookups import Codes

# Where the business is known by a phone number; elsewhere digits are some id.
ADDRESSED_BY_PHONE = frozenset({"whatsapp", "sms"})

# Where a provider names a person by several ids, the public ``user_id`` is the first.
_FIELDS = (
    (IdentityKind.CHANNEL_USER_ID, "user_id"),
    (IdentityKind.USER_ID, "user_id"),
    (IdentityKind.PARENT_USER_ID, "parent_user_id"),
    (IdentityKind.PHONE, "phone"),
    (IdentityKind.USERNAME, "username"),
)

Known = Iterable[tuple[str, str]]  # kind and value of identities


class Failed(Protocol):
    """A receipt or a message, as far as its error goes."""

    error_code: str | None
    upstream_code: str | None
    error_description: str | None


class Templated(Protocol):
    """A receipt or a message, as far as its template goes."""

    template_code: str | None
    template_name: str | None
    template_language: str | None


def identities(stored: object) -> list[tuple[str, str]]:
    """Return kind and value of a receipt's identities as stored."""
    parts = stored if isinstance(stored, list) else []
    return [(part["kind"], part["value"]) for part in parts]


def phones(known: Known) -> list[str]:
    """Return the digits of the phones among identities."""
    return [value for kind, value in known if kind == IdentityKind.PHONE]


def user(known: Known, *, is_clear: bool) -> shapes.User:
    """Return a person by the latest identity of each kind, ``known`` oldest first."""
    latest = dict(known)
    shown: dict[str, str | None] = {}
    for kind, field in _FIELDS:
        value = latest.get(kind)
        if value is not None:
            shown[field] = masking.show_identity(kind, value, is_clear=is_clear)
    return shapes.User(**shown)


def error(
    row: Failed, provider: str, codes: Codes, *, hide: Iterable[str] | None
) -> shapes.Error | None:
    """Return what a failure means; None where none was told.

    ``hide`` are the numbers to hide in the provider's words, None hides nothing.
    """
    told = (row.error_code, row.upstream_code, row.error_description)
    if not any(told):
        return None
    entry = codes.get((provider, row.error_code or "")) or ErrorCode()
    return shapes.Error(
        code=row.error_code,
        upstream_code=row.upstream_code or entry.upstream_code or None,
        description=text(row.error_description, hide)
        or entry.meaning
        or entry.title
        or None,
        category=(entry.pk and entry.category) or None,
        owner=entry.owner or None,
        advice=entry.advice or None,
        transient=entry.is_transient,
    )


def text(words: str | None, hide: Iterable[str] | None) -> str | None:
    """Return words of the provider or the sender, numbers hidden where they must."""
    return words if hide is None else masking.mask_text(words, hide)


def template(row: Templated) -> shapes.TemplateName | None:
    """Return the template a row names; None where it names none."""
    if not (row.template_code or row.template_name):
        return None
    return shapes.TemplateName(
        code=row.template_code, name=row.template_name, language=row.template_language
    )


def address(value: str | None, channel_type: str) -> str | None:
    """Return a business address; a phone reads with ``+``."""
    if not value:
        return None
    is_phone = channel_type in ADDRESSED_BY_PHONE and value.isdigit()
    return masking.phone(value) if is_phone else value


def survivor(roots: Mapping[int, int], pk: int | None) -> str | None:
    """Return the public id of a conversation, of its survivor where it was merged."""
    return None if pk is None else str(roots.get(pk, pk))

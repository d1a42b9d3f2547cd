"""How a person or a number that somebody types is compared with what is stored."""

import re

_SEPARATORS = re.compile(r"[\s().\-]")
# A number that came masked is kept with its stars.
_NUMBER = re.compile(r"[0-9*]*[0-9][0-9*]*")


def digits_of(value: str) -> str | None:
    """Return the digits of a phone as people write one; None if it is none."""
    bare = _SEPARATORS.sub("", value).removeprefix("+")
    return bare if _NUMBER.fullmatch(bare) else None


def address_forms(value: str) -> list[str]:
    """Return the forms in which a business address may be stored: mostly one.

    With two an index gives no order, so a plain number is looked for as digits alone.
    """
    value = value.strip()
    bare = value.removeprefix("+")
    return [bare] if bare.isascii() and bare.isdigit() else ways_to_store(value)


def ways_to_store(value: str) -> list[str]:
    """Return every form in which ``value`` may be stored, most likely first.

    A phone is stored as digits, any other identity verbatim; people write user names
    with an ``@``.
    """
    value = value.strip()
    forms = [digits_of(value), value, value.removeprefix("@")]
    return list(dict.fromkeys(form for form in forms if form))

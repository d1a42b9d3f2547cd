"""Small readers of decoded JSON values, for every adapter: none of them raises.

What comes from outside may be a number where a text was promised, a text where a
number was, or a key in another letter case: these take all of it, and answer '' or
None where nothing usable was said. No Django, no I/O, no clock.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

LONGEST_WORD = 255
"""Longest text that is indexed or compared; an index entry cannot hold much more."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_END = 100_000_000_000  # below: Unix seconds (to the year 5138), else millis
_SEPARATORS = re.compile(r"[^0-9*]+")
# A plus, blanks, hyphens, dots, parentheses; and the stars of a masked number.
_PHONE = re.compile(r"\+?[\s.()*]*[0-9][0-9\s\-.()*]*")
_UNIX = re.compile(r"([0-9]{1,16})(?:\.([0-9]{1,6})[0-9]*)?")
_NOTHING: Mapping[str, object] = {}


class Names:
    """The field names of one kind of object, found whatever their case and blanks.

    ``Names("MessageId").of({"messageid ": 1})`` is ``{"MessageId": 1}``. A name that
    is spelled as documented wins over its variants; unknown ones stay, without blanks.
    """

    def __init__(self, *names: str) -> None:
        self.exact = frozenset(names)
        self._by_folded = {name.casefold(): name for name in names}

    def of(self, item: object) -> Mapping[str, object]:
        """Return the fields of ``item`` under their documented names, {} if no object."""
        if not isinstance(item, dict):
            return _NOTHING
        # The usual case costs no copy.
        return item if item.keys() <= self.exact else dict(self._respelled(item))

    def _respelled(self, item: Mapping[str, object]) -> Iterator[tuple[str, object]]:
        for key, value in item.items():
            name = key.strip()
            yield self._by_folded.get(name.casefold(), name), value
        for key in self.exact & item.keys():
            yield key, item[key]


def text(value: object) -> str:
    """Return a text without blanks around it, a number as text, '' for all else."""
    if type(value) is str:  # the usual ones first: this runs twenty times a receipt
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def word(value: object) -> str:
    """Return ``text(value)``, cut to what an index can hold."""
    written = value.strip() if type(value) is str else text(value)
    return written[:LONGEST_WORD]


def verbatim(value: object) -> str:
    """Return a text as it came, blanks and all; a number as text, '' for all else."""
    return value if isinstance(value, str) else text(value)


def person(value: object) -> str:
    """Return what may name somebody, verbatim, else ''.

    Without a letter or digit (``****``) it names nobody; cut to what an index can hold
    it could name somebody else.
    """
    named = text(value)
    # All of a name is, as a rule; looking at each character costs ten times as much.
    is_name = named.isalnum() or any(map(str.isalnum, named))
    return named if is_name and len(named) <= LONGEST_WORD else ""


def phone(value: object) -> str:
    """Return the digits of what is written like a phone number, else ''.

    ``+86 138-0000`` is written like one; ``US.1349`` and ``U4af4980629`` are not. The
    stars of a masked number (``86138****8``, as published samples have it) stay:
    without them it would be another, shorter number.
    """
    written = value.strip() if type(value) is str else text(value)
    if not written or len(written) > LONGEST_WORD:
        return ""
    if written.isdigit() and written.isascii():  # the usual way, at a third the cost
        return written
    return _SEPARATORS.sub("", written) if _PHONE.fullmatch(written) else ""


def address(value: object) -> str:
    """Return a business address as compared: digits of a number, or an id verbatim."""
    return phone(value) or word(value)


def moment(value: object) -> datetime | None:
    """Read Unix milliseconds or seconds (below 1e11), as number or text.

    None for what is no time at all or beyond the calendar. Whether it is believable
    is judged where the time of receipt is known.
    """
    if type(value) is int and value >= 0:
        return _after_epoch(value)
    found = _UNIX.fullmatch(text(value))
    if found is None:
        return None
    return _after_epoch(int(found[1]), int((found[2] or "").ljust(6, "0")))


def _after_epoch(whole: int, millionths: int = 0) -> datetime | None:
    unit = 1_000_000 if whole < _SECONDS_END else 1_000
    # Whole microseconds: a float would round the last one.
    micros = whole * unit + millionths * unit // 1_000_000
    try:
        # By position: with a name it would cost three times as much.
        return _EPOCH + timedelta(0, 0, micros)
    except OverflowError:
        return None


def iso_moment(value: object) -> datetime | None:
    """Read ISO 8601 with any number of digits after the second; UTC if it names no zone."""
    try:
        read = datetime.fromisoformat(text(value))
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

"""The queue service's XML: answers read without entities, one request written.

Elements are found by local name, so that a changed namespace hurts nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from .smq_errors import Unreachable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACE = "http://mns.aliyuncs.com/doc/v1/"
_LAST_MILLIS = 253_402_300_799_999  # the end of the year 9999, where datetime ends


class Node:
    """One element: its name, and the texts of the elements in it, by name."""

    __slots__ = ("_element", "name", "texts")

    def __init__(self, element: "Element") -> None:
        self._element = element
        self.name = _local(element.tag)
        self.texts = {_local(inner.tag): inner.text or "" for inner in element}

    def __iter__(self) -> Iterator["Node"]:
        return (Node(inner) for inner in self._element)

    def number(self, name: str) -> int:
        """Return a field as a number, 0 if it is missing or none."""
        text = self.texts.get(name, "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0

    def time(self, name: str) -> datetime | None:
        """Return a field of Unix milliseconds; None if unusable or zero ("never")."""
        millis = self.number(name)
        if not 0 < millis <= _LAST_MILLIS:
            return None
        return datetime.fromtimestamp(millis / 1000, UTC)


def read(body: bytes, *, root: str) -> Node:
    """Read an answer whose outermost element is ``root``. Raises ``Unreachable``."""
    try:
        node = Node(fromstring(body, forbid_dtd=True))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise _not_ours("is not XML") from None
    if node.name != root:
        raise _not_ours(f"holds <{node.name[:40]}>, not <{root}>")
    return node


def _not_ours(why: str) -> Unreachable:
    return Unreachable(
        f"the queue service's answer {why}",
        "check the queue endpoint, and the proxy if there is one",
    )


def receipt_handles(handles: Sequence[str]) -> bytes:
    """Write the body of a batch delete."""
    inner = "".join(
        f"<ReceiptHandle>{escape(handle)}</ReceiptHandle>" for handle in handles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<ReceiptHandles xmlns="{_NAMESPACE}">{inner}</ReceiptHandles>'
    ).encode()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]

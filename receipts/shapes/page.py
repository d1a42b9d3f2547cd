"""The public shape of a list."""

from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from receipts.shapes.parts import Time

Row = TypeVar("Row")


class Window(msgspec.Struct, kw_only=True, frozen=True):
    """The span that was searched."""

    after: Annotated[Time, Meta(description="Inclusive.")]
    before: Annotated[Time, Meta(description="Exclusive.")]


class Page(msgspec.Struct, Generic[Row], kw_only=True, frozen=True):
    """One page of a list; follow `next` until it is null."""

    next: Annotated[str | None, Meta(description="URL of the next page.")]
    previous: Annotated[str | None, Meta(description="URL of the page before.")]
    window: Annotated[
        Window | None, Meta(description="Null where all time was searched.")
    ]
    results: list[Row]

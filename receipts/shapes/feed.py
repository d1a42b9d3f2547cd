"""The public shapes of the changes feed, of counts and of exports."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from receipts.shapes.page import Window
from receipts.shapes.parts import Id, KindWord, StatusWord, Time, words
from receipts.shapes.receipt import Receipt

EXPORTED = ("receipts", "messages", "conversations", "templates", "callbacks")
FORMATS = ("csv", "jsonl")


class Changes(msgspec.Struct, kw_only=True, frozen=True):
    """Receipts in the order they became visible."""

    results: list[Receipt]
    cursor: Annotated[
        str, Meta(description="Give it as `after` next time, also when empty.")
    ]


class StatsRow(msgspec.Struct, kw_only=True, frozen=True):
    """How many receipts came from ``start`` on, of each group that was asked for."""

    start: Time
    channel: str | UnsetType = UNSET
    kind: KindWord | UnsetType = UNSET
    status: StatusWord | UnsetType | None = UNSET
    error_code: str | UnsetType | None = UNSET
    template_code: str | UnsetType | None = UNSET
    count: int


class Stats(msgspec.Struct, kw_only=True, frozen=True, rename={"from_": "from"}):
    """New receipts by hour or day of ``received_at``, from the roll-ups."""

    interval: Annotated[str, words(("hour", "day"))]
    from_: Annotated[Time, Meta(description="Inclusive, a full interval.")]
    to: Annotated[Time, Meta(description="Exclusive, a full interval.")]
    results: list[StatsRow]


class ExportWish(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What to export; the filters are the parameters of the resource's list."""

    resource: Annotated[str, words(EXPORTED)]
    format: Annotated[str, words(FORMATS)]
    filters: dict[str, str | int | bool] = {}


class Export(msgspec.Struct, kw_only=True, frozen=True):
    """An export: poll it until it is done, then download it."""

    id: Id
    resource: str
    format: Annotated[str, words(FORMATS)]
    filters: dict[str, str]
    window: Window | None
    state: Annotated[str, words(("pending", "running", "done", "failed"))]
    masked: Annotated[bool, Meta(description="Made without `pii:read`.")]
    rows: int
    bytes: int
    error: str | None
    created_at: Time
    finished_at: Time | None
    expires_at: Time
    download: Annotated[str | None, Meta(description="URL, once it is done.")]

"""What a provider documents: ``fields.yaml`` in its folder, in the provider's names.

Which of our fields a field becomes is not written there: it is tried out (``trials``).
"""

import msgspec

from channels_cfg.documenting.samples import folder

Value = str | int | bool | dict[str, str | int | bool | None] | None


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One documented field, where a fixture has it, and its documented values.

    ``fixture``, ``at`` and ``item`` are those of the group unless told. A value may be an object
    of several fields that mean something together. ``shows`` are the columns of ours
    for the values, where the telling ones are too many. ``kept`` says that the field stays
    in the raw item and nothing is read from it; ``why`` says why, or what for.
    """

    name: str
    fixture: str = ""
    at: str | None = None
    item: int | None = None
    values: list[Value] = []
    shows: list[str] = []
    other: Value = None  # what to try instead, where one more letter says nothing
    kept: bool = False
    why: str = ""


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Documented fields of one kind of item, all at one place of one fixture.

    ``item`` is the one that they belong to, counted from 0 as the adapter cuts them.
    """

    title: str
    sources: str
    fixture: str
    at: str = ""
    item: int = 0
    fields: list[Field]

    def placed(self, field: Field) -> "Field":
        """Return ``field`` with its place filled in."""
        own = bool(field.fixture)
        at = (self.at if not own else "") if field.at is None else field.at
        item = (self.item if not own else 0) if field.item is None else field.item
        fixture = field.fixture or self.fixture
        return msgspec.structs.replace(field, fixture=fixture, at=at, item=item)


def groups(slug: str) -> list[Group]:
    """Return what ``fields.yaml`` of a provider's folder lists; nothing without one."""
    path = folder(slug) / "fields.yaml"
    listed = path.read_bytes() if path.exists() else b"[]"
    return msgspec.yaml.decode(listed, type=list[Group])

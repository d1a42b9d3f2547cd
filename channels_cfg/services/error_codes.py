"""Load the error dictionary into the database; what an operator edited stays."""

from dataclasses import dataclass

from django.db import transaction

from channels_cfg import errors
from channels_cfg.errors import ErrorRow
from channels_cfg.models import ErrorCode

_WORDS = (
    "upstream_code",
    "title",
    "meaning",
    "category",
    "owner",
    "advice",
    "is_transient",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many rows were made, changed, and left to the operator who edited them."""

    made: int
    changed: int
    left: int


@transaction.atomic
def load() -> Loaded:
    """Bring the rows to the words of this release; loaded again, nothing changes.

    Rows that an operator edited or made stay, and no row is ever deleted.
    """
    wanted = {(row.provider, row.code): _row(row) for row in errors.rows()}
    stored = {(row.provider, row.code): row for row in _stored()}
    new = [row for key, row in wanted.items() if key not in stored]
    ours = [
        row
        for key, row in stored.items()
        if key in wanted and not row.is_edited and _take(row, wanted[key])
    ]
    # Two that migrate at the same time make the same rows.
    ErrorCode.objects.bulk_create(new, ignore_conflicts=True)
    ErrorCode.objects.bulk_update(ours, _WORDS, batch_size=500)
    left = sum(row.is_edited for row in stored.values())
    return Loaded(made=len(new), changed=len(ours), left=left)


def give_back(row: ErrorCode) -> bool:
    """Drop an operator's words for those of this release; False where it has none."""
    for each in errors.rows():
        if (each.provider, each.code) == (row.provider, row.code):
            _take(row, _row(each))
            row.is_edited = False
            row.save()
            return True
    return False


def _stored() -> list[ErrorCode]:
    return list(ErrorCode.objects.select_for_update().order_by("pk"))


def _row(row: ErrorRow) -> ErrorCode:
    return ErrorCode(
        provider=row.provider,
        code=row.code,
        upstream_code=row.upstream_code,
        title=row.title,
        meaning=row.meaning,
        category=row.category,
        owner=row.owner,
        advice=row.advice,
        is_transient=row.transient,
    )


def _take(row: ErrorCode, wanted: ErrorCode) -> bool:
    """Set the words of ``wanted`` on ``row``; say whether that changed any."""
    changed = [name for name in _WORDS if getattr(row, name) != getattr(wanted, name)]
    for name in changed:
        setattr(row, name, getattr(wanted, name))
    return bool(changed)

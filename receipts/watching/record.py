"""When this host's door was seen to answer: kept in a file, then in the table.

The file is replaced as a whole, and holds what the table does not have yet beside the
span that goes on. A file that is damaged is begun anew: nobody must wait for it.
"""

import secrets
import socket
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from receipts.processing.json_rows import as_json, run

log = structlog.get_logger(__name__)
_MOST = 5_000  # spans that wait for the database; then the oldest are forgotten

_KEEP = """
INSERT INTO receipts_intakespan AS s
    (host, started_at, ended_at, why_before, turned_away)
SELECT %s, x.* FROM json_to_recordset(%s::json) AS x(
    started_at timestamptz, ended_at timestamptz, why_before text, turned_away bigint
) ORDER BY 2
ON CONFLICT (host, started_at) DO UPDATE SET
    ended_at = greatest(s.ended_at, excluded.ended_at)
"""


class Span(msgspec.Struct, kw_only=True):
    """From when to when the door was seen to answer."""

    started_at: datetime
    ended_at: datetime
    why_before: str = ""
    turned_away: int | None = None


class _File(msgspec.Struct, kw_only=True):
    host: str
    spans: list[Span]


class Record:
    """The spans of this host, the last of which goes on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = _read(path)
        self.host = kept.host if kept else f"{_name()}-{secrets.token_hex(3)}"
        self.spans = kept.spans if kept else []

    @property
    def last(self) -> Span | None:
        """The span that goes on, or went on last."""
        return self.spans[-1] if self.spans else None

    def begin(self, span: Span) -> None:
        """Begin a new span."""
        self.spans = [*self.spans, span][-_MOST:]

    def save(self) -> None:
        """Replace the file. Raises ``OSError``."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self._path.with_name(f".{self._path.name}.half")
        half.write_bytes(msgspec.json.encode(_File(host=self.host, spans=self.spans)))
        half.replace(self._path)

    def hand_over(self) -> None:
        """Write all spans to the table and keep the last. Raises ``DatabaseError``."""
        if self.spans:
            run(_KEEP, self.host, as_json(self.spans))
            self.spans = self.spans[-1:]


def _read(path: Path) -> _File | None:
    with suppress(FileNotFoundError):
        try:
            return msgspec.json.decode(path.read_bytes(), type=_File)
        except msgspec.DecodeError as exc:
            log.warning("intake_record_begun_anew", reason=str(exc))
    return None


def _name() -> str:
    return socket.gethostname()[:150] or "host"

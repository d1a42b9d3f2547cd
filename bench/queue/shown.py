"""What the REST API shows of a channel in the end, compared with what was told."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import msgspec
import requests
from django.db import connection

from bench.queue.bodies import About
from channels_cfg.models import Channel
from portal.simulator.access import access

_PAGE_SIZE = "200"


class _Template(msgspec.Struct):
    code: str


class Row(msgspec.Struct):
    """A row of ``receipts/``."""

    kind: str
    message_id: str | None
    raw_status: str | None
    modes: list[str]
    template: _Template | None

    @property
    def about(self) -> About:
        if self.kind == "status":
            return About(
                kind=self.kind, id=self.message_id or "", word=self.raw_status or ""
            )
        if self.kind == "template" and self.template:
            return About(kind=self.kind, id=self.template.code)
        return About(kind=self.kind, id=self.message_id or "")


class _Page(msgspec.Struct):
    next: str | None
    results: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How what is shown differs from what was told."""

    told: int
    lost: int
    doubled: int
    by_both: int  # receipts that came by push and by queue

    @property
    def is_good(self) -> bool:
        return not self.lost and not self.doubled

    def __str__(self) -> str:
        return f"told {self.told:,}, lost {self.lost}, doubled {self.doubled}"


def compare(url: str, key: str, told: Iterable[About]) -> Comparison:
    """Read every receipt of a channel and compare."""
    wanted = Counter(told)
    rows = list(_receipts(url, key))
    seen = Counter(row.about for row in rows)
    return Comparison(
        told=wanted.total(),
        lost=(wanted - seen).total(),
        doubled=(seen - wanted).total(),  # also what nobody told
        by_both=sum(set(row.modes) == {"push", "queue"} for row in rows),
    )


def _receipts(url: str, key: str) -> Iterator[Row]:
    channel = Channel.objects.get(key=key)
    asked = {"channel": key, "page_size": _PAGE_SIZE}
    with access(channel, for_s=600) as token, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        while True:
            answer = session.get(f"{url}/api/v1/receipts/", params=asked, timeout=30)
            answer.raise_for_status()
            page = msgspec.json.decode(answer.content, type=_Page)
            yield from page.results
            if page.next is None:
                break
            asked["cursor"] = parse_qs(urlsplit(page.next).query)["cursor"][0]
    connection.close()

"""Reads the REST API as another program does, page by page."""

import time
from collections.abc import Iterator, Mapping
from typing import Self, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
import requests

from portal.simulator import shown

PAGE_SIZE = 200
_WAITS_S = 30
_PAUSE_S = 1.0
_BUSY = (429, 502, 503, 504)

Row = TypeVar("Row", shown.Receipt, shown.Message)


class ApiAway(Exception):
    """The API gave no answer in time, or one that is none; the message says which."""


class Api:
    """The lists of one channel; waits while the portal is busy or away."""

    def __init__(self, base_url: str, token: str, channel: str) -> None:
        self._base_url, self._channel = base_url, channel
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def receipts(self, until: float, **parameters: str) -> Iterator[shown.Receipt]:
        """Yield receipts, asking until ``until`` in the clock of ``time.monotonic``."""
        return self._list("receipts", shown.Receipt, parameters, until=until)

    def messages(self, until: float, **parameters: str) -> Iterator[shown.Message]:
        """Yield messages likewise."""
        return self._list("messages", shown.Message, parameters, until=until)

    def check(self) -> None:
        """Ask for the channel. Raises ``ApiAway`` if that cannot be had at once."""
        self._get(f"channels/{self._channel}/", {}, until=0)

    def _list(
        self,
        name: str,
        row: type[Row],
        parameters: Mapping[str, str],
        *,
        until: float,
    ) -> Iterator[Row]:
        asked = {"channel": self._channel, "page_size": str(PAGE_SIZE), **parameters}
        while True:
            answer = self._get(f"{name}/", asked, until=until)
            page = msgspec.json.decode(answer, type=shown.Page)
            for each in page.results:
                yield msgspec.json.decode(each, type=row)
            if page.next is None:
                return
            # Its address begins with PUBLIC_BASE_URL, ours may not.
            asked["cursor"] = parse_qs(urlsplit(page.next).query)["cursor"][0]

    def _get(self, path: str, parameters: Mapping[str, str], *, until: float) -> bytes:
        url = f"{self._base_url}/api/v1/{path}"
        while True:
            try:
                answer = self._session.get(url, params=parameters, timeout=_WAITS_S)
            except requests.RequestException as exc:
                problem = type(exc).__name__
            else:
                if answer.status_code == requests.codes.ok:
                    return answer.content
                problem = f"{answer.status_code} {answer.text[:300]}"
                if answer.status_code not in _BUSY:
                    raise ApiAway(f"{url} answered {problem}")
            if time.monotonic() > until:
                raise ApiAway(f"{url} gave no answer: {problem}")
            time.sleep(_PAUSE_S)

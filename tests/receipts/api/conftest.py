"""A client of the API, and a channel."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from channels_cfg.models import Channel
from tests.receipts.api import factories


class Api:
    """A program that calls the API with one token."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client()

    def ask(self, path: str, /, **parameters: object) -> Any:
        """GET a path below ``/api/v1/`` and return the answer."""
        return self._get(f"/api/v1/{path}", parameters)

    def get(self, path: str, /, **parameters: object) -> Any:
        """GET a path that must answer 200, and return the JSON."""
        answer = self.ask(path, **parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def ids(self, path: str, /, **parameters: object) -> list[str]:
        """Return the ids of a list's first page."""
        return [row["id"] for row in self.get(path, **parameters)["results"]]

    def refused(self, status: int, path: str, /, **parameters: object) -> Any:
        """GET a path that must answer a problem, and return the JSON."""
        answer = self.ask(path, **parameters)
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        return answer.json()

    def follow(self, url: str) -> Any:
        """GET a URL of an answer and return the JSON."""
        answer = self._get(url, {})
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, path: str, body: object = None) -> Any:
        """POST JSON to a path below ``/api/v1/`` and return the answer."""
        return self.client.post(
            f"/api/v1/{path}",
            body if body is not None else {},
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def _get(self, url: str, parameters: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.get(url, parameters, headers=headers)


@pytest.fixture
def channel(db: None) -> Channel:
    """A WhatsApp channel of CAMS."""
    return factories.make_channel()


@pytest.fixture
def api(db: None) -> Api:
    """A program that may do everything."""
    return Api(factories.make_token())


@pytest.fixture
def as_token(db: None) -> Callable[..., Api]:
    """Make a program whose token has these scopes and channels."""

    def make(*scopes: str, channels: tuple[Channel, ...] = ()) -> Api:
        return Api(factories.make_token(scopes, channels))

    return make

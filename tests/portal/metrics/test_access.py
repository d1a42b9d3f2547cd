"""Who may read the metrics."""

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from portal.metrics.access import may_read
from portal.proxies import RELAYED

pytestmark = pytest.mark.django_db
OUTSIDE = "198.51.100.7"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1"])
def test_this_host_may_read_without_a_token(client: Client, address: str) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize("address", [OUTSIDE, "", "10.0.0.1", "unix:"])
def test_nobody_else_may(client: Client, address: str) -> None:
    answer = client.get("/metrics", REMOTE_ADDR=address)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert b"portal_" not in answer.content


def test_bearer_of_the_token_may_from_anywhere(
    client: Client, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "s3cret"

    for told, status in (
        ("Bearer s3cret", 200),
        ("bearer s3cret", 200),
        ("Bearer s3cre", 401),
        ("Bearer \xe9", 401),
        ("Basic s3cret", 401),
        ("s3cret", 401),
        ("", 401),
    ):
        headers = {"Authorization": told}
        answer = client.get("/metrics", headers=headers, REMOTE_ADDR=OUTSIDE)
        assert answer.status_code == status, told


def test_empty_bearer_is_nobody_while_there_is_no_token(client: Client) -> None:
    headers = {"Authorization": "Bearer "}

    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=OUTSIDE)

    assert answer.status_code == 401


def test_listed_networks_may(client: Client, settings: Settings) -> None:
    settings.METRICS_ALLOW_FROM = ["10.0.0.0/8"]

    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 401


def test_local_address_of_a_proxy_that_nobody_listed_opens_nothing(
    rf: RequestFactory,
) -> None:
    request = rf.get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert may_read(request)

    request.META[RELAYED] = True

    assert not may_read(request)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    assert getattr(client, method)("/metrics").status_code == 405

"""The stand-in turns away what was changed after signing: its acceptance means much."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from channels_cfg.providers.cams.smq_http import Answer, Connection
from channels_cfg.providers.cams.smq_signing import (
    Credential,
    queue_authorization,
    rpc_authorization,
)
from tests.smq.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, QUEUE, SmqServer

Change = Callable[[dict[str, str]], object]
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def nothing(_headers: dict[str, str]) -> None:
    """Change nothing."""


def call_queue(
    smq: SmqServer, change: Change = nothing, *, wait: str = "0", ago_s: int = 0
) -> Answer:
    """Receive from the queue, signed for ``waitseconds=0``, then changed."""
    key = smq.service.keys.give("ChatAppStatus", life_s=60)
    credential = Credential(key.access_key_id, key.secret)
    date = datetime.now(UTC) - timedelta(seconds=ago_s)
    headers = {
        "date": format_datetime(date, usegmt=True),
        "x-mns-version": "2015-06-06",
        "content-type": "text/xml",
    }

    def sign(target: str) -> Mapping[str, str]:
        signed = target.replace(f"waitseconds={wait}", "waitseconds=0")
        proof = queue_authorization(credential, headers, method="GET", target=signed)
        shown = {"security-token": key.security_token, "Authorization": proof}
        sent = headers | shown
        change(sent)
        return sent

    target = f"/queues/{QUEUE}/messages?numOfMessages=1&waitseconds={wait}"
    with Connection(smq.url) as connection:
        return connection.send("GET", target, sign=sign)


def call_token(
    smq: SmqServer, change: Change = nothing, *, suffix: str = "", nonce: str = "n"
) -> Answer:
    """Ask for a token, signed without ``suffix`` in the query, then changed."""
    credential = Credential(ACCESS_KEY_ID, ACCESS_KEY_SECRET)
    headers = {
        "host": smq.url.removeprefix("http://"),
        "x-acs-action": "QueryTokenForMnsQueue",
        "x-acs-version": "2017-05-25",
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-content-sha256": EMPTY_SHA256,
    }

    def sign(target: str) -> Mapping[str, str]:
        query = target.partition("?")[2].removesuffix(suffix)
        proof = rpc_authorization(credential, headers, query=query)
        sent = headers | {"Authorization": proof}
        change(sent)
        return sent

    with Connection(smq.url) as connection:
        return connection.send(
            "POST", f"/?MessageType=ChatAppStatus{suffix}", sign=sign
        )


def test_unchanged_calls_are_accepted(smq: SmqServer) -> None:
    smq.service.put_many(QUEUE, [b"{}"])

    assert call_token(smq).status == 200
    assert call_queue(smq).status == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda headers: headers.update({"x-mns-version": "2015-06-07"}),
        lambda headers: headers.update({"x-mns-added": "1"}),
        lambda headers: headers.update({"content-type": "text/plain"}),
        lambda headers: headers.pop("content-type"),
        lambda headers: headers.update({"security-token": "another"}),
        lambda headers: headers.pop("security-token"),
        lambda headers: headers.update({"Authorization": "MNS a:b"}),
        lambda headers: headers.pop("Authorization"),
    ],
)
def test_changed_queue_call_is_refused(smq: SmqServer, change: Change) -> None:
    smq.service.put_many(QUEUE, [b"{}"])

    assert call_queue(smq, change).status in (400, 403)
    assert smq.service.queue(QUEUE).count["received"] == 0


def test_queue_call_with_another_target_is_refused(smq: SmqServer) -> None:
    assert call_queue(smq, wait="1").status == 403


def test_queue_call_of_another_hour_is_refused(smq: SmqServer) -> None:
    assert call_queue(smq, ago_s=3600).status == 408


@pytest.mark.parametrize(
    "change",
    [
        lambda headers: headers.update({"x-acs-version": "2018-05-01"}),
        lambda headers: headers.update({"x-acs-added": "1"}),
        lambda headers: headers.update({"x-acs-signature-nonce": "another"}),
        lambda headers: headers.update({"x-acs-date": "2026-11-21T04:00:01Z"}),
        lambda headers: headers.update({"x-acs-content-sha256": "0" * 64}),
        lambda headers: headers.update({"host": "another"}),
        lambda headers: headers.update({"Authorization": "ACS3-HMAC-SHA256 a=b"}),
        lambda headers: headers.pop("Authorization"),
    ],
)
def test_changed_token_call_is_refused(smq: SmqServer, change: Change) -> None:
    assert call_token(smq, change).status in (400, 404)


def test_token_call_with_another_query_is_refused(smq: SmqServer) -> None:
    assert call_token(smq, suffix="&QueueName=another").status == 400


def test_token_call_sent_twice_is_refused(smq: SmqServer) -> None:
    assert call_token(smq, nonce="once").status == 200
    assert call_token(smq, nonce="once").status == 400

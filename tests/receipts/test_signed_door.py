"""A provider that signs its bodies and asks a riddle first: Meta, at the real door."""

import hashlib
import hmac

import pytest
from django.test import Client

from channels_cfg import registry
from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from receipts.intake.tally import tally
from receipts.models import Callback, Message, Refusal
from receipts.processing.drain import drain
from tests.channels_cfg.contract import manifest

FOLDER = "meta"
BATCH = next(each for each in manifest(FOLDER) if each.file == "batch_of_many.json")
SUBSCRIBE = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}


@pytest.fixture(autouse=True)
def path(transactional_db: None) -> CallbackPath:
    """A path whose app secret and verify token are being rotated."""
    slug = registry.in_folder(FOLDER).slug
    channel = Channel.objects.create(key="cloud", name="Cloud", provider=slug)
    return CallbackPath.objects.create(
        channel=channel,
        receipt_type="any",
        path="cloud",
        signing_secrets=Hidden(("new secret", "old secret")),
        verify_tokens=Hidden(("new token", "old token")),
    )


def post(client: Client, body: bytes, signature: str) -> int:
    headers = {"X-Hub-Signature-256": signature}
    answer = client.post("/callbacks/cloud", body, "application/json", headers=headers)
    return answer.status_code


def sign(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("token", ["new token", "old token"])
def test_challenge_is_answered_bare_to_who_knows_a_token(
    client: Client, token: str
) -> None:
    answer = client.get("/callbacks/cloud", SUBSCRIBE | {"hub.verify_token": token})

    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer["Content-Type"] == "text/plain"
    assert not Callback.objects.exists()


def test_challenge_is_refused_to_others_and_a_probe_is_answered(client: Client) -> None:
    refused = client.get("/callbacks/cloud", SUBSCRIBE | {"hub.verify_token": "x"})
    probe = client.get("/callbacks/cloud")

    assert (refused.status_code, refused.content) == (403, b"")
    assert (probe.status_code, probe.content) == (200, b"")


@pytest.mark.parametrize("secret", ["new secret", "old secret"])
def test_batch_that_either_secret_signed_is_kept_and_read(
    client: Client, secret: str
) -> None:
    assert post(client, BATCH.body, sign(BATCH.body, secret)) == 200
    drain()

    callback = Callback.objects.get()
    assert (callback.state, callback.items) == ("done", BATCH.items)
    assert Message.objects.exists()


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=00", sign(BATCH.body, "another"), "sha1=abc", "\u00e9"],
)
def test_body_that_no_secret_signed_is_refused_and_not_kept(
    client: Client, signature: str
) -> None:
    assert post(client, BATCH.body, signature) == 401
    assert post(client, BATCH.body + b" ", sign(BATCH.body, "new secret")) == 401

    tally.flush()
    assert not Callback.objects.exists()
    assert {refusal.reason for refusal in Refusal.objects.all()} == {"unproven"}

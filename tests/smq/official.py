"""The vendor's own packages as oracles, pointed at the stand-in."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import urlsplit

from channels_cfg.providers.cams.smq_signing import Credential
from channels_cfg.pulling import QueueAddress

# Imported by name: the packages carry no types, and the protocols below say enough.
_account = importlib.import_module("mns.account")
_exceptions = importlib.import_module("mns.mns_exception")
_client = importlib.import_module("mns.mns_client")
_dybase = importlib.import_module("alibabacloud_dybaseapi20170525.client")
_dybase_models = importlib.import_module("alibabacloud_dybaseapi20170525.models")
_openapi = importlib.import_module("alibabacloud_tea_openapi.models")
_openapi_utils = importlib.import_module("alibabacloud_tea_openapi.utils")

ServerError: type[Exception] = _exceptions.MNSServerException


class Message(Protocol):
    message_id: str
    message_body: bytes
    receipt_handle: str
    dequeue_count: int


class Visible(Protocol):
    receipt_handle: str


class Queue(Protocol):
    def batch_receive_message(self, size: int, wait: int) -> list[Message]: ...
    def batch_delete_message(self, handles: list[str]) -> None: ...
    def delete_message(self, handle: str) -> None: ...
    def peek_message(self) -> Message: ...
    def change_message_visibility(self, handle: str, seconds: int) -> Visible: ...


def ask_token(address: QueueAddress) -> Credential:
    """Ask the token service with the vendor's package."""
    config = _openapi.Config(
        access_key_id=address.access_key_id,
        access_key_secret=address.access_key_secrets[0],
        protocol="http",
        endpoint=urlsplit(address.token_endpoint).netloc,
    )
    request = _dybase_models.QueryTokenForMnsQueueRequest(
        message_type="ChatAppStatus", queue_name=address.queue_name
    )
    told = _dybase.Client(config).query_token_for_mns_queue(request).body
    key = told.message_token_dto
    return Credential(key.access_key_id, key.access_key_secret, key.security_token)


@contextmanager
def queue(address: QueueAddress, key: Credential) -> Iterator[Queue]:
    """Open the queue with the vendor's package; it never closes its socket itself."""
    account = _account.Account(
        address.queue_endpoint,
        key.access_key_id,
        key.access_key_secret,
        key.security_token,
    )
    opened: Queue = account.get_queue(address.queue_name)
    try:
        yield opened
    finally:
        account.mns_client.close_connection()


def queue_signature(
    key: Credential, headers: dict[str, str], *, method: str, target: str
) -> str:
    """Sign a queue call with the vendor's function."""
    client = _client.MNSClient("http://127.0.0.1:1")
    signer = _account.StaticCredentialsProvider(
        key.access_key_id, key.access_key_secret, key.security_token
    )
    given: str = client.get_signature(method, headers, target, signer.get_credentials())
    return given


def rpc_signature(
    key: Credential, headers: dict[str, str], query: dict[str, str]
) -> str:
    """Sign a token call with the vendor's function."""
    request = importlib.import_module("darabonba.request").DaraRequest()
    request.method, request.pathname = "POST", "/"
    request.headers, request.query = headers, query
    given: str = _openapi_utils.Utils.get_authorization(
        request,
        "ACS3-HMAC-SHA256",
        headers["x-acs-content-sha256"],
        key.access_key_id,
        key.access_key_secret,
    )
    return given

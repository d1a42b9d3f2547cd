"""The connection test says which step fails, and takes no message."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from channels_cfg.providers.cams import smq_http
from channels_cfg.providers.cams.smq_check import check_connection
from channels_cfg.pulling import Finding, QueueAddress, Step
from tests.smq.faults import Harm, Plan
from tests.smq.proof import Denied
from tests.smq.server import QUEUE, SmqServer
from tests.smq.tls import tls_server


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: takes no connection
        yield held.getsockname()[1]


def failure(address: QueueAddress) -> Finding:
    """Return the one step that failed, which must be the last."""
    *passed, failed = check_connection(address)
    assert all(finding.is_ok for finding in passed)
    assert not failed.is_ok
    return failed


def test_good_connection_passes_every_step(address: QueueAddress) -> None:
    findings = list(check_connection(address))

    assert [finding.step for finding in findings] == [
        *(Step.DNS, Step.CONNECT, Step.TOKEN),
        *(Step.DNS, Step.CONNECT, Step.PERMISSION, Step.QUEUE),
    ]
    assert all(finding.is_ok for finding in findings)
    assert findings[-1].words == "it exists, and nothing waits in it"


@pytest.mark.parametrize("may_peek", [True, False])
def test_check_takes_no_message(
    smq: SmqServer, address: QueueAddress, may_peek: bool
) -> None:
    smq.service.rules.may_peek = may_peek
    smq.service.put_many(QUEUE, [b"{}"])

    findings = list(check_connection(address))

    assert all(finding.is_ok for finding in findings)
    assert len(smq.service.queue(QUEUE)) == 1
    assert smq.service.queue(QUEUE).count["received"] == 0


def test_unknown_name_fails_at_dns(
    address: QueueAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def know_numbers_only(host: str, *rest: int) -> object:
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", know_numbers_only)

    failed = failure(replace(address, queue_endpoint="https://no-such-host.invalid"))

    assert failed.step is Step.DNS
    assert failed.host == "no-such-host.invalid"
    assert "check the endpoint" in failed.words


def test_closed_port_fails_at_connect(address: QueueAddress, closed_port: int) -> None:
    failed = failure(replace(address, token_endpoint=f"http://127.0.0.1:{closed_port}"))

    assert failed.step is Step.CONNECT
    assert "firewall" in failed.words


def test_port_that_answers_no_handshake_fails_at_connect(
    address: QueueAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smq_http, "CONNECT_TIMEOUT_S", 0.3)
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for taker in (first, second):
            taker.setblocking(False)
            taker.connect_ex(full.getsockname())
        port = full.getsockname()[1]

        failed = failure(replace(address, token_endpoint=f"http://127.0.0.1:{port}"))

    assert failed.step is Step.CONNECT
    assert "within 0.3 s" in failed.words


def test_untrusted_certificate_fails_at_tls(address: QueueAddress) -> None:
    with tls_server() as url:
        failed = failure(replace(address, token_endpoint=url))

    assert failed.step is Step.TLS
    assert "self-signed certificate" in failed.words


def test_wrong_secret_fails_at_token(address: QueueAddress) -> None:
    failed = failure(replace(address, access_key_secrets=("wrong",)))

    assert failed.step is Step.TOKEN
    assert "the access key secret is wrong" in failed.words


@pytest.mark.parametrize("operation", ["token", "peek"])
def test_service_that_drops_the_call_fails_at_the_answer(
    smq: SmqServer, address: QueueAddress, operation: str
) -> None:
    smq.service.faults.plan(Plan(operation, Harm.DROP_BEFORE))

    assert failure(address).step is Step.ANSWER


def test_denied_queue_fails_at_permission(
    smq: SmqServer, address: QueueAddress
) -> None:
    for operation in ("peek", "delete"):
        smq.service.rules.denied[operation] = Denied(403, "AccessDenied")

    failed = failure(address)

    assert failed.step is Step.PERMISSION
    assert "this account may not read the queue" in failed.words


@pytest.mark.parametrize("may_peek", [True, False])
def test_missing_queue_fails_at_queue(
    smq: SmqServer, address: QueueAddress, may_peek: bool
) -> None:
    smq.service.rules.may_peek = may_peek
    smq.service.drop_queue(QUEUE)

    *_, permission, failed = check_connection(address)

    assert (permission.step, permission.is_ok) == (Step.PERMISSION, True)
    assert (failed.step, failed.is_ok) == (Step.QUEUE, False)
    assert "the queue does not exist" in failed.words

"""Presets and endpoints: the right site by name, and words for a wrong address."""

from dataclasses import replace

import pytest

from channels_cfg.providers.cams.endpoints import (
    CHINA,
    MESSAGE_TYPES,
    PRESETS,
    SINGAPORE,
    checked,
    is_loopback,
)
from channels_cfg.pulling import QueueAddress
from channels_cfg.wire import ReceiptType


def test_presets_never_mix_the_sites() -> None:
    assert "ap-southeast-1" in SINGAPORE.token_endpoint
    assert "ap-southeast-1" in SINGAPORE.queue_endpoint
    assert "ap-southeast-1" not in CHINA.token_endpoint + CHINA.queue_endpoint
    for preset in PRESETS:
        assert checked(preset.token_endpoint) == preset.token_endpoint
        assert checked(preset.queue_endpoint) == preset.queue_endpoint


@pytest.mark.parametrize(
    ("endpoint", "stored"),
    [
        ("https://queue.example/", "https://queue.example"),
        (" https://queue.example:8443 ", "https://queue.example:8443"),
        ("http://127.0.0.1:8790", "http://127.0.0.1:8790"),
        ("http://localhost:1/", "http://localhost:1"),
        ("http://[::1]:1", "http://[::1]:1"),
        (
            "http://1.mns.cn-hangzhou-internal-vpc.aliyuncs.com",
            "http://1.mns.cn-hangzhou-internal-vpc.aliyuncs.com",
        ),
    ],
)
def test_endpoint_is_stored_without_its_slash(endpoint: str, stored: str) -> None:
    assert checked(endpoint) == stored


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "queue.example",
        "ftp://queue.example",
        "https://",
        "https://queue.example/path",
        "https://queue.example?a=b",
        "https://key:secret@queue.example",
        "https://queue.example:port",
        "https://queue.example:99999",
        "http://queue.example",
        "http://127.0.0.1.example",
    ],
)
def test_wrong_endpoint_is_refused_in_words(endpoint: str) -> None:
    with pytest.raises(ValueError, match=r"must|[Pp]ort"):
        checked(endpoint)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.9.9.9", True), ("::1", True), ("a.localhost", True), ("10.0.0.1", False)],
)
def test_loopback_is_known_by_name(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_address_shows_no_secret() -> None:
    address = QueueAddress(
        token_endpoint=CHINA.token_endpoint,
        queue_endpoint=CHINA.queue_endpoint,
        queue_name="q",
        receipt_type=ReceiptType.MT_STATUS,
        access_key_id="LTAI",
        access_key_secrets=("hidden",),
    )

    assert "hidden" not in repr(address)
    assert address == replace(address)


def test_every_receipt_type_of_a_queue_has_its_message_type() -> None:
    assert MESSAGE_TYPES == {
        ReceiptType.MT_STATUS: "ChatAppStatus",
        ReceiptType.MO_MESSAGE: "ChatAppInbound",
        ReceiptType.TEMPLATE_AUDIT: "ChatAppAudit",
    }

"""The vendor's sites, and which addresses are this machine."""

from dataclasses import replace

import pytest

from channels_cfg.providers.cams.endpoints import (
    CHINA,
    MESSAGE_TYPES,
    SINGAPORE,
    SITES,
    is_loopback,
)
from channels_cfg.pulling import QueueAddress
from channels_cfg.wire import ReceiptType


def test_endpoints_of_one_site_name_no_other() -> None:
    assert "ap-southeast-1" in SINGAPORE.token_endpoint
    assert "ap-southeast-1" in SINGAPORE.queue_endpoint
    assert "ap-southeast-1" not in CHINA.token_endpoint + CHINA.queue_endpoint
    for site in SITES:
        assert site.token_endpoint.startswith("https://dybaseapi.")
        assert ".mns." in site.queue_endpoint


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

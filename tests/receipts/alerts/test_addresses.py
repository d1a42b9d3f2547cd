"""Which addresses a webhook may go to."""

import pytest

from receipts.alerts.addresses import may_reach


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "203.0.114.9", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_public_address_may_be_reached(address: str) -> None:
    assert may_reach(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # metadata of most clouds
        "100.100.100.200",  # Alibaba's metadata
        "168.63.129.16",  # Azure's
        "192.0.0.192",  # Oracle's
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "233.252.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:0:80ff:fffe",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "100::1",
    ],
)
def test_address_that_leads_inside_or_nowhere_may_not(address: str) -> None:
    assert not may_reach(address)


def test_private_address_may_be_allowed_by_network_also_in_disguise() -> None:
    allowed = ["10.1.0.0/16", "::1"]

    assert may_reach("10.1.2.3", allowed)
    assert may_reach("::ffff:10.1.2.3", allowed)
    assert may_reach("::1", allowed)
    assert not may_reach("10.2.0.1", allowed)
    assert not may_reach("127.0.0.1", allowed)

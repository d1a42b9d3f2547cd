"""Where the vendor's token and queue services answer: two presets, any address allowed.

Both services belong to the vendor, not to the customer's account: the number in a
queue endpoint is the vendor's own, and the same for every customer of a site.

A trap, seen on 2026-10: the official package for the token service, asked for
ap-southeast-1 and given no endpoint, resolves to the host of China. Keys of one site
mean nothing to the other, so both endpoints are always named here.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from channels_cfg.wire import ReceiptType


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The two endpoints of one site of the vendor."""

    slug: str
    label: str
    token_endpoint: str
    queue_endpoint: str


SINGAPORE = Preset(
    slug="singapore",
    label="International site (Singapore, ap-southeast-1)",
    token_endpoint="https://dybaseapi.ap-southeast-1.aliyuncs.com",  # noqa: S106  # an address
    queue_endpoint="https://1493622401794734.mns.ap-southeast-1.aliyuncs.com",
)
CHINA = Preset(
    slug="china",
    label="China site (cn-hangzhou)",
    token_endpoint="https://dybaseapi.aliyuncs.com",  # noqa: S106  # an address
    queue_endpoint="https://1943695596114318.mns.cn-hangzhou.aliyuncs.com",
)
PRESETS = (SINGAPORE, CHINA)

MESSAGE_TYPES = {
    ReceiptType.MT_STATUS: "ChatAppStatus",
    ReceiptType.MO_MESSAGE: "ChatAppInbound",
    ReceiptType.TEMPLATE_AUDIT: "ChatAppAudit",
}


def checked(endpoint: str) -> str:
    """Return ``endpoint`` without a trailing slash.

    Raises ``ValueError`` with words for a form. Plain HTTP is for this machine and for
    the vendor's internal network: elsewhere it would show the temporary key.
    """
    parts = urlsplit(endpoint.strip())
    # Reading ``port`` is what checks it: urlsplit alone takes any text for one.
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("must be an address such as https://host")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be a scheme and a host, nothing behind it")
    if parts.scheme == "http" and not _may_be_plain(parts.hostname):
        raise ValueError("must begin with https://")
    return f"{parts.scheme}://{parts.netloc}"


def _may_be_plain(host: str) -> bool:
    return is_loopback(host) or host.endswith("-internal-vpc.aliyuncs.com")


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine, going by its name alone."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

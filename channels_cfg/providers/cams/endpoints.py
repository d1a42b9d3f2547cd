"""Where the vendor's token and queue services answer: its two sites.

Both services belong to the vendor, not to the customer's account: the number in a
queue endpoint is the vendor's own, and the same for every customer of a site.

A trap, seen on 2026-10: the official package for the token service, asked for
ap-southeast-1 and given no endpoint, resolves to the host of China. Keys of one site
mean nothing to the other, so both endpoints are always named here.
"""

import ipaddress

from channels_cfg.pulling import Site
from channels_cfg.wire import ReceiptType

SINGAPORE = Site(
    slug="singapore",
    label="International site (Singapore, ap-southeast-1)",
    token_endpoint="https://dybaseapi.ap-southeast-1.aliyuncs.com",  # noqa: S106  # an address
    queue_endpoint="https://1493622401794734.mns.ap-southeast-1.aliyuncs.com",
)
CHINA = Site(
    slug="china",
    label="China site (cn-hangzhou)",
    token_endpoint="https://dybaseapi.aliyuncs.com",  # noqa: S106  # an address
    queue_endpoint="https://1943695596114318.mns.cn-hangzhou.aliyuncs.com",
)
SITES = (SINGAPORE, CHINA)

MESSAGE_TYPES = {
    ReceiptType.MT_STATUS: "ChatAppStatus",
    ReceiptType.MO_MESSAGE: "ChatAppInbound",
    ReceiptType.TEMPLATE_AUDIT: "ChatAppAudit",
}


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine, going by its name alone."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

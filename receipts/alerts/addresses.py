"""Which addresses an outgoing request may go to: public ones, and what is allowed."""

import ipaddress
from collections.abc import Sequence

from channels_cfg.services import networks

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_EVERYWHERE = ipaddress.ip_network("2000::/3")  # all of IPv6 that is handed out
_CARRIES_IPV4 = (
    ipaddress.ip_network("64:ff9b::/96"),  # NAT64: the last 32 bits
    ipaddress.ip_network("::/96"),  # IPv4-compatible, out of use
)
# Public by number, but reached from inside: platforms, and ways into the local net.
_REFUSED = tuple(
    ipaddress.ip_network(each)
    for each in (
        "168.63.129.16/32",  # Azure's metadata and DNS
        "192.0.0.0/24",  # protocol assignments; a platform's metadata at .192
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # protocol assignments: Teredo, ORCHID …
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)


def may_reach(written: str, allowed: Sequence[str] = ()) -> bool:
    """Say whether an address may be connected to.

    ``allowed`` are networks whose addresses may, although they are private.
    """
    address = ipaddress.ip_address(written.partition("%")[0])
    inner = _inner(address)
    nets = [networks.parse(each) for each in allowed]
    if any(
        each.version == net.version and each in net
        for each in {address, inner}
        for net in nets
    ):
        return True
    return _is_public(inner)


def _inner(address: Address) -> Address:
    """Return the IPv4 address that ``address`` stands for, else itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if any(address in net for net in _CARRIES_IPV4):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    if any(net.version == address.version and address in net for net in _REFUSED):
        return False
    if address.version == 6 and address not in _EVERYWHERE:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved

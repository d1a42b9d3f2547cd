"""Addresses and networks as operators write them."""

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse(written: str) -> Network:
    """Read an address or a network. Raises ``ValueError`` with words for a form."""
    try:
        loose = ipaddress.ip_network(written, strict=False)
    except ValueError:
        raise ValueError(
            f"{written} is neither an address nor a network such as 203.0.113.0/24"
        ) from None
    if "/" in written and str(loose.network_address) != _address_part(written):
        raise ValueError(f"{written} is an address within {loose}: write {loose}")
    return loose


def _address_part(written: str) -> str:
    return str(ipaddress.ip_address(written.partition("/")[0]))

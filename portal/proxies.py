"""Who the client is: forwarded headers count only from proxies that we know."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_X_REAL_IP",
)
_RELAYED_HEADER = "HTTP_X_RELAYED_FOR"  # our edge: what its own caller had forwarded
# In the environ of a request that came over somebody whom we do not trust.
RELAYED = "portal.relayed"


@dataclass(frozen=True)
class Proxies:
    """The proxies whose word counts: those listed, and our own edge if it feeds us."""

    listed: Sequence[str]
    is_behind_edge: bool

    def settle(self, environ: MutableMapping[str, object]) -> None:
        """Put the client's address and scheme in place, and drop what claimed them."""
        is_trusted = self._is_trusted(str(environ.get("REMOTE_ADDR", "")), is_peer=True)
        if self._is_relayed(environ, is_trusted):
            environ[RELAYED] = True
        if is_trusted:
            self._believe(environ)
        for name in _FORWARDED:
            environ.pop(name, None)

    @cached_property
    def _networks(self) -> list[Network]:
        return [ip_network(text, strict=False) for text in self.listed]

    def _is_relayed(
        self, environ: MutableMapping[str, object], is_trusted: bool
    ) -> bool:
        """Say whether a proxy that nobody told us of stands before us or our edge.

        It is taken for the client then, and so is everybody who stands behind it.
        """
        relayed = environ.pop(_RELAYED_HEADER, "")
        if is_trusted:
            return bool(relayed) and not self.listed
        return any(environ.get(name) for name in _FORWARDED)

    def _believe(self, environ: MutableMapping[str, object]) -> None:
        chain = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        # From the right: each proxy adds whom it saw; the left end is hearsay.
        for address in reversed([hop.strip() for hop in chain if hop.strip()]):
            environ["REMOTE_ADDR"] = address
            if not self._is_trusted(address):
                break
        scheme = str(environ.get("HTTP_X_FORWARDED_PROTO", "")).rpartition(",")[2]
        if scheme.strip().lower() in {"http", "https"}:
            environ["wsgi.url_scheme"] = scheme.strip().lower()

    def _is_trusted(self, address: str, *, is_peer: bool = False) -> bool:
        if is_peer and self.is_behind_edge:
            return True
        if not self.listed:
            return False
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)

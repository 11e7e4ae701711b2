"""Which network addresses may be connected to.

The judgement is on resolved addresses, never on names: a name is resolved once, every answer
is judged, and the connection goes to a judged address, so a name server that changes
its mind between the check and the connection gains nothing. No sockets and no resolving here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from pipeline.errors import FetchError
from pipeline.record import dataclass

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The only block IANA hands out for global IPv6 unicast; `is_global` alone lets unassigned,
# deprecated and IPv4-compatible blocks pass.
_UNICAST_6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
# Shared address space (RFC 6598), 6to4 relays (RFC 7526): said again here because the standard
# library's lists changed between Python's patch releases.
_REFUSED_4 = (IPv4Network("100.64.0.0/10"), IPv4Network("192.88.99.0/24"))


@dataclass(frozen=True, slots=True)
class Allowance:
    """An exception the operator made: a host name or network, and a port (None: any)."""

    host: str | IPv4Network | IPv6Network
    port: int | None

    def covers(self, host: str, port: int, address: Address) -> bool:
        """Tell whether this exception speaks of that address, asked for under that host name."""
        if self.port not in (None, port):
            return False
        if isinstance(self.host, str):
            return self.host == host.rstrip(".").lower()
        return address.version == self.host.version and address in self.host


class Guard:
    """Judges the addresses a host name resolved to."""

    def __init__(self, allowed: Sequence[Allowance] = (), *, loopback_only: bool = False) -> None:
        self._allowed = tuple(allowed)
        self._loopback_only = loopback_only

    def judge(self, host: str, port: int, addresses: Sequence[str]) -> str:
        """Return the one address to connect to; raises FetchError("blocked-address")."""
        return self.admit(host, port, addresses)[0]

    def admit(self, host: str, port: int, addresses: Sequence[str]) -> tuple[str, ...]:
        """Return all addresses, in order, where every one may be connected to.

        Raises FetchError("blocked-address") where a single one may not, and FetchError("dns")
        where there is none.
        """
        if not addresses:
            raise FetchError("dns", f"{host}:{port}", "the name has no address")
        for text in addresses:
            problem = self._problem(host, port, text)
            if problem:
                raise FetchError("blocked-address", f"{host}:{port}", problem)
        return tuple(addresses)

    def _problem(self, host: str, port: int, text: str) -> str:
        try:
            address = unwrap(ipaddress.ip_address(text))
        except ValueError:
            return f"{text!r} is no network address"
        allowed = any(allowance.covers(host, port, address) for allowance in self._allowed)
        if self._loopback_only and not address.is_loopback:
            return f"{address} is beyond loopback: publisher.home and publisher.contact are not filled in"
        if allowed or (is_public(address) and not self._loopback_only):
            return ""
        return f"{address} is not a public address; --allow-address {_shown(address)}:{port} would allow it"


def parse_allowance(text: str) -> Allowance:
    """Read "HOST:PORT": HOST a name, address, CIDR or [IPv6], PORT a number or "*".

    Raises ValueError saying what would be right.
    """
    host, colon, port = text.strip().rpartition(":")
    if not colon or not host:
        raise ValueError(f"{text!r} should be HOST:PORT, such as 127.0.0.1:8000, 10.0.0.0/8:* or [::1]:8000")
    return Allowance(_allowed_host(host, text), _allowed_port(port, text))


def is_public(address: Address) -> bool:
    """Tell whether an address (unwrapped) belongs to the public internet."""
    if isinstance(address, IPv6Address):
        return address in _UNICAST_6 and address.is_global and not address.is_multicast
    refused = any(address in block for block in _REFUSED_4)
    return address.is_global and not address.is_multicast and not address.is_reserved and not refused


def unwrap(address: Address) -> Address:
    """Return the IPv4 address an IPv6 one stands for (mapped, 6to4, NAT64), or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _allowed_host(host: str, text: str) -> str | Network:
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return ipaddress.ip_network(bare, strict=False)
    except ValueError:
        pass  # not numeric: a name, looked at next
    if "/" in bare or ":" in bare or "*" in bare or not bare.strip("."):
        raise ValueError(f"{text!r}: {host!r} is no host name, address or CIDR network")
    try:
        return bare.rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        raise ValueError(f"{text!r}: {host!r} is no host name") from None


def _allowed_port(port: str, text: str) -> int | None:
    if port == "*":
        return None
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{text!r}: the port should be a number from 1 to 65535, or *")
    return int(port)


def _shown(address: Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)

"""Which network addresses may be connected to: the guard of every request to a URL from outside.

It checks where sockets are created, so it sees the final address of names, literals, redirects and rebound DNS alike.
"""

from __future__ import annotations

import errno
import os
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType

from firstwire.config import Network
from firstwire.errors import RefusedError

_REFUSED = "refused by policy"

_DENIED: tuple[tuple[str, Network], ...] = tuple(
    (reason, ip_network(text))
    for reason, text in (
        ("unspecified", "0.0.0.0/8"),
        ("loopback", "127.0.0.0/8"),
        ("private", "10.0.0.0/8"),
        ("private", "172.16.0.0/12"),
        ("private", "192.168.0.0/16"),
        ("carrier-grade NAT", "100.64.0.0/10"),
        ("link-local (metadata services)", "169.254.0.0/16"),
        ("cloud metadata service", "168.63.129.16/32"),
        ("IETF protocol assignments", "192.0.0.0/24"),
        ("documentation", "192.0.2.0/24"),
        ("6to4 relay", "192.88.99.0/24"),
        ("benchmarking", "198.18.0.0/15"),
        ("documentation", "198.51.100.0/24"),
        ("documentation", "203.0.113.0/24"),
        ("multicast", "224.0.0.0/4"),
        ("reserved or broadcast", "240.0.0.0/4"),
        ("unspecified", "::/128"),
        ("loopback", "::1/128"),
        ("IPv4-mapped", "::ffff:0:0/96"),
        ("NAT64", "64:ff9b::/96"),
        ("NAT64", "64:ff9b:1::/48"),
        ("discard-only", "100::/64"),
        ("IETF protocol assignments, Teredo", "2001::/23"),
        ("documentation", "2001:db8::/32"),
        ("6to4", "2002::/16"),
        ("documentation", "3fff::/20"),
        ("unique local", "fc00::/7"),
        ("link-local", "fe80::/10"),
        ("site-local", "fec0::/10"),
        ("multicast", "ff00::/8"),
    )
)
"""Not `ipaddress.is_global`: 3.11.7 lets 64:ff9b::7f00:1, 2002:7f00:1::, fec0::1, 192.0.0.8 and 192.88.99.1 pass."""

_GLOBAL_UNICAST = ip_network("2000::/3")


class AddressRefusedError(OSError):
    """Raised where the socket would be created. It surfaces as aiohttp's ClientConnectorError: see `as_refused`."""


def refusal(address: str, allow: tuple[Network, ...] = ()) -> str | None:
    """Why an IP address must not be connected to, in words that name it; None if it may be.

    `allow` lists networks that are permitted despite their kind; 127.0.0.0/8 permits ::ffff:127.0.0.1 too.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address!r} is not an IP address"
    if any(_within(same, network) for same in _equals(parsed) for network in allow):
        return None
    for reason, network in _DENIED:
        if _within(parsed, network):
            return f"address {parsed} is {reason}"
    # The rest of IPv6 outside 2000::/3 is unassigned; all other addresses must be globally reachable
    if isinstance(parsed, IPv6Address) and not _within(parsed, _GLOBAL_UNICAST):
        return f"address {parsed} is outside global unicast"
    if not parsed.is_global:
        return f"address {parsed} is not public"
    return None


def guarded_connector(
    allow: tuple[Network, ...] = (), *, resolver: AbstractResolver | None = None, limit: int = 100
) -> aiohttp.TCPConnector:
    """A connector that creates no socket to an address that `refusal` refuses. Call it inside a running loop.

    Use it with `ClientSession(connector=…)` and leave `trust_env` False: a proxy would connect unguarded. On a refusal
    the request raises `aiohttp.ClientConnectorError`; `as_refused(err)` distinguishes it from an ordinary failure:

        except aiohttp.ClientError as err:
            if (refused := as_refused(err)) is not None:
                raise refused from err
    """

    def make_socket(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, place = info
        reason = refusal(str(place[0]), allow)
        if reason is not None:
            raise AddressRefusedError(errno.EACCES, f"{_REFUSED}: {reason}")
        return socket.socket(family=family, type=kind, proto=protocol)

    return aiohttp.TCPConnector(socket_factory=make_socket, resolver=resolver, limit=limit)


def as_refused(error: BaseException) -> RefusedError | None:
    """The RefusedError behind a failed request; None if the request failed for another reason.

    Returned only if all addresses of the host were refused. It names the address, never the URL.
    """
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    # Several refused addresses of one host arrive as one plain OSError of the same errno with all their messages
    if isinstance(cause, AddressRefusedError) or (
        isinstance(cause, OSError) and cause.errno == errno.EACCES and _REFUSED in str(cause)
    ):
        return RefusedError(cause.strerror or str(cause))
    return None


def _equals(address: IPv4Address | IPv6Address) -> tuple[IPv4Address | IPv6Address, ...]:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return (address, address.ipv4_mapped)
    return (address,)


def _within(address: IPv4Address | IPv6Address, network: Network) -> bool:
    return address.version == network.version and address in network


def request_fault(error: Exception) -> str:
    """Why a request got no answer. aiohttp's messages may quote the URL, so only known parts of them are used."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"the host name cannot be resolved: {error.os_error.strerror or error.os_error}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return f"no secure connection: {error.__cause__ or type(error).__name__}"
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno  # asyncio's own text names the call and the address
        reason = os.strerror(number) if number else str(error.os_error)
        return f"cannot connect: {reason or 'the connection was closed'}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return f"the body is truncated or badly encoded: {error}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"not valid HTTP: {error.message}"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the server closed the connection without an answer"
    if isinstance(error, aiohttp.InvalidURL):
        return "the address is malformed"
    return f"{type(error).__name__}: {error}" if isinstance(error, OSError) else type(error).__name__

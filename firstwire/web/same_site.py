"""Whether a request is meant for this console and comes from its own pages. Pure.

Against DNS rebinding: a name that an attacker lets point to this host is not one of ours. Against forged requests:
browsers say from which site a request comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class OwnNames:
    """The names under which the console may be asked for."""

    listens_on_loopback: bool
    public_host: str | None = None

    def includes(self, host: str) -> bool:
        """Whether a `Host` header names this console. Ports are not compared: containers map them."""
        name = host_name(host)
        if name is None:
            return False
        if name in ("localhost", self.public_host):
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        # No name leads to an address that is asked for by its number, so that it cannot be rebound
        return address.is_loopback or not self.listens_on_loopback


@dataclass(frozen=True)
class Client:
    """Who is at the other end, as the connection or a trusted proxy says."""

    address: str
    scheme: str


def client_of(
    peer: str, forwarded_for: str | None, forwarded_proto: str | None, trusted: tuple[Network, ...]
) -> Client:
    """The client behind trusted proxies: the last address of the chain that is none of theirs."""
    if not _is_in(peer, trusted):
        return Client(peer, "http")
    chain = [part.strip() for part in (forwarded_for or "").split(",") if part.strip()]
    address = next((each for each in reversed(chain) if not _is_in(each, trusted)), chain[0] if chain else peer)
    scheme = "https" if (forwarded_proto or "").split(",")[-1].strip().lower() == "https" else "http"
    return Client(_address(address) or peer, scheme)


def is_own_origin(origin: str | None, site: str | None, scheme: str, host: str) -> bool:
    """Whether a change was asked for by a page of ours, or by a program that is no browser.

    Browsers send `Origin` with every POST, and `Sec-Fetch-Site`; programs send neither.
    """
    if site is not None and site not in ("same-origin", "none"):
        return False
    if origin is None:
        return True
    split = _split(origin)
    return split is not None and split == _split(f"{scheme}://{host}")


def host_name(host: str) -> str | None:
    """The name of a `Host` header in lower case, without its port; None if it is malformed."""
    split = _split(f"http://{host}")
    return None if split is None else split[1]


def local_path(text: str) -> str:
    """Where to go after a login: a path of this console, else the beginning."""
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if is_local and len(text) <= 2_000 else "/"


def _split(url: str) -> tuple[str, str, int] | None:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return None
    is_plain = not (split.path or split.query or split.fragment or "@" in split.netloc)
    if split.scheme not in ("http", "https") or not split.hostname or not is_plain:
        return None
    return split.scheme, split.hostname.rstrip("."), port or (443 if split.scheme == "https" else 80)


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip("[]")))
    except ValueError:
        return None


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in networks)

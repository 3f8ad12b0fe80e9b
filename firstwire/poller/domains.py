"""Registrable domains: `news.bbc.co.uk` and `feeds.bbc.co.uk` are both of `bbc.co.uk`."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList


def registrable_domain(host: str) -> str:
    """The domain that was registered, by the list of public suffixes; the host itself if it has none."""
    return host if is_ip_address(host) else str(_suffixes().privatesuffix(host) or host)


def is_ip_address(host: str) -> bool:
    """Whether a host is an address rather than a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()

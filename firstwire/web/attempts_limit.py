"""Slows down the guessing of tokens: so many wrong ones from one address in a while. Pure.

There is no limit for all addresses together: with one, anybody could lock everybody out.
"""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

WRONG_AT_MOST = 10
"""From one address within the window; a person who mistypes needs three."""
WINDOW_SECONDS = 300.0
ADDRESSES_AT_MOST = 10_000


class WrongTokens:
    """Counts wrong tokens by address: IPv6 by its /64, which one person has whole."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait_seconds(self, address: str, now: float) -> float:
        """How long this address must wait before its next attempt; 0: not at all."""
        began, count = self._seen.get(_block(address), (now, 0))
        return max(0.0, began + WINDOW_SECONDS - now) if count >= WRONG_AT_MOST else 0.0

    def note(self, address: str, now: float) -> None:
        """A wrong token came from this address."""
        key = _block(address)
        began, count = self._seen.pop(key, (now, 0))
        self._seen[key] = (now, 1) if now - began >= WINDOW_SECONDS else (began, count + 1)
        while len(self._seen) > ADDRESSES_AT_MOST:
            self._seen.popitem(last=False)


def _block(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address or "unknown"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return parsed.exploded[:19]
    return str(parsed)

"""Addresses of loopback that count as public: nothing else that is public can be reached in a test."""

from __future__ import annotations

import pytest

from firstwire import addresses
from firstwire.config import Network


def count_as_public(monkeypatch: pytest.MonkeyPatch, *hosts: str) -> None:
    """Let the address guard take these hosts for public ones until the test ends."""
    refusal = addresses.refusal

    def refusal_but_of_these(address: str, allow: tuple[Network, ...] = ()) -> str | None:
        return None if address in hosts else refusal(address, allow)

    monkeypatch.setattr(addresses, "refusal", refusal_but_of_these)

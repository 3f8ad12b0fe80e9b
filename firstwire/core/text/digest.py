"""How ids are made: one hash over parts, for articles, stories, events and alerts alike."""

from __future__ import annotations

from hashlib import blake2b

DIGEST_BYTES = 16
"""128 bits, 32 hexadecimal characters: no chance collision among the articles of centuries."""


def digest(*parts: str) -> str:
    """32 hexadecimal characters that stand for these parts in this order: the one way ids are made here."""
    hashed = blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        # The length keeps ("ab", "c") apart from ("a", "bc")
        hashed.update(len(data).to_bytes(8, "big"))
        hashed.update(data)
    return hashed.hexdigest()

"""The one hash from which the ids of articles, stories, events and alerts are made."""

from __future__ import annotations

from hashlib import blake2b

DIGEST_BYTES = 16
"""128 bits, 32 hexadecimal characters: no chance collision within centuries of articles."""


def digest(*parts: str) -> str:
    """32 hexadecimal characters that identify these parts in this order."""
    pieces: list[bytes] = []
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if part else b""
        pieces += (len(data).to_bytes(8, "big"), data)  # the length distinguishes ("ab", "c") from ("a", "bc")
    return blake2b(b"".join(pieces), digest_size=DIGEST_BYTES).hexdigest()

"""The partition of a key, as every Kafka client computes it (murmur2), for many keys at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aiokafka.partitioner import murmur2

if TYPE_CHECKING:  # commands that read a few records start without it
    import numpy as np
    from numpy.typing import NDArray

SEED = 0x9747B28C
MULTIPLIER = 0x5BD1E995
SHIFT = 24

FEW = 8
"""So many keys of one length take as long one by one as together: aiokafka's function takes 6 µs for 32 bytes."""


def partitions_of(keys: Iterable[bytes], count: int) -> dict[bytes, int]:
    """The partition of each key, of `count` partitions: the same as that of a record sent with the key alone."""
    by_length: dict[int, list[bytes]] = defaultdict(list)
    for key in dict.fromkeys(keys):
        by_length[len(key)].append(key)
    found: dict[bytes, int] = {}
    for length, alike in by_length.items():
        hashes = map(murmur2, alike) if len(alike) < FEW else _hashes(alike, length).tolist()
        found.update((key, (number & 0x7FFFFFFF) % count) for key, number in zip(alike, hashes, strict=True))
    return found


def _hashes(keys: list[bytes], length: int) -> NDArray[np.uint32]:
    """murmur2 of keys of one length, the same steps on all of them at a time. Arrays wrap around like Java's ints."""
    import numpy as np

    m, r = np.uint32(MULTIPLIER), np.uint32(SHIFT)
    octets = np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), length)
    whole = length // 4
    blocks = np.ascontiguousarray(octets[:, : whole * 4]).view("<u4")
    hashes = np.full(len(keys), SEED ^ length, np.uint32)
    for number in range(whole):
        block = blocks[:, number] * m
        block ^= block >> r
        hashes *= m
        hashes ^= block * m
    rest = octets[:, whole * 4 :].astype(np.uint32)
    if length % 4:
        for number in range(length % 4):
            hashes ^= rest[:, number] << np.uint32(8 * number)
        hashes *= m
    hashes ^= hashes >> np.uint32(13)
    hashes *= m
    hashes ^= hashes >> np.uint32(15)
    return hashes

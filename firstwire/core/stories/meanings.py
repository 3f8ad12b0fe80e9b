"""Meanings: what the beginning of an article says, as a direction, and which stories say the like in other words.

A direction is SIZE signed bytes, unit length being LENGTH. Stories are sought by the signs of its numbers first, as two
directions differ in few signs if the angle between them is small (Charikar, 2002, doi:10.1145/509907.509965); those
that differ in few are compared in full.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

SIZE = 64
LENGTH = 127
CONSULTED = 256
"""Stories that are compared in full, at least; more if the last of them are equally near."""
KEPT = 32
"""Of these, the nearest: some may be out of the window."""
MOST_BLENDED = 8
"""Articles of a story that count as much as a new one: a long story goes where its news goes."""

NOT_KNOWN = 0.68
"""The nearness of what an earlier version remembers without a direction: what half of those on one happening have."""

_UNKNOWN = 128
"""More than the signs of two directions can differ."""

Number = TypeVar("Number", bound=np.generic)


def direction_of(values: npt.NDArray[np.float32]) -> bytes:
    """The direction of SIZE numbers; all zeros for zeros."""
    length = float(np.sqrt(np.square(values, dtype=np.float64).sum()))
    return np.rint(values * (LENGTH / length) if length else values).astype(np.int8).tobytes()


def nearness(one: bytes, other: bytes) -> float:
    """The cosine of the angle between two directions; NOT_KNOWN if one is missing."""
    if not one or not other:
        return NOT_KNOWN
    return int(_wide(one) @ _wide(other)) / LENGTH**2


def blended(story: bytes, articles: int, article: bytes) -> bytes:
    """The direction of a story of so many articles with one more; a missing one changes nothing."""
    if not story or not article:
        return story or article
    total = _wide(story) * min(articles, MOST_BLENDED) + _wide(article)
    return direction_of(total.astype(np.float32))


class Meanings:
    """The directions of stories by slot. What is found does not depend on the slots' numbers."""

    def __init__(self) -> None:
        self._signs = np.zeros(1024, np.uint64)
        self._distances = np.full(1024, _UNKNOWN, np.uint8)
        """What is added to the distance of a slot: nothing, or too much."""
        self._directions = np.zeros((1024, SIZE), np.int8)
        self._count = 0
        """Of slots, used or not."""

    def put(self, slot: int, meaning: bytes) -> None:
        """`meaning`: empty if it is not known."""
        if slot >= len(self._signs):
            size = max(slot + 1, 2 * len(self._signs))
            self._signs = _longer(self._signs, size, 0)
            self._distances = _longer(self._distances, size, _UNKNOWN)
            self._directions = _longer(self._directions, size, 0)
        self._count = max(self._count, slot + 1)
        self._distances[slot] = 0 if meaning else _UNKNOWN
        if meaning:
            self._directions[slot] = direction = np.frombuffer(meaning, np.int8)
            self._signs[slot] = _signs_of(direction)

    def near(self, meaning: bytes) -> list[tuple[int, int]]:
        """The slots of the KEPT nearest, and of more that are as near as the last, each with the product of its
        direction and this one."""
        direction = np.frombuffer(meaning, np.int8)
        differing = np.bitwise_count(self._signs[: self._count] ^ _signs_of(direction)) + self._distances[: self._count]
        counts = np.bincount(differing, minlength=_UNKNOWN)[:_UNKNOWN].cumsum()
        furthest = int(counts.searchsorted(min(CONSULTED, int(counts[-1]))))
        slots = np.flatnonzero(differing <= furthest)
        products = self._directions[slots].astype(np.int32) @ direction.astype(np.int32)
        if len(slots) > KEPT:
            is_near = products >= np.partition(products, -KEPT)[-KEPT]
            slots, products = slots[is_near], products[is_near]
        return list(zip(slots.tolist(), products.tolist(), strict=True))


def _signs_of(direction: npt.NDArray[np.int8]) -> np.uint64:
    return np.uint64(np.packbits(direction > 0).view(np.uint64)[0])


def _wide(direction: bytes) -> npt.NDArray[np.int32]:
    return np.frombuffer(direction, np.int8).astype(np.int32)


def _longer(values: npt.NDArray[Number], size: int, filling: int) -> npt.NDArray[Number]:
    longer = np.full((size, *values.shape[1:]), filling, values.dtype)
    longer[: len(values)] = values
    return longer

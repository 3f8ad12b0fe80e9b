"""The matches of an article as records: one for each partition that judges some of them.

A watch and a story have their partition for good, that of the key `watch:story` with which their matches were written
one by one: there stands the memory of their alert.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firstwire.broker.partitions import partitions_of
from schemas.codec import RecordTooLargeError, decode_any, encode
from schemas.event import Match, Matches

WATCHES_KEPT_TOGETHER = 250
LIMIT_BYTES = 200_000
"""Larger records are split: what alerting remembers of one repeats it and adds up to a kilobyte a watch, and must fit
into a Kafka record too."""


def placed(matches: Sequence[Match], partitions: int) -> Iterator[tuple[int, bytes]]:
    """The encoded records of an article's matches, each with its partition. The order of the watches is kept."""
    keys = [f"{match.rule_id}:{match.story_id}".encode() for match in matches]
    places = partitions_of(keys, partitions)
    together: dict[int, list[Match]] = {}
    for match, key in zip(matches, keys, strict=True):
        together.setdefault(places[key], []).append(match)
    for partition, some in together.items():
        for value in _fitting(some):
            yield partition, value


def matches_in(value: bytes | None) -> Matches:
    """The matches in a record of the topic; one of before they were kept together is that of one watch."""
    found = decode_any(value, (Matches, Match))
    if isinstance(found, Match):
        return Matches.of([found])
    assert isinstance(found, Matches)
    return found


def _fitting(matches: Sequence[Match]) -> Iterator[bytes]:
    if len(matches) == 1:
        yield encode(Matches.of(matches))
        return
    if len(matches) <= WATCHES_KEPT_TOGETHER:
        try:
            yield encode(Matches.of(matches), LIMIT_BYTES)
        except RecordTooLargeError:
            pass
        else:
            return
    half = len(matches) // 2
    yield from _fitting(matches[:half])
    yield from _fitting(matches[half:])

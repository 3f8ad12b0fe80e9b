"""What a stage has counted for one partition, kept in the metadata of its committed offset: exact after any crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec


class Tally(msgspec.Struct, frozen=True, omit_defaults=True):
    """Counts since the first offset that was committed with them. All are of what a transaction has written."""

    read: int = 0
    """Records judged, poison too."""
    matches: int = 0
    """Matches of watches that were found."""
    written: Mapping[str, int] = {}
    """Records by topic."""
    outcomes: Mapping[str, int] = {}
    verdicts: Mapping[str, int] = {}

    @classmethod
    def sum(cls, tallies: Iterable[Tally]) -> Tally:
        """All of them together."""
        read = matches = 0
        written, outcomes, verdicts = Counter[str](), Counter[str](), Counter[str]()
        for tally in tallies:
            read += tally.read
            matches += tally.matches
            for counts, more in ((written, tally.written), (outcomes, tally.outcomes), (verdicts, tally.verdicts)):
                if more:
                    counts.update(more)
        return cls(read=read, matches=matches, written=written, outcomes=outcomes, verdicts=verdicts)

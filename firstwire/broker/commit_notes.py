"""What a stage notes in the metadata of a committed offset: what it has counted, exact after any crash; a suspect."""

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


class Suspect(msgspec.Struct, frozen=True):
    """A record that made an agent raise, noted in the metadata of the committed offset, which stays before it."""

    offset: int
    attempts: int


class Noted(msgspec.Struct, frozen=True, omit_defaults=True):
    """The metadata of a commit. Earlier versions wrote only a suspect, and read only that."""

    suspect: int | None = None
    attempts: int = 0
    tally: Tally = Tally()

    @classmethod
    def of(cls, suspect: Suspect | None, tally: Tally) -> Noted:
        return cls(tally=tally) if suspect is None else cls(suspect.offset, suspect.attempts, tally)

    @classmethod
    def read(cls, metadata: str) -> Noted:
        """What is noted in a commit's metadata; nothing, if that is anything else."""
        try:
            return msgspec.json.decode(metadata, type=cls)
        except msgspec.DecodeError:
            return cls()

    def written(self) -> str:
        return msgspec.json.encode(self).decode()

    def named(self) -> Suspect | None:
        """The suspect, if there is one."""
        return None if self.suspect is None or self.attempts < 1 else Suspect(self.suspect, self.attempts)

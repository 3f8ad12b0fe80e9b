"""Takes from a journal what was read before an interruption, and has others read, and keeps, the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstwire.replay.journal import Journal
from firstwire.replay.readings import (
    MatchedStory,
    Readers,
    Reading,
    ReadingTask,
    StoryReading,
    Unread,
    digest_of,
    reading_of,
)


@dataclass(frozen=True)
class KeptReaders:
    """A journal before others who read."""

    journal: Journal
    readers: Readers
    task: ReadingTask

    @property
    def together(self) -> int:
        return self.readers.together

    @property
    def ahead(self) -> int:
        return self.readers.ahead

    def submit(self, stories: Sequence[Unread]) -> Reading:
        """Raises ConfigError if a story is not the one that was read before."""
        digests = [digest_of(each) for each in stories]
        known: list[StoryReading] = []
        for digest in digests:
            reading = self.journal.next_of_before(digest)
            if reading is None:
                break
            known.append(reading)
        count = len(known)
        read = self.readers.submit(stories[count:])

        async def both() -> list[MatchedStory]:
            fresh = await read()
            for digest, story, matched in zip(digests[count:], stories[count:], fresh, strict=True):
                self.journal.add(digest, reading_of(matched, story))
            return [*(self.task.restored(*pair) for pair in zip(stories, known, strict=False)), *fresh]

        return both

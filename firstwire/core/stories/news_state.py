"""What the first stage remembers for one partition of `articles`: its articles and its stories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from firstwire.core.state import Change
from firstwire.core.stories.memories import DeduplicationState
from firstwire.core.stories.story_state import StoryState
from schemas.record import Record


class NewsState:
    """Two books that are written together and restored apart, in any order."""

    books: Mapping[str, type[Record]] = {**DeduplicationState.books, **StoryState.books}

    def __init__(self, window: timedelta) -> None:
        self.articles = DeduplicationState(window)
        self.stories = StoryState(window)

    def apply(self, change: Change) -> Change:
        if change.book in StoryState.books:
            return self.stories.apply(change)
        return self.articles.apply(change)

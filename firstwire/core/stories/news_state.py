"""The state of the first stage for one partition of `articles`: its articles and its stories."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from firstwire.core.state import Change
from firstwire.core.stories.memories import DeduplicationState
from firstwire.core.stories.story_state import StoryState
from schemas.record import Record


class NewsState:
    """Two state topics that are written together and restored separately, in any order."""

    topics: Mapping[str, type[Record]] = {**DeduplicationState.topics, **StoryState.topics}

    def __init__(self, window: timedelta) -> None:
        self.articles = DeduplicationState(window)
        self.stories = StoryState(window)

    @property
    def sizes(self) -> Mapping[str, int]:
        return {**self.articles.sizes, **self.stories.sizes}

    def apply(self, change: Change) -> Change:
        if change.topic in StoryState.topics:
            return self.stories.apply(change)
        return self.articles.apply(change)

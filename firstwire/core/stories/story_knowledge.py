"""What judging stories needs to know besides articles: how rare words are, how alike, and the trained models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstwire.core.stories.boosted_trees import BoostedTrees
from firstwire.core.stories.second_look import LookWeights, StoryReader, regressed
from firstwire.core.stories.word_vectors import WordVectors
from firstwire.core.text.rarities import Rarities


@dataclass(frozen=True, eq=False)
class StoryModel:
    """The models for articles of one language, or of all others. See `tests/quality/train_stories.py`."""

    pairs: BoostedTrees
    """Whether two articles are on one happening, by `resemblance.FEATURES`."""
    base: float
    weights: tuple[float, ...]
    """Whether an article belongs to a story, by the answers on its articles: see `clusters.story_features`."""
    additions: BoostedTrees
    """Whether an article adds something to its story, by `additions.FEATURES`."""
    looks: LookWeights | None = None
    """What second looks change; None where there are none."""

    def joining(self, features: Sequence[float]) -> float:
        """The probability that an article belongs to a story, by `clusters.story_features`."""
        return regressed((self.base, *self.weights), features)


@dataclass(frozen=True, eq=False)
class StoryKnowledge:
    rarities: Rarities
    """Must contain the list of an article's language, if there is one."""
    vectors: WordVectors
    english: StoryModel
    other: StoryModel
    """For languages whose words have neither vectors nor classes."""
    reader: StoryReader | None = None
    """Who takes second looks."""

    def load(self) -> None:
        """Make ready, which takes up to a fifth of a second; the first look does it otherwise."""
        if self.reader is not None:
            self.reader.load()

    def model_of(self, language: str) -> StoryModel:
        return self.english if language == "en" else self.other

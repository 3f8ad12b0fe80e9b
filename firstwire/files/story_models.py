"""The trained models and word vectors that stories are judged with, as shipped in `seeds/`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import orjson

import seeds
from firstwire.core.stories.boosted_trees import BoostedTrees
from firstwire.core.stories.second_look import LookWeights
from firstwire.core.stories.story_knowledge import StoryKnowledge, StoryModel
from firstwire.core.stories.word_vectors import WordVectors
from firstwire.files.story_encoder import StoryEncoder
from firstwire.files.word_frequencies import RARITIES

MODELS = "story-models.json"
VECTORS = "word-vectors.npz"


@cache
def load_story_knowledge() -> StoryKnowledge:
    """Rarities are those of `word_frequencies`: load the list of an article's language before judging it."""
    folder = resources.files(seeds)
    with (folder / VECTORS).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        vectors = WordVectors(str(stored["words"]).split("\n"), stored["vectors"])
    models = orjson.loads((folder / MODELS).read_bytes())
    english, other = model_of(models["english"]), model_of(models["other"])
    return StoryKnowledge(RARITIES, vectors, english, other, StoryEncoder())


def model_of(raw: dict[str, Any]) -> StoryModel:
    """A model from the plain form in which it is shipped."""
    return StoryModel(
        pairs=_trees(raw["pairs"]),
        base=raw["stories"]["base"],
        weights=tuple(raw["stories"]["weights"]),
        additions=_trees(raw["additions"]),
        looks=_weights(raw["looks"]) if "looks" in raw else None,
    )


def _weights(raw: dict[str, list[float]]) -> LookWeights:
    return LookWeights(seeks=tuple(raw["seeks"]), joins=tuple(raw["joins"]), adds=tuple(raw["adds"]))


def _trees(raw: dict[str, Any]) -> BoostedTrees:
    return BoostedTrees(
        features=tuple(raw["features"]),
        base=raw["base"],
        roots=np.array(raw["roots"], np.int32),
        feature=np.array(raw["feature"], np.int32),
        threshold=np.array(raw["threshold"], np.float32),
        left=np.array(raw["left"], np.int32),
        right=np.array(raw["right"], np.int32),
        value=np.array(raw["value"], np.float32),
    )

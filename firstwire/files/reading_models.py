"""Loads the models of the learned reading, and all that reading takes."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

import seeds as shipped
from firstwire.core.events.reading import ReadingKnowledge, ReadingModels
from firstwire.core.events.unparsed_reading import UnparsedKnowledge, UnparsedModels
from firstwire.core.language.linear_models import LinearModel
from firstwire.files.encoder import EnglishEncoder, OthersEncoder
from firstwire.files.lexicon import load_lexicon
from firstwire.files.parser import EnglishParser
from firstwire.files.word_classes import languages_read, load_word_classes

MODELS = Path(shipped.__path__[0]) / "reading-models.json"
UNPARSED = Path(shipped.__path__[0]) / "unparsed-models.json"


@lru_cache(maxsize=1)
def load_reading() -> ReadingKnowledge:
    """Files are read, and the parser loaded, at the first sentence that needs them."""
    unparsed = UnparsedKnowledge(languages_read(), load_word_classes, OthersEncoder(), load_unparsed_models)
    return ReadingKnowledge(EnglishParser(), EnglishEncoder(), lambda: (load_lexicon(), load_models()), unparsed)


def load_models() -> ReadingModels:
    table = orjson.loads(MODELS.read_bytes())
    return ReadingModels(gate=_model(table["gate"]), news=_model(table["news"]))


def load_unparsed_models() -> UnparsedModels:
    table = orjson.loads(UNPARSED.read_bytes())
    told = {name: _model(each) for name, each in table["told"].items()}
    return UnparsedModels(_model(table["gate"]), told)


def _model(table: dict[str, Any]) -> LinearModel:
    """A model whose numbers and names are shared with the others: there are a few thousand numbers, of three digits."""
    weights = {sys.intern(name): tuple(map(_shared, row)) for name, row in table["weights"].items()}
    return LinearModel(tuple(table["classes"]), tuple(table["bias"]), weights)


@lru_cache(maxsize=50_000)
def _shared(number: float) -> float:
    return number

"""Loads the models of the learned reading, and all that reading takes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

import seeds as shipped
from firstwire.core.events.learned_acts import ReadingModels
from firstwire.core.events.reading import ReadingKnowledge
from firstwire.core.language.linear_models import LinearModel
from firstwire.files.lexicon import load_lexicon
from firstwire.files.parser import EnglishParser

MODELS = Path(shipped.__path__[0]) / "reading-models.json"


@lru_cache(maxsize=1)
def load_reading() -> ReadingKnowledge:
    """Files are read, and the parser loaded, at the first sentence that needs them."""
    return ReadingKnowledge(EnglishParser(), lambda: (load_lexicon(), load_models()))


def load_models() -> ReadingModels:
    table = orjson.loads(MODELS.read_bytes())
    return ReadingModels(
        families={name: _model(each) for name, each in table["families"].items()},
        acts={name: _model(each) for name, each in table["acts"].items()},
        firsts=_model(table["firsts"]),
        gate=_model(table["gate"]),
        news=_model(table["news"]),
        status=_model(table["status"]),
        parties=_model(table["parties"]),
    )


def _model(table: dict[str, Any]) -> LinearModel:
    weights = {name: tuple(row) for name, row in table["weights"].items()}
    return LinearModel(tuple(table["classes"]), tuple(table["bias"]), weights)

"""Detects a text's language with py3langid's statistical model, loaded when a script first needs it."""

from __future__ import annotations

from copy import copy
from functools import lru_cache
from typing import Any

from firstwire.core.text.language import STATISTICAL, language_of


def detect_language(text: str) -> str:
    """ISO 639-1 code of the text's main language, `und` for empty or very short text."""
    return language_of(text, _classified)


def _classified(script: str, text: str) -> str:
    code, _ = _identifier(script).classify(text)
    return str(code)


@lru_cache(maxsize=len(STATISTICAL))
def _identifier(script: str) -> Any:
    identifier = copy(_model())
    identifier.set_languages(STATISTICAL[script])
    return identifier


@lru_cache(maxsize=1)
def _model() -> Any:
    """The model of all languages. Loading takes a third of a second, which most runs in English never need."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)

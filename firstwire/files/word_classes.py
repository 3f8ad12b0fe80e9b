"""Files of words by class, one for each language: a class, a form, and an example with the form, between tabs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import seeds as shipped
from firstwire.core.language.word_classes import CLASSES, WordClasses
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from firstwire.files.tab_rows import tab_rows

FOLDER = Path(shipped.__path__[0]) / "lexicon"
SUFFIX = ".tsv"


@lru_cache(maxsize=1)
def languages_read() -> frozenset[str]:
    """The languages that have a file."""
    return frozenset(path.stem for path in FOLDER.glob(f"*{SUFFIX}"))


@cache
def load_word_classes(language: str) -> WordClasses:
    """The words of a language, as shipped. Raises ConfigError with the line of an error."""
    return WordClasses(language, ((name, form) for name, form, _ in class_rows(FOLDER / f"{language}{SUFFIX}")))


def class_rows(path: Path) -> Iterator[tuple[str, str, str]]:
    """Class, form and example of every row."""
    seen: set[tuple[str, str]] = set()
    for place, (name, form, example) in tab_rows(path, "a class, a form and an example"):
        if name not in CLASSES:
            raise ConfigError(f"no class {name!r}{nearest(name, CLASSES)}", place=place)
        if (name, form) in seen:
            raise ConfigError(f"{form!r} is of class {name!r} in a row before", place=place)
        seen.add((name, form))
        yield name, form, example

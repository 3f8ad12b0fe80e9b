"""JSON text at full speed: 100,000 watches in a second, where YAML with its places takes most of a minute.

It never says what is wrong: whatever is not plain JSON of the wanted type is left to `yaml_files`, which knows places.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeVar

import msgspec
import orjson

T = TypeVar("T")


class NotPlainJsonError(ValueError):
    """The text is not JSON, has a key twice, or is not of the wanted type."""


def read_json(text: str, kind: type[T]) -> T:
    """The text as `kind`. NotPlainJsonError, without a place, if anything at all is wrong with it."""
    try:
        if "\\u" in text:
            orjson.loads(text)  # refuses halves of surrogate pairs, which `json` lets through
        value = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse)
        return msgspec.convert(value, kind)
    except (ValueError, RecursionError) as err:  # of msgspec too: ValidationError is a ValueError
        raise NotPlainJsonError(str(err)) from err


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotPlainJsonError("a key stands twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise NotPlainJsonError(f"{name} is no JSON")

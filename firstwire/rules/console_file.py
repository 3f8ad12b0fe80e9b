"""The file of the watches that were made on the console: one is put in, replaced or taken out, the others stay."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from firstwire.errors import ConfigError
from firstwire.files.rules import RuleFile, WatchLine
from firstwire.files.yaml import load

HEAD = "# Watches that were made on the console, which writes this file anew: comments in it are lost.\n"


def watches_in(path: Path) -> tuple[WatchLine, ...]:
    """The watches of the file; none if there is no file. Raises ConfigError if it is broken."""
    return load(path, RuleFile).value.watches if path.exists() else ()


def with_watch(watches: Iterable[WatchLine], new: WatchLine) -> list[WatchLine]:
    """The watches with one more, or with the one of its id replaced."""
    kept = [new if each.id == new.id else each for each in watches]
    return kept if new in kept else [*kept, new]


def without_watch(watches: Iterable[WatchLine], rule_id: str) -> list[WatchLine]:
    """The watches without one. Raises ConfigError if it is none of them."""
    held = list(watches)
    kept = [each for each in held if each.id != rule_id]
    if len(kept) == len(held):
        raise ConfigError(f"{rule_id!r} was not made on the console: change its rule file")
    return kept


def text_of(watches: Iterable[WatchLine]) -> str:
    """The text of the file; keys with their default are left out."""
    text = StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump({"watches": [_keys(each) for each in watches]}, text)
    return HEAD + text.getvalue()


def _keys(watch: WatchLine) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(watch)
    defaults: dict[str, Any] = msgspec.to_builtins(WatchLine(id="default", query=""))
    kept = {key: value for key, value in values.items() if key in ("id", "query") or value != defaults[key]}
    return {key: without_empty(value) for key, value in kept.items()}


def without_empty(value: Any) -> Any:
    """Lists for tuples, and no empty values inside: as a person would write it."""
    if isinstance(value, dict):
        return {key: without_empty(each) for key, each in value.items() if each not in ("", (), [], {})}
    return [without_empty(each) for each in value] if isinstance(value, list | tuple) else value

"""Reads the files of an import and maps them by format."""

from __future__ import annotations

from pathlib import Path

from firstwire.errors import ConfigError
from firstwire.rules.imports.csv_table import map_csv
from firstwire.rules.imports.freshrss import map_freshrss
from firstwire.rules.imports.mapped import Mapped, UnmappedError
from firstwire.rules.imports.miniflux import map_miniflux
from firstwire.rules.imports.words import map_words


def mapped_file(file: Path, form: str, prefix: str, *, each: bool = False, block: Path | None = None) -> Mapped:
    """The watches of a file. Raises ConfigError if it cannot be read, or if a rule of `block` cannot be mapped."""
    text = _text(file)
    match form:
        case "words":
            return map_words(text, prefix, each=each)
        case "csv":
            try:
                return map_csv(text, prefix)
            except ConfigError as err:
                raise ConfigError(err.message, place=f"{file}, {err.place}") from err
        case "freshrss":
            return map_freshrss(text, prefix)
        case _:
            try:
                return map_miniflux(text, prefix, "" if block is None else _text(block))
            except UnmappedError as err:
                raise ConfigError(str(err), place=str(block)) from err


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as err:
        raise ConfigError(f"cannot read it: {err.strerror}", place=str(path)) from err
    except UnicodeDecodeError as err:
        raise ConfigError("not UTF-8 text", place=str(path)) from err

"""Promotion: a shadow rule goes live by an edit of its file, so that the file stays authoritative."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firstwire.errors import ConfigError
from firstwire.files.atomic import write_whole
from firstwire.files.rules import WrittenRule, places_of_states


def promote(written: Sequence[WrittenRule], rule_ids: Sequence[str], paths: Sequence[Path]) -> list[str]:
    """Replace `shadow` with `live` for these rules in their files, and nothing else; return the places.

    Raises ConfigError, and changes no file, if a rule is unknown or not in shadow.
    """
    known = {each.line.id: each for each in written}
    for rule_id in rule_ids:
        if rule_id not in known:
            raise ConfigError(f"no rule {rule_id!r} in the rule files")
        if known[rule_id].line.state != "shadow":
            raise ConfigError(f"rule {rule_id!r} is not in shadow", place=known[rule_id].place())
    places = places_of_states(paths)
    chosen = [places[rule_id] for rule_id in dict.fromkeys(rule_ids)]
    for path in {each.path for each in chosen}:
        with path.open(encoding="utf-8", newline="") as file:  # keeps its line endings
            text = file.read()
        lines = "\r\n" in text
        text = text.replace("\r\n", "\n")
        for each in sorted((each for each in chosen if each.path == path), key=lambda each: -each.start):
            written_so = text[each.start : each.end]
            assert written_so.strip("'\"") == "shadow"
            text = f"{text[: each.start]}{written_so.replace('shadow', 'live')}{text[each.end :]}"
        write_whole(path, text, line_end="\r\n" if lines else "\n")
    return [each.place for each in chosen]

"""Why watches were silent on an article: those in force that did not match it, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.mentions import find_mentions, tags_of
from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.text.wording import one_line
from firstwire.core.watches.document import document_of
from firstwire.core.watches.near_misses import AskedWatch, NearMisses, near_misses
from schemas.article import Story
from schemas.rules import RuleVersion


def silent_watches(watches: Iterable[AskedWatch], story: Story, gazetteer: Gazetteer) -> NearMisses:
    """The watches that do not match a story's article."""
    mentions = find_mentions(story, gazetteer)
    return near_misses(watches, document_of(story, tags_of(story, mentions, gazetteer), mentions))


def silent_lines(silent: NearMisses) -> list[str]:
    """One line for each watch, and one that counts the others."""
    return [f"watch  {one_line(line)}" for line in silent.lines]


def watches_of(rules: Rulebook) -> list[AskedWatch]:
    """The watches of a rulebook."""
    return [AskedWatch(watch.id, watch.text, watch.state) for watch in rules.watches]


def watches_in_force(versions: Iterable[RuleVersion]) -> list[AskedWatch]:
    """The newest version of each watch, in the order of their ids; of the topic `rules`, the earliest first."""
    newest = {version.rule_id: version for version in versions}
    return [
        AskedWatch(rule_id, version.definition["query"], version.definition.get("state", "live"))
        for rule_id, version in sorted(newest.items())
        if version.kind == "watch" and version.definition is not None
    ]


def told(silent: NearMisses) -> dict[str, object]:
    """As JSON."""
    return {"nearest": msgspec.to_builtins(silent.nearest), "others": silent.others}

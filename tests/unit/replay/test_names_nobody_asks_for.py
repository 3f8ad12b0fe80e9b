"""Names are not looked for where no watch asks for them, and nothing shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.core.pipeline import Knowledge, matches_of, recorded_story
from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.watches.names import may_ask_for_names
from firstwire.core.watches.parser import ANY_ENTITY, parse
from firstwire.replay import readings
from firstwire.replay.readings import ReadingTask, Unread
from tests.support.indexing import story
from tests.support.knowledge import knowledge_of
from tests.support.rules import rulebook_in

TEXTS = ("Russia recognizes the Taliban government", "Ships wait in the port of Aden", "Rain over the hills of Wales")
PLAIN = '[{id: ships, query: "ship* AND port"}, {id: taliban, query: "recogni* NEAR/4 taliban"}]'
NAMED = '[{id: ships, query: "ship* AND port"}, {id: taliban, query: "recogni* NEAR/4 @taliban"}]'


@pytest.mark.parametrize("text", [PLAIN, NAMED])
def test_the_matches_are_the_same(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = rulebook_in(tmp_path, f"watches: {text}")
    knowledge: Knowledge = knowledge_of(rules)
    asked: list[str] = []

    def watched(gazetteer: object, *given: object) -> object:
        asked.append(str(given[0]))
        return recorded_story(gazetteer, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(readings, "recorded_story", watched)
    task = ReadingTask(knowledge, (rules, Rulebook()))
    for number, title in enumerate(TEXTS):
        one = story(f"a{number}", title)
        found = task.matched(Unread(one, ()))
        named = recorded_story(knowledge.gazetteer, one, ())
        assert found.matches == (matches_of(rules, named), ())
        assert [each.context.tags for each in found.matches[0]] == [named.context.tags] * len(found.matches[0])
    matching = 2
    assert len(asked) == (len(TEXTS) if text == NAMED else matching)


@pytest.mark.parametrize(
    ("query", "asks"),
    [
        ("@taliban AND recogni*", True),
        ("＠taliban", True),
        ("a NEAR/3 (b OR @taliban)", True),
        ("tag:kabul AND rain", True),
        ("TAG:kabul AND rain", True),
        ("tag:(kabul OR oslo)", True),
        ("title:rain AND NOT source:dawn", False),
        ("heritage AND list", False),
    ],
)
def test_what_may_ask_for_names_is_told_by_the_text(query: str, asks: bool) -> None:
    """A query that the parser refuses is nobody's watch; one that names an entity or a tag is always told."""
    try:
        tree = repr(parse(query, ANY_ENTITY).root)
    except ValueError:
        return
    if "EntityTerm" in tree or "field='tag'" in tree:
        assert asks
    assert may_ask_for_names(query) is asks

"""Every action is read in its own examples, and the words around decide as for recognition."""

from __future__ import annotations

import pytest

from firstwire.core.alerts.headlines import PHRASES
from firstwire.core.events.actions import ACTIONS, Example
from firstwire.core.events.detection import detect_events
from schemas.article import ArticleText
from tests.support.knowledge import shipped_knowledge

KNOWLEDGE, _ = shipped_knowledge()
NOON = "2025-07-03T12:00:00.000Z"


def read(text: str) -> list[tuple[str, list[str], list[str], str]]:
    article = ArticleText(article_id="1", title=text, language="en", published_at=NOON, fetched_at=NOON)
    return [
        (event.action, [actor.id for actor in event.actors], [target.id for target in event.targets], event.status)
        for event in detect_events(article, KNOWLEDGE.gazetteer, KNOWLEDGE.reading).events
    ]


@pytest.mark.parametrize(
    ("action", "example"), [(action.name, each) for action in ACTIONS for each in action.examples], ids=str
)
def test_an_action_is_read_in_its_examples(action: str, example: Example) -> None:
    assert read(example.text) == [(action, list(example.actors), list(example.targets), example.status)]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The UN has imposed severe sanctions on Iran since 2021", "historical"),
        ("Kenya has severed ties with Iran since August 2021, freezing assets", "historical"),
        ("Sanctions on Iran have been imposed by Kenya since 2019", "historical"),
        ("Kenya has imposed sanctions on Iran", "asserted"),
        ("Kenya has imposed sanctions on Iran for attacks since 2025", "asserted"),
        ("Kenya imposes the first sanctions on Iran since 2021", "asserted"),
    ],
)
def test_what_goes_on_since_an_earlier_year_is_no_news(text: str, status: str) -> None:
    assert {found[3] for found in read(text)} == {status}


def test_every_action_has_examples_and_a_headline() -> None:
    assert [action.name for action in ACTIONS if not action.examples or action.name not in PHRASES] == []


@pytest.mark.parametrize(
    "text",
    [
        "Kenya severs trade links",
        "Kenyan club signs striker from Iran",
        "Kenya's ambassador praises Iran at a dinner",
        "Sanctions on Iran were discussed by Kenya",
        "Iran ambassador recalls happy childhood in Kenya",
        "Kenya lifts weights record",
        "Kenyan film receives award",
        "Kenya to play Iran in friendly",
        "Protest near Iranian embassy in Kenya closed a road",
        "Kenyan runner signs autographs in Ethiopia",
    ],
)
def test_what_only_shares_words_is_no_act(text: str) -> None:
    assert read(text) == []

"""The article that it all began with: one recognition, claimed as the first; everything else in it is background."""

from __future__ import annotations

import pytest

from firstwire.core.events.detection import detect_events
from firstwire.files.reading_models import load_reading
from tests.support.knowledge import shipped_gazetteer
from tests.support.records import article
from tests.support.shared_data import SEED_ARTICLE

GAZETTEER = shipped_gazetteer()


@pytest.mark.skipif(not SEED_ARTICLE.is_file(), reason="data missing: ../shared/seed")
@pytest.mark.parametrize("layout", ["title and body", "title, summary and body", "all in the title", "all in the body"])
def test_the_seed_article_gives_one_recognition_and_no_other_sure_news(layout: str) -> None:
    text = SEED_ARTICLE.read_text()
    summary, title, *rest = text.split("\n")
    body = "\n".join(rest)
    fields = {
        "title and body": (title, "", body),
        "title, summary and body": (title, summary, body),
        "all in the title": (text, "", ""),
        "all in the body": ("", "", text),
    }[layout]
    told = article(title=fields[0], summary=fields[1], body=fields[2], published="2025-07-04T09:00:00.000Z")
    found = detect_events(told, GAZETTEER, load_reading())
    events = [event for event in found.events if event.status != "asserted" or event.certainty == "sure"]
    (news,) = [event for event in events if event.status == "asserted"]
    assert (news.action, [each.id for each in news.actors], [each.id for each in news.targets]) == (
        "recognize",
        ["russia"],
        ["taliban"],
    )
    assert (news.claims_first, news.ordinal, news.ordinal_scope) == (True, 1, None)
    others = {event.action: event for event in events if event is not news}
    assert {event.status for event in others.values()} == {"historical"}
    assert others["delist_terror"].act_date == "2025-04-01"
    sure = {action for action, event in others.items() if event.certainty == "sure"}
    assert sure <= {"delist_terror", "impose_sanctions"}
    assert {"afghanistan", "russia", "taliban", "vladimir-putin"} <= set(found.tags)

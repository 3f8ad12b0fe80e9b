"""Boilerplate: footers and notices make no copies; cut copies under another headline remain copies."""

from __future__ import annotations

import pytest

from firstwire.core.stories.boilerplate import without
from firstwire.core.stories.memories import DeduplicationState
from schemas.article import Article, Story
from tests.support.records import WINDOW, article, read

FOOTER = (
    "Harbor Evening is owned by its readers. If you value what we do, become a supporter for the price of a coffee "
    "each month, forward this page to somebody who cares, and tell our editors what we missed. No part of it may be "
    "printed elsewhere without a license, and comments are those of their writers alone."
)
BRIDGE = "Engineers closed the old bridge at Marosvar on Monday after a pillar had sunk by a hand, the council said."
CHESS = "Ilona Varga won the national chess title in Marosvar with a draw in the last round against the holder."
AGENCY = (
    "The harbor of Lome was closed on Tuesday when a tanker with 12,000 tons of fuel oil ran onto the breakwater in "
    "thick fog. Tugs held the ship while pumps brought the first of its oil ashore, and the coast guard laid booms "
    "around the stern. The captain told the port that the rudder had failed shortly before. Nobody was hurt."
)


def judged(*articles: Article) -> list[Story]:
    return [found.story for found in read(DeduplicationState(WINDOW), *articles)]


def told(article_id: str, title: str, body: str, source: str = "Harbor Evening") -> Article:
    return article(article_id, title=title, body=body, source=source)


def test_articles_that_share_only_a_footer_are_new() -> None:
    found = judged(
        told("a", "Bridge at Marosvar closed", f"{BRIDGE} {FOOTER}"),
        told("b", "Varga is national chess champion", f"{CHESS} {FOOTER}"),
        told("c", "Council to vote on school meals", f"A vote is due tonight. {FOOTER}", source="Harbor Morning"),
    )
    assert [one.relation for one in found] == ["new", "new", "new"]


def test_a_notice_in_place_of_the_text_makes_no_copies() -> None:
    notice = f"This article is for subscribers only. {FOOTER}"
    found = judged(
        told("a", "Bridge at Marosvar closed after pillar sinks", notice),
        told("b", "Varga crowned chess champion after a draw", notice),
    )
    assert [one.relation for one in found] == ["new", "new"]


def test_a_notice_that_two_outlets_have_makes_no_copies() -> None:
    notice = f"Unlock this story for only $1 in the first 6 months. {FOOTER} Copyright 2026."
    found = judged(
        told("a", "Bridge at Marosvar closed after pillar sinks", notice),
        told("b", "Varga crowned chess champion after a draw", notice, source="Gazette"),
    )
    assert [one.relation for one in found] == ["new", "new"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Tanker aground off Lome in fog", AGENCY),
        ("OIL SHIP HORROR", AGENCY),
        ("Rudder blamed as tanker hits Lome breakwater", AGENCY.partition(". ")[2]),
        ("Tanker aground off Lome in fog", f"{AGENCY} {FOOTER}"),
        ("Tankman's nightmare: slick threatens Gulf beaches", AGENCY),
        ("Tankman's nightmare: slick threatens Gulf beaches", AGENCY.rpartition("The captain")[0]),
    ],
    ids=["same", "tabloid headline", "without its beginning", "with a footer", "other words", "other words, cut"],
)
def test_a_copy_stays_a_copy(title: str, body: str) -> None:
    found = judged(
        told("a", "Tanker runs aground, Lome harbor closed", AGENCY), told("b", title, body, source="Gazette")
    )
    assert (found[1].relation, found[1].copy_of) == ("copy", "a")


def test_words_are_cut_out_of_a_text_by_their_positions() -> None:
    assert without("One two, three. Four!", [1, 2]).split() == ["One", "Four!"]
    assert without("One two", [7]) == "One two"

"""Random queries over random articles: a search finds exactly what a watch with that query matches."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.watch import Watch
from firstwire.index.search import search
from firstwire.index.writing import read_document
from schemas.article import Story
from schemas.times import from_milliseconds
from tests.support.indexing import filled
from tests.support.random_watches import Maker
from tests.support.small_gazetteer import GAZETTEER
from tests.support.watch_differences import random_watch

SEED = int(os.environ.get("FIRSTWIRE_TEST_SEED", "20261129"))
HOUR_MS = 3_600_000


def random_story(maker: Maker, number: int) -> Story:
    article = maker.article()
    return Story(
        article_id=f"a{number}",
        title=article["title"],
        summary=article["summary"],
        body=article["body"],
        language=article["lang"] or "und",
        source=article["source"],
        author=article["author"],
        url=article["url"],
        publisher_tags=tuple(article["tag"]),
        published_at=None,
        fetched_at=from_milliseconds(number % 50 * HOUR_MS),
        story_id=f"s{number % 7}",
        relation="new",
        origin_id=f"a{number}",
    )


def compare(folder: Path, seed: int, makers: int, queries: int) -> None:
    """Makers of words, each with 8 articles and its queries; every query is asked of all articles."""
    dice = random.Random(seed)
    watches: list[Watch] = []
    stories: list[Story] = []
    for _ in range(makers):
        maker = Maker(dice)
        stories += [random_story(maker, len(stories) + number) for number in range(8)]
        watches += [Watch(id="", text=random_watch(maker, number)[1].text) for number in range(queries // makers)]
    reader, matcher = filled(folder, stories), Matcher(watches)
    expected: dict[int, set[str]] = {number: set() for number in range(len(watches))}
    for story in stories:
        for number in matcher.numbers(read_document(story, GAZETTEER)).tolist():
            expected[number].add(story.article_id)
    for number, watch in enumerate(watches):
        page = search(reader, GAZETTEER, watch.text, limit=len(stories))
        found = [hit.story.article_id for hit in page.hits]
        assert set(found) == expected[number], f"seed {seed}, query {watch.text!r}"
        assert len(found) == len(set(found)) == page.articles
        assert page.next is None and page.counted_since is None
    assert sum(map(len, expected.values())) > len(watches), "the queries must find something"


def test_a_search_has_the_answer_of_a_watch(tmp_path: Path) -> None:
    compare(tmp_path, SEED, makers=5, queries=60)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_search_has_the_answer_of_a_watch_for_2000_queries(tmp_path: Path) -> None:
    compare(tmp_path, SEED + 1, makers=25, queries=2_000)

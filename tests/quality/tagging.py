"""Tags of daily news: both sides of "A–B relations" found, and the precision of a sample of tags read by hand.

The sample stands in tagging_sample.csv by line number and tag, without the text. Right is a tag of whom the text
speaks, by name, demonym, capital, leader or metonym, or of where what it tells takes place.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.events.detection import detect_events
from firstwire.files.reading_models import load_reading
from schemas.article import ArticleText
from tests.support.knowledge import shipped_gazetteer

TITLE = "Tags of countries and organizations"
TOLD = """24,772 one-sentence items of daily news, 2015 to 2019. A topic such as "Iran–Saudi Arabia relations" names two
entities that the tags of its items must hold. Precision is that of a random sample of all tags, listed in
tests/quality/tagging_sample.csv."""

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent
SAMPLE = FOLDER / "tagging_sample.csv"
"""Columns: line number in the stream, tag, right or wrong, why. Drawn by `draw` with seed 20261123 and judged then."""

UNNAMED = FOLDER / "tagging_unnamed.csv"
"""Read by hand: line number and side, where the text says nothing that points to that side."""

ON_THE_PAIR = frozenset({2707, 6323, 10528, 11315, 12544, 14228, 19584, 19645, 22822, 22823, 24335, 24337})
"""Read by hand: items further down that miss a side and are on the pair of their topic all the same."""

_TOPIC = re.compile(r"(?P<sides>.+?[–—-].+?) (?:(?:trade|diplomatic|bilateral|economic) )?relations", re.IGNORECASE)
_DASH = re.compile(r" ?[–—-] ?")


def report(data: Path, errors: bool) -> Iterator[str]:
    """Both sides of dyads, then the sample; with `errors` every item that misses a side or is judged wrong."""
    stream = data / "replay" / "daily_news_2015_2019.jsonl"
    if not stream.exists():
        yield f"data missing: {stream}"
        return
    gazetteer = shipped_gazetteer()
    items = [json.loads(line) for line in stream.read_text(encoding="utf-8").splitlines()]
    yield "| topic | items | both sides tagged | recall |"
    yield "|---|---|---|---|"
    dyads = list(measure_sides(gazetteer, items))
    headed = [dyad for dyad in dyads if dyad.headed]
    yield _row("A–B relations, the item that follows the heading", [dyad for dyad in headed if dyad.alone])
    yield _row("the same as one topic of several", [dyad for dyad in headed if not dyad.alone])
    below = [dyad for dyad in dyads if not dyad.headed]
    on_the_pair = [dyad for dyad in below if not dyad.missing or dyad.number in ON_THE_PAIR]
    yield _row("the same, with items further down that are on the pair", headed + on_the_pair)
    yield _row("everything that bears such a topic, on the pair or not", dyads)
    yield ""
    unnamed = {(int(line), tag) for line, tag in _rows(UNNAMED)}
    missed = [(dyad, side) for dyad in headed for side in dyad.missing]
    silent = {dyad.number for dyad, side in missed if (dyad.number, side) in unnamed}
    yield (
        f"The stream gives a topic to all that follows its heading until the next one, so that most items further down"
        f" are on other matters. Under the heading itself, {len({dyad.number for dyad, _ in missed})} items miss a"
        f" side; {len(silent)} of them say nothing that points to it, and count as missed all the same."
    )
    if errors:
        for dyad, side in missed:
            known = " (not named)" if (dyad.number, side) in unnamed else ""
            item = items[dyad.number - 1]
            yield f"MISSED {side}{known} {dyad.number} {item['topic']}\n    {item['text']}"
    yield ""
    yield from measure_sample(gazetteer, items, errors)


@dataclass(frozen=True)
class Dyad:
    """An item under a topic that is a pair of entities."""

    number: int
    missing: tuple[str, ...]
    alone: bool
    """Whether the pair is the whole topic."""
    headed: bool
    """Whether the heading stands right before the item: it took a number of its own, or the topic is a new one."""


def measure_sides(gazetteer: Gazetteer, items: list[dict[str, Any]]) -> Iterator[Dyad]:
    """Every item and pair of its topic, with the sides that its tags miss."""
    before: dict[str, Any] = {"id": "#0", "topic": None}
    for number, item in enumerate(items, start=1):
        headed = item["topic"] != before["topic"] or not _follows(before["id"], item["id"])
        before = item
        topics = (item["topic"] or "").split(", ")
        for pair in filter(None, (sides_of(topic, gazetteer) for topic in topics)):
            missing = sorted(set(pair) - set(tags_of(item, gazetteer)))
            yield Dyad(number, tuple(missing), len(topics) == 1, headed)


def _follows(before: str, item: str) -> bool:
    """Whether two ids, `2015-01-01#5`, are neighbors."""
    (day, place), (next_day, next_place) = before.split("#"), item.split("#")
    return int(next_place) == (int(place) + 1 if day == next_day else 1)


def sides_of(topic: str, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """The two entities of a topic "A–B relations": any dash that has a name on both hands."""
    match = _TOPIC.fullmatch(topic.strip())
    if match is None:
        return None
    sides = match["sides"]
    for dash in _DASH.finditer(sides):
        first, second = _side(sides[: dash.start()], gazetteer), _side(sides[dash.end() :], gazetteer)
        if first and second and first != second:
            return first, second
    return None


def tags_of(item: dict[str, Any], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The tags of an item, read as an article without publisher's tags."""
    moment = f"{item['date']}T12:00:00.000Z"
    article = ArticleText(
        article_id=item["id"], title=item["text"], language="en", published_at=moment, fetched_at=moment
    )
    return detect_events(article, gazetteer, load_reading()).tags


def measure_sample(gazetteer: Gazetteer, items: list[dict[str, Any]], errors: bool) -> Iterator[str]:
    """The judged sample as it was drawn, and what is found of it now."""
    judged = _rows(SAMPLE)
    right = [row for row in judged if row[2] == "right"]
    found = [row for row in judged if row[1] in tags_of(items[int(row[0]) - 1], gazetteer)]
    found_right = [row for row in found if row[2] == "right"]
    yield f"Precision of {len(judged)} tags drawn at random and read by hand: {len(right)}/{len(judged)}"
    yield f"= {len(right) / max(1, len(judged)):.3f}. Still found: {len(found)}, of them right: {len(found_right)}."
    if errors:
        for number, tag, verdict, why in judged:
            if verdict == "wrong":
                yield f"WRONG {tag} ({why}) {number}\n    {items[int(number) - 1]['text']}"


def draw(gazetteer: Gazetteer, items: list[dict[str, Any]], seed: int, count: int) -> list[tuple[int, str]]:
    """A sample of (line number, tag), each tag of each item as likely as any other."""
    found = [(number, tag) for number, item in enumerate(items, start=1) for tag in tags_of(item, gazetteer)]
    return sorted(random.Random(seed).sample(found, count))


def _side(name: str, gazetteer: Gazetteer) -> str:
    mentions = gazetteer.find(name)
    words = "".join(mention.text for mention in mentions)
    if len(mentions) != 1 or len(words) + len("The ") < len(name):
        return ""
    return mentions[0].entity.id


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.reader(lines) if row]


def _row(name: str, dyads: list[Dyad]) -> str:
    both = sum(not dyad.missing for dyad in dyads)
    return f"| {name} | {len(dyads)} | {both} | {both / max(1, len(dyads)):.3f} |"

"""`firstwire stories`: what is listed, in which order, with which counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console, RenderableType

from firstwire.broker.reader import Range, Received
from firstwire.commands.active_stories import details, one_story, read_stories, table
from firstwire.core.stories.active import ActiveStory, active_stories
from firstwire.errors import ConfigError
from schemas.article import Relation, Story
from schemas.codec import encode
from schemas.times import to_milliseconds
from tests.support.records import WINDOW, at


def story(
    article_id: str,
    story_id: str,
    *,
    origin: str = "",
    source: str | None = "Dawn",
    hours: float = 0,
    title: str = "Ships leave the port",
    relation: Relation = "new",
) -> Story:
    return Story(
        article_id=article_id,
        title=title,
        language="en",
        source=source,
        published_at=at(hours),
        fetched_at=at(hours),
        story_id=story_id,
        relation=relation,
        origin_id=origin or article_id,
    )


FLEET = [
    story("r", "fleet-1", source="Reuters", title="Ships may leave"),
    story("d", "fleet-1", origin="r", hours=1, relation="copy"),
    story("g", "fleet-1", origin="r", source="Gulf News", hours=2, relation="copy"),
    story("t", "fleet-1", source="TASS", hours=3, title="Flotte läuft aus"),
    story("r", "fleet-1", source="Reuters", hours=4, title="Ships have left", relation="update"),
]
LONELY = story("x", "lonely-1", hours=5, title="Rain \x1b[31mis [bold]coming\u202e")


def printed(shown: RenderableType, width: int) -> list[str]:
    console = Console(file=StringIO(), width=width, highlight=False)
    console.print(shown)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def test_a_story_counts_articles_outlets_and_origins_and_an_update_once() -> None:
    one, other = active_stories([LONELY, *FLEET])
    assert (one.story_id, len(one.articles), one.outlets, one.origins) == ("fleet-1", 4, 4, 2)
    assert (one.first_at, one.last_at) == (at(0), at(4))
    assert [article.article_id for article in one.articles] == ["r", "d", "g", "t"]
    assert (other.story_id, other.outlets, other.origins) == ("lonely-1", 1, 1)


def test_its_title_is_the_newest_of_the_text_that_most_have() -> None:
    assert active_stories(FLEET)[0].title == "Ships have left"


@pytest.mark.parametrize("width", [80, 120])
def test_the_list_keeps_to_the_terminal_and_nothing_of_a_title_steers_it(width: int) -> None:
    lines = printed(table(active_stories([LONELY, *FLEET]), at(6)), width)
    assert max(map(len, lines)) <= width
    assert lines[1].split() == ["Story", "Last", "Title"]
    assert lines[3].split()[:4] == ["fleet-1", "2", "h", "Ships"]
    assert lines[4].strip() == "4 articles, 4 outlets, 2 origins, first 6 h ago"
    assert "\x1b" not in "".join(lines)
    assert "\u202e" not in "".join(lines)
    assert "[bold]coming" in "".join(lines)


def test_one_story_shows_its_articles_by_origin() -> None:
    lines = printed(details(active_stories(FLEET)[0], at(6)), 100)
    assert lines[0] == "Ships have left"
    assert lines[2:4] == [
        "4 articles, 4 outlets, 2 origins",
        "first reported 6 h ago (2025-07-03T00:00:00.000Z), last 2 h ago",
    ]
    assert [line for line in lines if line.startswith("origin: ")] == [
        "origin: Reuters, 3 articles",
        "origin: TASS, 1 article",
    ]


def test_an_id_or_its_beginning_names_one_story() -> None:
    told = active_stories([LONELY, *FLEET])
    assert one_story(told, "flee").story_id == one_story(told, "fleet-1").story_id == "fleet-1"
    for wanted, message in (("fle", "at least 4"), ("nothing", "no story 'nothing' in the window")):
        with pytest.raises(ConfigError, match=message):
            one_story(told, wanted)
    twice = [ActiveStory(name, told[0].articles, told[0].first_at, told[0].last_at) for name in ("same-1", "same-2")]
    with pytest.raises(ConfigError, match="is ambiguous: same-1, same-2"):
        one_story(twice, "same")


async def test_only_the_window_before_the_time_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []

    class Reader:
        async def range_of(self, *, from_ms: int, to_ms: int) -> Range:
            asked.extend([from_ms, to_ms])
            return Range({0: 0}, {0: 9})

        async def read(self, bounds: Range) -> AsyncIterator[Received]:
            for offset, value in enumerate([None, b"stray", *(encode(one) for one in FLEET)]):
                yield Received("t-stories", 0, offset, "", value, (), 0)

    @asynccontextmanager
    async def open_reader(bootstrap_servers: str, topic: str) -> AsyncIterator[Reader]:
        yield Reader()

    async def read_takedowns(bootstrap_servers: str, prefix: str) -> list[str]:
        return hidden

    hidden: list[str] = []
    monkeypatch.setattr("firstwire.commands.active_stories.open_reader", open_reader)
    monkeypatch.setattr("firstwire.commands.active_stories.read_takedowns", read_takedowns)
    (told,) = await read_stories("x", "t", at(6), WINDOW)
    assert told.story_id == "fleet-1"
    assert asked == [to_milliseconds(at(6)) - WINDOW // timedelta(milliseconds=1), to_milliseconds(at(6)) + 1]
    hidden += [each.article_id for each in FLEET]
    assert await read_stories("x", "t", at(6), WINDOW) == []

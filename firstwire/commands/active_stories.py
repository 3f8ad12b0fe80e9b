"""The active stories with their outlets, origins and age: read from the topic `stories`, rendered as tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from firstwire.broker.reader import open_reader
from firstwire.broker.takedowns import read_takedowns
from firstwire.broker.topics import STORIES, topic_name
from firstwire.core.stories.active import ActiveStory, active_stories
from firstwire.core.text.wording import cut, one_line
from firstwire.errors import ConfigError
from schemas.article import Story
from schemas.codec import DecodeError, decode
from schemas.times import parse_timestamp, shifted, to_milliseconds

SHORTEST_STORY_ID = 4
SHOWN_ID = 8
"""Characters of an id in a list: enough for `firstwire stories` and `firstwire explain` to find it."""
UNNAMED = "unknown outlet"


async def read_stories(bootstrap_servers: str, prefix: str, at: str, window: timedelta) -> list[ActiveStory]:
    """The stories with an article fetched in the window before `at`, those with the most outlets first.

    Their articles from before the window are not counted.
    """
    kept: list[Story] = []
    hidden = await read_takedowns(bootstrap_servers, prefix)
    async with open_reader(bootstrap_servers, topic_name(prefix, STORIES)) as reader:
        since = to_milliseconds(shifted(at, -window))
        async for record in reader.read(await reader.range_of(from_ms=since, to_ms=to_milliseconds(at) + 1)):
            try:
                story = decode(record.value, Story)
            except DecodeError:
                continue  # a stray record; `firstwire explain` skips it too
            if story.article_id not in hidden:
                kept.append(story)
    return active_stories(kept)


def one_story(found: list[ActiveStory], wanted: str) -> ActiveStory:
    """The story with this id or id prefix. Raises ConfigError if there is none, or more than one."""
    if len(wanted) < SHORTEST_STORY_ID:
        raise ConfigError(f"give at least {SHORTEST_STORY_ID} characters of the id", place=wanted)
    meant = [one for one in found if one.story_id.startswith(wanted)]
    meant = [one for one in meant if one.story_id == wanted] or meant
    if len(meant) != 1:
        names = ", ".join(one.story_id for one in meant[:6])
        raise ConfigError(f"{wanted!r} is ambiguous: {names}" if meant else f"no story {wanted!r} in the window")
    return meant[0]


def table(found: list[ActiveStory], at: str) -> RenderableType:
    """A row for each story: most of it is the title, below which stands who reported it if several did."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Story", no_wrap=True, width=SHOWN_ID)
    shown.add_column("Last", justify="right", no_wrap=True, width=len("119 min"))
    shown.add_column("Title", overflow="fold", ratio=1)
    for one in found:
        title = Text(one_line(one.title))
        if len(one.articles) > 1:
            title.append(f"\n{_counted(one)}, first {_span(one.first_at, at)} ago", style="dim")
        shown.add_row(one.story_id[:SHOWN_ID], _span(one.last_at, at), title)
    return shown


def as_json(one: ActiveStory) -> dict[str, Any]:
    """The story with its counts, and its articles without their texts."""
    kept = ("article_id", "title", "url", "source", "language", "relation", "origin_id", "published_at", "fetched_at")
    return {
        "story_id": one.story_id,
        "title": one.title,
        "outlets": one.outlets,
        "origins": one.origins,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "articles": [{name: getattr(article, name) for name in kept} for article in one.articles],
    }


def details(one: ActiveStory, at: str) -> RenderableType:
    """The story with its articles grouped by origin, the earliest origin first.

    Each article has the time and relation of its newest revision.
    """
    heading = Text(one_line(one.title), style="bold")
    counted = Text(
        f"story {one.story_id}\n{_counted(one)}\n"
        f"first reported {_span(one.first_at, at)} ago ({one.first_at}), last {_span(one.last_at, at)} ago\n"
        "times of articles are UTC"
    )
    parts: list[RenderableType] = [heading, counted]
    for origin_id in dict.fromkeys(article.origin_id for article in one.articles):
        articles = [article for article in one.articles if article.origin_id == origin_id]
        shown = Table(box=None, show_header=False, padding=(0, 1, 0, 0), expand=True)
        for width in (16, SHOWN_ID, 16, len("update")):
            shown.add_column(no_wrap=True, width=width, overflow="ellipsis")
        shown.add_column(overflow="fold", ratio=1)
        for article in sorted(articles, key=lambda article: article.fetched_at):
            moment = article.fetched_at[:16].replace("T", " ")
            outlet, title = Text(one_line(article.source or UNNAMED)), Text(one_line(article.title))
            shown.add_row(moment, article.article_id[:SHOWN_ID], outlet, article.relation, title)
        writer = cut(one_line(articles[0].source or UNNAMED), 40)
        parts += [Text(f"\norigin: {writer}, {_count(len(articles), 'article')}"), shown]
    return Group(*parts)


def _counted(one: ActiveStory) -> str:
    counts = (len(one.articles), "article"), (one.outlets, "outlet"), (one.origins, "origin")
    return ", ".join(_count(number, noun) for number, noun in counts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _span(since: str, at: str) -> str:
    """`45 s`, `12 min`, `7 h`, `3 d`: rounded down in the largest unit that gives at least 2."""
    seconds = max(0, int((parse_timestamp(at) - parse_timestamp(since)).total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"

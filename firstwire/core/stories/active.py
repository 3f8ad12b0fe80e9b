"""Active stories: articles grouped by story, with its outlets, origins and title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.article import Story


@dataclass(frozen=True)
class ActiveStory:
    """One story: the newest revision of each of its articles, the earliest article first."""

    story_id: str
    articles: tuple[Story, ...]
    first_at: str
    last_at: str

    @property
    def outlets(self) -> int:
        """The number of outlets by name; all articles without one count as one more."""
        return len({article.source for article in self.articles})

    @property
    def origins(self) -> int:
        return len({article.origin_id for article in self.articles})

    @property
    def title(self) -> str:
        """The newest title of the text that most articles share; the later one if tied."""
        copies = Counter(article.origin_id for article in self.articles)
        return max(self.articles, key=lambda article: (copies[article.origin_id], article.fetched_at)).title


def active_stories(stories: Iterable[Story]) -> list[ActiveStory]:
    """Articles grouped by story, sorted by most outlets, then most articles, then latest."""
    gathered: dict[str, dict[str, list[Story]]] = {}
    for story in stories:
        gathered.setdefault(story.story_id, {}).setdefault(story.article_id, []).append(story)
    found = [_gathered(story_id, by_article) for story_id, by_article in gathered.items()]
    found.sort(key=lambda one: (one.last_at, one.story_id), reverse=True)
    return sorted(found, key=lambda one: (-one.outlets, -len(one.articles)))


def active_story(stories: Iterable[Story]) -> ActiveStory:
    """One story from all revisions of its articles, at least one."""
    return active_stories(stories)[0]


def _gathered(story_id: str, by_article: dict[str, list[Story]]) -> ActiveStory:
    newest = [max(revisions, key=lambda one: one.fetched_at) for revisions in by_article.values()]
    first = {one.article_id: min(r.fetched_at for r in by_article[one.article_id]) for one in newest}
    return ActiveStory(
        story_id=story_id,
        articles=tuple(sorted(newest, key=lambda one: (first[one.article_id], one.article_id))),
        first_at=min(first.values()),
        last_at=max(one.fetched_at for one in newest),
    )

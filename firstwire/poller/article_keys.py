"""The keys of a feed's articles in Kafka: the feed's language when each was first published. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from firstwire.core.stories.identity import language_key
from firstwire.core.text.language import UNDETERMINED
from schemas.article import Article
from schemas.feed import FeedState

KEYS_LIMIT = 4_000
"""Of so many entries another key than the feed's is remembered, the newest: 45 bytes each."""


def keys_of(articles: Iterable[Article], state: FeedState, language: str | None) -> dict[str, str]:
    """The key of each article: that of its first revision if the feed's state knows it, else by the feed's language."""
    new = _key(language)
    return {
        article.article_id: _known_key(article, state) if article.article_id in state.entries else new
        for article in articles
    }


def remembered_keys(
    entries: Iterable[str], keys: Mapping[str, str], state: FeedState, language: str | None
) -> dict[str, str]:
    """The keys to remember of the entries known from now on: those that the feed's language does not tell."""
    usual, before, known = _key(language), _key(state.language), state.keys or {}
    found = {entry: keys.get(entry) or known.get(entry, before) for entry in entries}
    other = {entry: key for entry, key in found.items() if key != usual}
    return dict(islice(other.items(), max(0, len(other) - KEYS_LIMIT), None))


def _known_key(article: Article, state: FeedState) -> str:
    if state.keys is None:
        # Earlier versions took the declared language of the entry
        return _key(article.declared_language or state.language)
    return state.keys.get(article.article_id, _key(state.language))


def _key(language: str | None) -> str:
    return language_key(language or UNDETERMINED)

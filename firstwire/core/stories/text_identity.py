"""What deduplication reads in an article: the words that count, as hashes, and the agency credited."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.stories.credits import credited_agency
from firstwire.core.stories.fingerprint import Fingerprint, fingerprint_of
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.short_texts import short_text_words
from firstwire.core.text.digest import digest
from firstwire.core.text.words import words
from schemas.article import ArticleText

LONG_TEXT_WORDS = 30
"""From so many words on, the text alone says what an article is; under it the title counts too."""


@dataclass(frozen=True)
class Reading:
    """`text_hash`: articles share it exactly when their texts have the same words."""

    text_hash: str
    text: Fingerprint | None
    """None of a short text: those are the same or not, never nearly."""
    agency: str | None


def read(article: ArticleText) -> Reading:
    """Read the body, or the summary where there is none.

    Texts of different languages never meet, so that any number of partitions gives the same answer. Short texts take
    the title in; very short ones are like nothing but themselves.
    """
    language = language_key(article.language)
    agency = credited_agency(article)
    text = words(article.body) or words(article.summary)
    if len(text) >= LONG_TEXT_WORDS:
        return Reading(digest("text", language, " ".join(text)), fingerprint_of(text, language), agency)
    whole = short_text_words(article.title, tuple(text), article.source, article.url)
    if whole:
        return Reading(digest("short", language, " ".join(whole)), None, agency)
    return Reading(digest("itself", article.article_id), None, agency)

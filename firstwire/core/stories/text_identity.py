"""The input of deduplication: hashes of an article's text, and the credited agency."""

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
"""Words from which the text alone identifies an article; below, the title is included."""


@dataclass(frozen=True)
class Reading:
    """`text_hash` is equal exactly for articles whose texts have the same words."""

    text_hash: str
    text: Fingerprint | None
    """None for a short text, which has no near-duplicates."""
    agency: str | None
    words: tuple[str, ...] = ()
    """The words of a text that is not short."""


def read(article: ArticleText) -> Reading:
    """Read the body, or the summary where there is none.

    Texts in different languages never match, so that the number of partitions makes no difference. Short texts
    include the title; very short ones match only themselves.
    """
    language = language_key(article.language)
    agency = credited_agency(article)
    text = words(article.body) or words(article.summary)
    if len(text) >= LONG_TEXT_WORDS:
        return Reading(digest("text", language, " ".join(text)), fingerprint_of(text, language), agency, tuple(text))
    whole = short_text_words(article.title, tuple(text), article.source, article.url)
    if whole:
        return Reading(digest("short", language, " ".join(whole)), None, agency)
    return Reading(digest("itself", article.article_id), None, agency)

"""`articles`: one revision of one article, normalized. `stories`: the article, assigned to a story."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from schemas.record import Part, Record, Timestamp

Relation = Literal["new", "update", "copy", "duplicate"]


class ArticleText(Record, frozen=True, kw_only=True):
    """An article's text and source; all text is plain text, never HTML."""

    article_id: Annotated[str, msgspec.Meta(min_length=1)]
    title: str
    summary: str = ""
    body: str = ""
    language: str
    source: str | None = None
    """The outlet that published it."""
    url: str | None = None
    author: str | None = None
    feed: str | None = None
    publisher_tags: tuple[str, ...] = ()
    """The outlet's own tags; tags of entities are found later and kept separate."""
    published_at: Timestamp | None
    """Null if the publisher names no date, or one that cannot be read with certainty."""
    fetched_at: Timestamp


class Article(ArticleText, frozen=True, kw_only=True, tag="article"):
    """One revision of one article as the poller read it."""

    entry_id: str | None = None
    """The entry's id in the feed, unchanged."""
    declared_language: str | None = None
    """As its feed declares it for the entry or for all; `language` is what the text was judged to be in."""
    seen_language: str | None = None
    """What the text says; null if it is too short to tell."""


class Quantity(Part, frozen=True, kw_only=True):
    """How many, or how much, of what."""

    of: str
    value: float


class Facts(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What an article says of its happening, by the words of title and lead; read once, without a list of entities."""

    names: tuple[str, ...] = ()
    """As written, those of the title first."""
    places: tuple[str, ...] = ()
    """Names after a preposition of place in the title."""
    numbers: tuple[Quantity, ...] = ()
    """The highest number of `dead`, `hurt`, `missing`, `rescued`, `detained` and `displaced`; `magnitude`."""
    marks: tuple[str, ...] = ()
    """Ranks, editions, scores and months that tell one of a series from another: `package 14`."""
    acts: tuple[str, ...] = ()
    """Classes of the acts in the title: `appoint`, `arrest`."""
    direction: str | None = None
    denies: bool = False
    expects: bool = False
    """Told as planned, expected or possible."""


class Story(ArticleText, frozen=True, kw_only=True, tag="story"):
    """An article that passed deduplication, with its story and its relation to what was seen before."""

    story_id: str
    relation: Relation
    copy_of: str | None = None
    """Article id of the verified partner; null only for `new`."""
    similarity: float | None = None
    """Similarity of the two texts, 0 to 1: the Jaccard index of their word 5-grams if that is at least 0.5, else the
    share of the shorter one; 1 for short texts of the same words. Null if there is nothing to compare."""
    origin_id: str
    """Article id of the text's first known source, shared by copies and by articles of one agency in a story."""
    reason: str = ""
    """Why it has this relation, and why it belongs to this story."""
    facts: Facts | None = None
    """Null in records of before this field."""
    development_of: str | None = None
    """Article id of the report whose happening this one carries on: an arrest, a trial, the second day."""
    news: str = ""
    """What it adds to its story, in a few words: `31 dead, 12 before`. Empty if it opens the story or adds nothing."""
    retells: tuple[str, ...] = ()
    """Ids of earlier articles of its story that together said all that it says. Empty if it opens the story or adds
    something. A copy without anything new retells the article that it copies."""

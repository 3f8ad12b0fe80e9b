"""`events`: actor – action – target, with evidence. `matches`: the watches that matched an article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from schemas.alert import Severity
from schemas.record import Certainty, Date, Entity, EntityKind, Part, Record, Span, Timestamp
from schemas.rules import Tell

Polarity = Literal["affirmed", "negated"]
Status = Literal["asserted", "negated", "planned", "demanded", "conditional", "historical", "unconfirmed"]


class Context(Part, frozen=True, kw_only=True):
    """The attributes of an event's or match's article that alerts need, so that they never look it up."""

    title: str
    url: str | None = None
    source: str | None = None
    language: str
    origin_id: str
    relation: str
    tags: tuple[str, ...] = ()
    """Ids of the entities found in the article, and of the publisher's tags that are known entities."""
    published_at: Timestamp | None
    """Null: the date is unknown."""
    fetched_at: Timestamp


class Event(Record, frozen=True, kw_only=True, tag="event"):
    """An article's statement that actors did something to targets. On Kafka one record per target."""

    event_id: str
    article_id: str
    story_id: str
    action: str
    actors: tuple[Entity, ...] = ()
    targets: tuple[Entity, ...] = ()
    polarity: Polarity
    status: Status
    ordinal: int | None = None
    ordinal_scope: str | None = None
    ordinal_kind: EntityKind | None = None
    """What is ranked: nations, leaders, …; null if no noun states it."""
    ordinal_since: str | None = None
    """The time from which the text counts ("since 1994", "in 20 years"); null: ever. The scope's text includes it."""
    claims_first: bool = False
    act_date: Date | None
    """The day of the act by the text, else the day of publication; null if neither is known."""
    place: str | None = None
    """The location of the act, as named in the text."""
    evidence: tuple[Span, ...] = ()
    strength: int = 0
    """How plainly and how early the article states it; compared, never added."""
    reason: str = ""
    """Why this status, in words: the cue that decided it."""
    certainty: Certainty = "sure"
    """Records of before this field counted alone."""
    readers: tuple[str, ...] = ()
    """The readings that found it."""
    denied_by_actor: bool = False
    """Whether its own actor denies the act."""
    withdrawn: str = ""
    """The words with which the outlet withdraws its article; empty if it does not."""
    context: Context


class Match(Record, frozen=True, kw_only=True, tag="match"):
    """A watch that matched an article, with the matching words. Written by a replay, and on Kafka before `Matches`."""

    article_id: str
    story_id: str
    rule_id: str
    rule_version: int = 1
    severity: Severity = "info"
    held_back: str = ""
    """Why the match raises nothing: the article is older than the watch's `max_age`; empty if it does."""
    shadow: bool = False
    """A shadow watch: its alert is recorded, but nobody is notified."""
    tell: Tell = "developments"
    """Which articles of a story the watch asks for."""
    tags: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    development_of: str | None = None
    """As in the story, like the two below."""
    news: str = ""
    retells: tuple[str, ...] = ()
    context: Context


class MatchedWatch(Part, frozen=True, kw_only=True, omit_defaults=True):
    """One of the watches that matched an article. The fields are those of `Match`."""

    rule_id: str
    rule_version: int = 1
    severity: Severity = "info"
    held_back: str = ""
    shadow: bool = False
    tell: Tell = "developments"
    tags: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()


class Matches(Record, frozen=True, kw_only=True, tag="matches"):
    """The watches that matched an article, as far as they are judged in one partition of the topic."""

    article_id: str
    story_id: str
    development_of: str | None = None
    news: str = ""
    retells: tuple[str, ...] = ()
    context: Context
    watches: tuple[MatchedWatch, ...]

    @classmethod
    def of(cls, matches: Sequence[Match]) -> Matches:
        """The matches of one article together."""
        first = matches[0]
        return cls(
            article_id=first.article_id,
            story_id=first.story_id,
            development_of=first.development_of,
            news=first.news,
            retells=first.retells,
            context=first.context,
            watches=tuple(
                MatchedWatch(
                    rule_id=match.rule_id,
                    rule_version=match.rule_version,
                    severity=match.severity,
                    held_back=match.held_back,
                    shadow=match.shadow,
                    tell=match.tell,
                    tags=match.tags,
                    evidence=match.evidence,
                )
                for match in matches
            ),
        )

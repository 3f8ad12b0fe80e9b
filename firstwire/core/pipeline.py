"""The stages as pure functions: (state, record) to outputs, reasons and changes. Agents, replay and tests run these.

Every judgment uses the record's own `fetched_at` as its time; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import msgspec

from firstwire.core.alerts.alerting import Alerted, correct_alerts, raise_event_alerts
from firstwire.core.alerts.states import EventAlertState, WatchAlertState
from firstwire.core.alerts.watch_alerts import raise_watch_alerts
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.mentions import Mentions, find_mentions, tags_of
from firstwire.core.events.detection import DetectedEvent, detect_events
from firstwire.core.events.reading import ReadingKnowledge
from firstwire.core.events.retractions import is_denied_by_actor, withdrawal_cue
from firstwire.core.rules.ages import too_old
from firstwire.core.rules.rulebook import Rulebook, Rules
from firstwire.core.state import Change
from firstwire.core.stories.assignment import place
from firstwire.core.stories.news_state import NewsState
from firstwire.core.stories.story_knowledge import StoryKnowledge
from firstwire.core.text.digest import digest
from firstwire.core.text.lemmas import Lemmas
from firstwire.core.watches.document import Document, document_of
from firstwire.core.watches.evaluate import evaluate
from schemas.article import Article, Story
from schemas.event import Context, Event, Match, Matches
from schemas.ledger import LedgerCorrection, LedgerVouching
from schemas.outcome import Outcome, Step


@dataclass(frozen=True)
class Knowledge:
    """What the stages know besides the records. The caller passes it in: the core opens no file."""

    gazetteer: Gazetteer
    rules: Rules
    stories: StoryKnowledge
    lemmas: Lemmas
    """The forms of verbs, from which unlisted actions get their ids."""
    reading: ReadingKnowledge
    """What acts between states are read with."""


@dataclass(frozen=True)
class Deduplicated:
    """The article in its story; with an outcome it ends here, without one it continues."""

    story: Story
    outcome: Outcome | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ReadStory:
    """What a story's article says, whatever the rules: rules are applied to it, any number of them."""

    story: Story
    context: Context
    events: tuple[Event, ...]
    steps: tuple[Step, ...]
    """For the outcome's trail: what was read, and how sure that is."""
    no_event: str
    """Why there is no event."""
    gazetteer: Gazetteer
    mentions: Mentions | None = None
    """None: they are looked for again where somebody asks for the document."""

    @cached_property
    def document(self) -> Document:
        """The article as queries read it: built once, however many sets of watches are matched."""
        found = find_mentions(self.story, self.gazetteer) if self.mentions is None else self.mentions
        return document_of(self.story, self.context.tags, found)


@dataclass(frozen=True)
class Analyzed:
    """Every event and match of a story's article, and the outcome of the article."""

    events: tuple[Event, ...]
    matches: tuple[Match, ...]
    outcome: Outcome


def deduplicate(state: NewsState, article: Article, knowledge: StoryKnowledge) -> Deduplicated:
    """Drop a revision whose content was seen before; assign everything else to its story."""
    placed = place(state, article, knowledge)
    story = placed.story
    if story.relation != "duplicate":
        return Deduplicated(story, None, placed.changes)
    outcome = Outcome(
        article_id=article.article_id,
        outcome="duplicate",
        reason=story.reason,
        trail=(Step(stage="deduplicate", verdict="duplicate", detail=story.reason),),
    )
    return Deduplicated(story, outcome, placed.changes)


def analyze(knowledge: Knowledge, story: Story) -> Analyzed:
    """Detect the events that the article reports, and find the rules in force at its time that cover them."""
    return apply_rules(knowledge.rules, read_story(knowledge, story))


def read_story(knowledge: Knowledge, story: Story) -> ReadStory:
    """What the article says, whatever the rules."""
    detection = detect_events(story, knowledge.gazetteer, knowledge.reading)
    context = context_of(story, detection.tags)
    found = sorted(detection.events, key=lambda one: -one.strength)  # the strongest evidence first
    events = _events(story, found, context)
    steps = _event_steps(events, [one.certainty_reason for one in found], detection.reason)
    return ReadStory(story, context, events, steps, detection.reason, knowledge.gazetteer, detection.mentions)


def recorded_story(gazetteer: Gazetteer, story: Story, events: tuple[Event, ...]) -> ReadStory:
    """The same of a story on record with the events that were read of it then: only its names are looked for again."""
    mentions = find_mentions(story, gazetteer)
    context = context_of(story, tags_of(story, mentions, gazetteer))
    return replace(unnamed_story(gazetteer, story, events), context=context, mentions=mentions)


def unnamed_story(gazetteer: Gazetteer, story: Story, events: tuple[Event, ...]) -> ReadStory:
    """The same without names and tags: enough where no watch asks for them, and much quicker."""
    nothing = "no event on record"
    steps = _event_steps(events, ["as on record"] * len(events), nothing)
    return ReadStory(story, context_of(story, ()), events, steps, nothing, gazetteer, {})


def apply_rules(rules: Rules, read: ReadStory) -> Analyzed:
    """Find the rules in force at a story's time that cover what it says."""
    rulebook = rules.at(read.story.fetched_at)
    return covered(rulebook, read, matches_of(rulebook, read))


def covered(rulebook: Rulebook, read: ReadStory, matches: tuple[Match, ...]) -> Analyzed:
    """The same where the watches that match are known."""
    story, events = read.story, read.events
    acts = {(event.action, _target_id(event)) for event in split_targets(events)}
    covering = tuple(match.rule_id for match in matches) + tuple(
        rule.id for rule in rulebook.events if any(rule.covers(*act) for act in acts)
    )
    steps = (
        Step(stage="deduplicate", verdict=story.relation, detail=story.reason),
        *read.steps,
        *(Step(stage="analyze", verdict=f"matches {match.rule_id} v{match.rule_version}") for match in matches),
    )
    outcome = Outcome(
        article_id=story.article_id,
        outcome="alerting" if covering else "no_match",
        reason=f"handed to alerting under {', '.join(covering)}" if covering else _no_match_reason(rulebook, read),
        rules=covering,
        release=rulebook.release,
        trail=steps,
    )
    return Analyzed(events, matches, outcome)


def matches_of(rulebook: Rulebook, read: ReadStory) -> tuple[Match, ...]:
    """The watches that match a story's article, in the order of the rules."""
    if not rulebook.watches:
        return ()
    story, context, document = read.story, read.context, read.document

    @cache  # most watches have the same greatest age
    def held_back(max_age_seconds: float | None) -> str:
        return too_old(context, max_age_seconds) or ""

    return tuple(
        Match(
            article_id=story.article_id,
            story_id=story.story_id,
            rule_id=watch.id,
            rule_version=watch.version,
            severity=watch.severity,
            held_back=held_back(watch.max_age_seconds),
            shadow=watch.state == "shadow",
            tell=watch.tell,
            tags=watch.tags,
            evidence=evaluate(watch.query, document).evidence,
            development_of=story.development_of,
            news=story.news,
            retells=story.retells,
            context=context,
        )
        for watch in rulebook.matcher.matching(document)
    )


def split_targets(events: tuple[Event, ...]) -> list[Event]:
    """One record per target, so that each reaches the ledger page and the alerts of that target."""
    single: list[Event] = []
    for event in events:
        if len(event.targets) <= 1:
            single.append(event)
        else:
            single += [msgspec.structs.replace(event, targets=(target,)) for target in event.targets]
    return single


def raise_alerts(
    state: EventAlertState, record: Event | LedgerCorrection | LedgerVouching, knowledge: Knowledge
) -> Alerted:
    """Judge one event of one target, or apply one correction or vouching by hand of a ledger page."""
    if isinstance(record, LedgerCorrection | LedgerVouching):
        return correct_alerts(state, record, knowledge.rules)
    return raise_event_alerts(state, record, knowledge.rules)


def raise_match_alerts(state: WatchAlertState, matches: Matches) -> Alerted:
    """Judge the matches of one article, or a part of them: each watch by itself."""
    return raise_watch_alerts(state, matches)


def context_of(story: Story, tags: tuple[str, ...]) -> Context:
    """What the records made of a story repeat of it."""
    return Context(
        title=story.title,
        url=story.url,
        source=story.source,
        language=story.language,
        origin_id=story.origin_id,
        relation=story.relation,
        tags=tags,
        published_at=story.published_at,
        fetched_at=story.fetched_at,
    )


def _events(story: Story, detected: Sequence[DetectedEvent], context: Context) -> tuple[Event, ...]:
    return tuple(
        Event(
            event_id=digest(
                "event",
                story.article_id,
                found.action,
                found.status,
                *sorted(actor.id for actor in found.actors),
                "→",
                *sorted(target.id for target in found.targets),
            ),
            article_id=story.article_id,
            story_id=story.story_id,
            action=found.action,
            actors=found.actors,
            targets=found.targets,
            polarity=found.polarity,
            status=found.status,
            ordinal=found.ordinal,
            ordinal_scope=found.ordinal_scope,
            claims_first=found.claims_first,
            ordinal_kind=found.ordinal_kind,
            ordinal_since=found.ordinal_since,
            act_date=found.act_date,
            place=found.place,
            evidence=found.evidence,
            strength=found.strength,
            reason=found.reason,
            certainty=found.certainty,
            readers=found.readers,
            denied_by_actor=is_denied_by_actor(story, found),
            withdrawn=withdrawal_cue(story, found),
            context=context,
        )
        for found in detected
    )


def _event_steps(events: Sequence[Event], certainty_reasons: Sequence[str], no_event: str) -> tuple[Step, ...]:
    if not events:
        return (Step(stage="analyze", verdict="no event", detail=no_event),)
    return tuple(
        Step(stage="analyze", verdict=f"{event.action} {event.status}", detail=_detail(event, certainty_reason))
        for event, certainty_reason in zip(events, certainty_reasons, strict=True)
    )


def _detail(event: Event, certainty_reason: str) -> str:
    actors = ", ".join(actor.name for actor in event.actors) or "nobody named"
    targets = ", ".join(target.name for target in event.targets) or "nothing named"
    first = ", claims to be first" if event.claims_first else ""
    return f"{actors} → {targets}{first}: {event.reason}; {event.certainty}: {certainty_reason}"


def _no_match_reason(rulebook: Rulebook, read: ReadStory) -> str:
    unwatched = "no watch matched, and " if rulebook.watches else ""
    if not read.events:
        return f"{unwatched}no act was found: {read.no_event}" if unwatched else read.no_event
    found = ", ".join(sorted({event.action for event in read.events}))
    return f"{unwatched}no rule asks for: {found}"


def _target_id(event: Event) -> str:
    return event.targets[0].id if event.targets else ""

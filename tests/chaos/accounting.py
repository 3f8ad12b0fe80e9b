"""Counts every record after the storm, and compares it with what a replay of the same articles says must be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from aiokafka.admin import AIOKafkaAdminClient

from agents.matches import matches_in
from agents.stage import ARTICLE_PLACE
from firstwire.broker.commit_notes import Noted, Tally
from firstwire.broker.reader import Received, read_all
from firstwire.broker.topics import (
    ALERTS,
    ARTICLES,
    DEAD_LETTERS,
    DELIVERIES,
    EVENTS,
    MATCHES,
    OUTCOMES,
    STORIES,
    VERDICTS,
    topic_name,
)
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge, split_targets
from firstwire.core.state import ALERT_STATE, DEDUPLICATE_STATE, LEDGER, STORY_STATE, WATCH_STATE
from firstwire.replay.reading import StartStage
from firstwire.replay.rule_choice import rules_on_record
from firstwire.replay.run import Replayed, replay
from firstwire.replay.span import ReplaySpan
from firstwire.replay.topic import TopicSource, read_topic
from firstwire.replay.verify import verify
from schemas.alert import Alert, Verdict
from schemas.article import Article, Story
from schemas.codec import decode
from schemas.event import Event
from schemas.outcome import Outcome

READ = (
    ARTICLES, STORIES, EVENTS, MATCHES, ALERTS, VERDICTS, OUTCOMES, DEAD_LETTERS, DELIVERIES,
    DEDUPLICATE_STATE, STORY_STATE, ALERT_STATE, WATCH_STATE, LEDGER,
)  # fmt: skip


Counted = TypeVar("Counted", bound=Hashable)


@dataclass
class Account:
    """What a `read_committed` reader finds. `faults` is empty if nothing was lost and nothing doubled."""

    counts: dict[str, int]
    faults: list[str] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)

    def expect(self, holds: bool, fault: str) -> None:
        if not holds:
            self.faults.append(fault)


async def account(
    bootstrap: str, prefix: str, knowledge: Knowledge, seeds: Seeds, window: timedelta, final: set[tuple[str, str]]
) -> Account:
    """Read everything and compare. `final`: title and text of the newest revision of every article served."""
    topics: dict[str, list[Received]] = {
        name: [record async for record in read_all(bootstrap, topic_name(prefix, name))] for name in READ
    }
    found = Account({name: len(records) for name, records in topics.items()})
    articles = await read_topic(bootstrap, prefix, None, None)
    replayed = replay(articles, knowledge, seeds, window)
    _articles_and_outcomes(found, topics, final)
    _stories(found, topics, replayed)
    _events_and_verdicts(found, topics, replayed)
    _alerts(found, topics, replayed)
    found.expect(not topics[DEAD_LETTERS], f"{len(topics[DEAD_LETTERS])} dead letters")
    await _counted(found, bootstrap, prefix, topics)
    await _verified(found, TopicSource(bootstrap, prefix, knowledge.lemmas), knowledge, seeds, window)
    return found


async def _counted(found: Account, bootstrap: str, prefix: str, topics: dict[str, list[Received]]) -> None:
    """Whether what the metrics count is what the topics hold: the sums of what is committed with the offsets."""
    tallies: dict[str, Tally] = {}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        for stage in ("deduplicate", "analyze", "alert-events", "alert-matches"):
            noted = (await admin.list_consumer_group_offsets(f"{prefix}-{stage}")).values()
            tallies[stage] = Tally.sum(Noted.read(each.metadata).tally for each in noted)
    finally:
        await admin.close()
    written = Tally.sum(tallies.values())
    read = {stage: tally.read for stage, tally in tallies.items()}
    inputs = {"deduplicate": ARTICLES, "analyze": STORIES, "alert-events": EVENTS, "alert-matches": MATCHES}
    held = {stage: len(topics[name]) for stage, name in inputs.items()}
    found.expect(read == held, f"the metrics say that {read} were read, of {held}")
    counted = {name: written.written.get(topic_name(prefix, name), 0) for name in READ}
    for name in set(READ) - {ARTICLES, ALERTS, DELIVERIES, LEDGER, ALERT_STATE, WATCH_STATE, DEDUPLICATE_STATE}:
        found.expect(counted[name] == len(topics[name]), f"the metrics say {counted[name]} {name}")
    outcomes = Counter(decode(record.value, Outcome).outcome for record in topics[OUTCOMES])
    found.expect(outcomes == Counter(written.outcomes), f"the metrics say {written.outcomes}, not {outcomes}")
    found.expect(sum(written.outcomes.values()) == read["deduplicate"], "what is read is not the sum of the outcomes")
    verdicts = sum(tallies["alert-matches"].verdicts.values())
    found.expect(verdicts == written.matches, f"{written.matches} matches have {verdicts} verdicts")


async def _verified(found: Account, source: TopicSource, knowledge: Knowledge, seeds: Seeds, window: timedelta) -> None:
    """What `firstwire verify` says of the recorded stories and events, under the rules on their topic."""
    rules = await rules_on_record(source, knowledge, (), seeds.groups)
    if rules is None:
        found.expect(False, "no rules are on record")
        return
    verified = await verify(source, ReplaySpan(), StartStage.STORIES, knowledge, rules, seeds, window)
    differing = [f"{one.cause}: {one.headline}, {one.what}" for one in verified.differences]
    found.expect(not differing, f"{len(differing)} alerts differ from what recorded stories lead to: {differing[:3]}")


def _articles_and_outcomes(found: Account, topics: dict[str, list[Received]], final: set[tuple[str, str]]) -> None:
    places = {(record.partition, record.offset) for record in topics[ARTICLES]}
    outcomes = [decode(record.value, Outcome) for record in topics[OUTCOMES]]
    ended = Counter((one.place.partition, one.place.offset) for one in outcomes if one.place is not None)
    found.expect(set(ended) == places, f"{len(places - set(ended))} articles without an outcome")
    twice = [place for place, count in ended.items() if count > 1]
    found.expect(not twice, f"{len(twice)} articles with several outcomes: {twice[:5]}")
    found.expect(len(outcomes) == len(places), f"{len(outcomes)} outcomes for {len(places)} articles")
    arrived = [decode(record.value, Article) for record in topics[ARTICLES]]
    missing = final - {(article.title, article.summary) for article in arrived}
    found.expect(not missing, f"{len(missing)} articles lost: {list(missing)[:2]}")
    found.expect(
        len(topics[DEDUPLICATE_STATE]) == len(places),
        f"{len(topics[DEDUPLICATE_STATE])} state records for {len(places)} articles",
    )


def _stories(found: Account, topics: dict[str, list[Received]], replayed: Replayed) -> None:
    outcomes = [decode(record.value, Outcome) for record in topics[OUTCOMES]]
    passed = {
        f"{one.place.partition}:{one.place.offset}"
        for one in outcomes
        if one.place is not None and one.outcome != "duplicate"
    }
    told = Counter(dict(record.headers)[ARTICLE_PLACE].decode() for record in topics[STORIES])
    found.expect(set(told) == passed, f"{len(passed ^ set(told))} stories missing or too many")
    found.expect(max(told.values(), default=0) <= 1, "stories doubled")
    stories = Counter(decode(record.value, Story) for record in topics[STORIES])
    wanted = Counter(story for story in replayed.stories if story.relation != "duplicate")
    found.expect(stories == wanted, f"stories differ from replay: {_difference(stories, wanted)}")
    grown = [record for record in topics[STORY_STATE] if record.value is not None]
    found.expect(len(grown) == len(topics[STORIES]), f"{len(grown)} records of story state for {len(told)} stories")


def _events_and_verdicts(found: Account, topics: dict[str, list[Received]], replayed: Replayed) -> None:
    events = Counter(
        (event.event_id, event.context.fetched_at, tuple(target.id for target in event.targets))
        for event in (decode(record.value, Event) for record in topics[EVENTS])
    )
    expected = Counter(
        (event.event_id, event.context.fetched_at, tuple(target.id for target in event.targets))
        for event in split_targets(tuple(replayed.events))
    )
    found.expect(events == expected, f"events differ from replay: {_difference(events, expected)}")
    matches = Counter(
        (watch.rule_id, matches.article_id, matches.context.fetched_at)
        for matches in (matches_in(record.value) for record in topics[MATCHES])
        for watch in matches.watches
    )
    matching = Counter((match.rule_id, match.article_id, match.context.fetched_at) for match in replayed.matches)
    found.expect(matches == matching, f"matches differ from replay: {_difference(matches, matching)}")
    found.expect(len(topics[WATCH_STATE]) == len(topics[MATCHES]), "watch state and matches differ in number")
    verdicts = Counter(_told(decode(record.value, Verdict)) for record in topics[VERDICTS])
    wanted = Counter(map(_told, replayed.verdicts))
    found.expect(verdicts == wanted, f"verdicts differ from replay: {_difference(verdicts, wanted)}")


def _told(verdict: Verdict) -> tuple[str, ...]:
    """A verdict as live and replay must agree on it: of a match all, of an event not what the order decides."""
    if verdict.event_id is not None:
        return (verdict.key,)
    return (verdict.key, verdict.verdict, verdict.partner or "", verdict.reason)


def _alerts(found: Account, topics: dict[str, list[Received]], replayed: Replayed) -> None:
    states: dict[str, Alert] = {}
    written: Counter[bytes | None] = Counter()
    for record in topics[ALERTS]:
        alert = decode(record.value, Alert)
        written[record.value] += 1
        states[alert.alert_id] = alert
    twice = [value for value, count in written.items() if count > 1]
    found.expect(not twice, f"{len(twice)} alert records doubled: {twice[:2]}")
    found.expect(set(states) == set(replayed.alerts), "live and replay raised other alerts")
    different = [alert_id for alert_id, alert in states.items() if replayed.alerts.get(alert_id) != alert]
    found.expect(not different, f"{len(different)} alerts end in another state than in replay: {different[:3]}")
    found.alerts = list(states.values())


def told_at_least_once(found: Account, told: dict[str, Counter[str]], allowed_extra: int) -> None:
    """Each receiver got each alert at least once, and at most one extra time per kill."""
    for receiver, counts in told.items():
        missing = [one.alert_id for one in found.alerts if one.kind == "event" and not counts[one.alert_id]]
        found.expect(not missing, f"{receiver} never heard of {len(missing)} alerts: {missing[:3]}")
        extra = sum(counts.values()) - len(counts)
        found.expect(extra <= allowed_extra, f"{receiver} was told {extra} times too often, {allowed_extra} allowed")


def _difference(first: Counter[Counted], second: Counter[Counted]) -> str:
    more, less = first - second, second - first
    return f"{sum(more.values())} too many {list(more)[:2]}, {sum(less.values())} missing {list(less)[:2]}"

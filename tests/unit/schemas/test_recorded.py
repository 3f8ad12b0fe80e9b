"""What earlier versions wrote stays readable, and whoever reads it raises, tells and drops nothing again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
import orjson
import pytest

from agents.matches import matches_in
from firstwire.broker.partitions import partitions_of
from firstwire.broker.reader import Received
from firstwire.broker.topics import (
    ALERTS,
    ARTICLES,
    AUDIT,
    DELIVERIES,
    EVENTS,
    FEED_ENTRIES,
    FEED_STATES,
    FEEDBACK,
    FORMER_FEED_STATES,
    MATCHES,
    REDRIVES,
    RELOADS,
    RULES,
    SILENCES,
    STORIES,
    SUBSCRIPTIONS,
    TAKEDOWNS,
    TOPICS,
)
from firstwire.core.alerts.states import EventAlertState, WatchAlertState
from firstwire.core.pipeline import Knowledge, deduplicate, raise_alerts, raise_match_alerts
from firstwire.core.routes.routing import Routing
from firstwire.core.routes.settings import Route
from firstwire.core.routes.tree import compiled
from firstwire.core.state import Change, State, apply_all
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.news_state import NewsState
from firstwire.notifier.delivery_log import DeliveryLog, entry_of
from firstwire.notifier.intake import take_in
from firstwire.replay.run import replay
from firstwire.replay.topic import live_order
from firstwire.rules.releases import Compiler, history_of
from schemas import RECORDS
from schemas.alert import Alert, LedgerAnswer
from schemas.article import Article, Story
from schemas.codec import decode, decode_any, decode_one_of, encode
from schemas.delivery import Delivery
from schemas.event import Event
from schemas.ledger import LedgerCorrection, LedgerVouching
from schemas.record import Record
from schemas.rules import RuleVersion
from tests.support.knowledge import knowledge_of, shipped_gazetteer, shipped_ledger, story_knowledge
from tests.support.recorded import POISON, VERSIONS, RecordedMessage, recorded

R = TypeVar("R", bound=Record)

KINDS = {str(kind.__struct_config__.tag): kind for kind in RECORDS}
WINDOW = timedelta(hours=72)
SPOKEN_SINCE = "version-7"
"""The first recording in which people said something: silences, feedback, feeds, takedowns."""

each_version = pytest.mark.parametrize("version", VERSIONS)


def of_topic(version: str, topic: str, kind: type[R]) -> Iterator[R]:
    """The records of a topic; the one that was sent to be refused is left out."""
    for message in recorded(version):
        if message.topic == topic and message.value not in (None, POISON):
            yield decode(message.value, kind)


def restored(state: State, version: str) -> State:
    """A state folded from its topics, as a worker does when it starts."""
    for message in recorded(version):
        if (kinds := state.topics.get(message.topic)) is not None:
            value = None if message.value is None else decode_any(message.value, kinds)
            state.apply(Change(message.topic, message.key, value))
    return state


def knowledge_at(version: str) -> Knowledge:
    """The shipped entities, and the rules that were in force."""
    versions = list(of_topic(version, RULES, RuleVersion))
    return knowledge_of(history_of(versions, Compiler(shipped_gazetteer())))


def final_alerts(version: str) -> dict[str, Alert]:
    return {alert.alert_id: alert for alert in of_topic(version, ALERTS, Alert)}


def received(message: RecordedMessage, offset: int = 0) -> Received:
    """The message as a reader hands it out."""
    return Received(
        topic=message.topic,
        partition=message.partition,
        offset=offset,
        key=message.key,
        value=message.value,
        headers=(),
        timestamp_ms=message.timestamp_ms,
    )


def test_there_are_recordings() -> None:
    assert VERSIONS


@each_version
def test_every_topic_was_recorded(version: str) -> None:
    # Nothing is written to these until somebody asks for it: there was nothing to redrive, and nobody spoke before
    spoken = {RELOADS, SILENCES, FEEDBACK, SUBSCRIPTIONS, AUDIT, TAKEDOWNS}
    asked = {REDRIVES} if version >= SPOKEN_SINCE else {REDRIVES, *spoken}
    written = {message.topic for message in recorded(version)}
    assert written >= {topic.name for topic in TOPICS} - asked - {FEED_STATES, FEED_ENTRIES}
    assert written & {FEED_STATES, FORMER_FEED_STATES}


@each_version
def test_every_record_is_read_in_todays_version(version: str) -> None:
    for message in recorded(version):
        if message.value not in (None, POISON):
            kind = KINDS[orjson.loads(message.value)["schema"]]
            record = decode(message.value, kind)
            assert decode(encode(record), kind) == record


@each_version
def test_the_ledgers_answers_are_understood(version: str) -> None:
    novelties = [alert.novelty for alert in of_topic(version, ALERTS, Alert) if alert.novelty is not None]
    assert novelties
    for novelty in novelties:
        assert (novelty.answer in (LedgerAnswer.EARLIER, LedgerAnswer.CONTRADICTED)) == bool(novelty.earlier)
        assert (novelty.removal is not None) == (novelty.answer in (LedgerAnswer.REMOVED, LedgerAnswer.NOTHING_NEW))


@each_version
def test_a_worker_that_restores_its_state_raises_nothing_again(version: str) -> None:
    before, knowledge = final_alerts(version), knowledge_at(version)
    on_events = EventAlertState(shipped_ledger())
    on_matches = WatchAlertState()
    restored(on_events, version)
    restored(on_matches, version)
    assert {**on_events.alerts, **on_matches.alerts}.keys() >= before.keys()
    raised = []
    for message in recorded(version):
        if message.topic == EVENTS:
            alerted = raise_alerts(
                on_events, decode_one_of(message.value, Event, LedgerCorrection, LedgerVouching), knowledge
            )
            apply_all(on_events, alerted.changes)
            raised += alerted.alerts
        elif message.topic == MATCHES:
            matched = raise_match_alerts(on_matches, matches_in(message.value))
            apply_all(on_matches, matched.changes)
            raised += matched.alerts
    for alert in raised:
        assert alert.alert_id in before, f"raised anew: {alert.headline}"
        assert alert.revision <= before[alert.alert_id].revision
        assert alert.state == before[alert.alert_id].state


@each_version
def test_a_watch_and_a_story_keep_their_partition(version: str) -> None:
    """Where their alert is remembered: an upgrade finds matches of both forms in it, in their order."""
    numbers = sorted({message.partition for message in recorded(version)})
    found = 0
    for message in recorded(version):
        if message.topic == MATCHES:
            together = matches_in(message.value)
            for watch in together.watches:
                key = f"{watch.rule_id}:{together.story_id}".encode()
                assert partitions_of([key], len(numbers)) == {key: message.partition}
                found += 1
    assert found > 10


@pytest.mark.parametrize("version", VERSIONS[-2:])
def test_matches_that_an_upgrade_finds_unread_raise_what_the_version_before_raised(version: str) -> None:
    """Of the versions that judged as this one does: their matches give their alerts, and so does their state."""
    messages = [message for message in recorded(version) if message.topic == MATCHES]
    final = {alert_id: alert for alert_id, alert in final_alerts(version).items() if alert.kind == "watch"}
    state = WatchAlertState()
    raised: dict[str, Alert] = {}
    for message in messages:
        alerted = raise_match_alerts(state, matches_in(message.value))
        apply_all(state, alerted.changes)
        raised.update((alert.alert_id, alert) for alert in alerted.alerts)
    state_of_before = restored(WatchAlertState(), version).alerts.values()
    had_coverage = any(alert.coverage for alert in final.values())
    form = _by_id if had_coverage else _without_coverage
    assert form(raised.values()) == final
    assert form(memory.alert for memory in state_of_before if memory.alert is not None) == final


def _by_id(alerts: Iterable[Alert]) -> dict[str, Alert]:
    return {alert.alert_id: alert for alert in alerts}


def _without_coverage(alerts: Iterable[Alert]) -> dict[str, Alert]:
    """As alerts were before they listed their articles by title."""
    return {alert.alert_id: msgspec.structs.replace(alert, coverage=()) for alert in alerts}


@each_version
def test_the_articles_seen_before_are_known(version: str) -> None:
    seen = NewsState(WINDOW)
    restored(seen, version)
    kept = [article for article in of_topic(version, ARTICLES, Article) if article.article_id in seen.articles.articles]
    assert len(kept) > 30
    for article in kept:
        assert (
            deduplicate(seen, article, story_knowledge(language_key(article.language))).story.relation == "duplicate"
        ), article.title


@each_version
def test_a_notifier_that_restores_its_log_tells_nobody_again(version: str) -> None:
    log = DeliveryLog()
    for message in recorded(version):
        if message.topic == DELIVERIES and (entry := entry_of(received(message))) is not None:
            log.apply(entry)
    assert not log.waiting
    routes = compiled((Route(receivers=("newsroom", "desk")),))
    alerts = [received(message) for message in recorded(version) if message.topic == ALERTS]
    told = {(one.alert_id, one.destination) for one in of_topic(version, DELIVERIES, Delivery)}
    assert told
    intake = take_in(alerts, Routing(routes, log), log, datetime(2026, 11, 29, tzinfo=UTC))
    assert not told & {(entry.delivery.alert_id, entry.delivery.destination) for entry in intake.entries}
    assert not intake.dead_letters


@pytest.mark.parametrize("version", VERSIONS[-1:])
def test_a_replay_of_the_recorded_articles_raises_the_same_alerts(version: str) -> None:
    """Of the newest recording: earlier versions judged by another measure."""
    messages = [message for message in recorded(version) if message.topic == ARTICLES and message.value != POISON]
    ordered = live_order(received(message, offset) for offset, message in enumerate(messages))
    articles = [decode(record.value, Article) for record in ordered]
    found = replay(articles, knowledge_at(version), shipped_ledger(), WINDOW)
    assert found.alerts.keys() == final_alerts(version).keys()
    assert {story.article_id for story in found.stories} >= {
        story.article_id for story in of_topic(version, STORIES, Story)
    }

"""The second stage: stories → events, matches, and the outcome of every article that is not a duplicate."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from agents.matches import placed
from agents.stage import Judged, Writer, article_place, outcome_key, readable_article_id, stamped
from firstwire.broker.commit_notes import Tally
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import ARTICLES, EVENTS, MATCHES, OUTCOMES, STORIES, topic_name
from firstwire.core.alerts.episodes import event_key
from firstwire.core.pipeline import Knowledge, analyze, split_targets
from firstwire.core.state import State, Stateless
from schemas.article import Story
from schemas.codec import decode
from schemas.outcome import Outcome, Step


@dataclass(frozen=True)
class Analyze:
    """`partitions`: the number of those of `matches`."""

    writer: Writer
    knowledge: Knowledge
    partitions: int
    name = "analyze"
    input = STORIES
    is_transactional_input = True
    old_ids = None

    def new_state(self) -> State:
        return Stateless()

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        story = decode(record.value, Story)
        analyzed = analyze(self.knowledge, story)
        headers = stamped(record.headers, "analyzed_at", stamp)
        messages = []
        for event in split_targets(analyzed.events):
            key = event_key(event.action, event.targets[0].id if event.targets else "")
            messages.append(self.writer.message(EVENTS, key, event, headers, record.timestamp_ms))
        topic = topic_name(self.writer.prefix, MATCHES)
        messages += [
            Message(topic, story.story_id, value, headers, record.timestamp_ms, partition)
            for partition, value in placed(analyzed.matches, self.partitions)
        ]
        messages.append(self._outcome(analyzed.outcome, record))
        tally = Tally(matches=len(analyzed.matches), outcomes={analyzed.outcome.outcome: 1})
        return Judged(messages, tally=tally)

    def rejected(self, record: Received, reason: str) -> list[Message]:
        step = Step(stage=self.name, verdict="rejected", detail=reason[:1000])
        outcome = Outcome(
            article_id=readable_article_id(record, Story), outcome="rejected", reason=reason[:1000], trail=(step,)
        )
        return [self._outcome(outcome, record)]

    def _outcome(self, outcome: Outcome, record: Received) -> Message:
        place = article_place(record.headers, topic_name(self.writer.prefix, ARTICLES))
        placed = msgspec.structs.replace(outcome, place=place)
        return self.writer.message(OUTCOMES, outcome_key(outcome.article_id, place), placed, (), record.timestamp_ms)

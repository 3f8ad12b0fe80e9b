"""The first stage: articles → stories. Duplicates end here with their outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from agents.stage import Judged, Writer, outcome_key, readable_article_id, stamped, with_place
from firstwire.broker.commit_notes import Tally
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import ARTICLES, OUTCOMES, STORIES
from firstwire.core.pipeline import deduplicate
from firstwire.core.state import State
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.news_state import NewsState
from firstwire.core.stories.story_knowledge import StoryKnowledge
from firstwire.files.word_frequencies import load_word_frequencies
from schemas.article import Article
from schemas.codec import decode
from schemas.outcome import Outcome, Place, Step


@dataclass(frozen=True)
class Deduplicate:
    """`window`: how long, in event time, an article is remembered."""

    writer: Writer
    window: timedelta
    stories: StoryKnowledge
    name = "deduplicate"
    input = ARTICLES
    is_transactional_input = False
    old_ids = None

    def new_state(self) -> State:
        return NewsState(self.window)

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        assert isinstance(state, NewsState)
        article = decode(record.value, Article)
        load_word_frequencies(language_key(article.language))
        judged = deduplicate(state, article, self.stories)
        if judged.outcome is not None:
            tally = Tally(outcomes={judged.outcome.outcome: 1})
            return Judged([self._outcome(judged.outcome, record)], list(judged.changes), tally)
        headers = with_place(stamped(record.headers, "deduplicated_at", stamp), record)
        message = self.writer.message(STORIES, judged.story.story_id, judged.story, headers, record.timestamp_ms)
        return Judged([message], list(judged.changes))

    def rejected(self, record: Received, reason: str) -> list[Message]:
        step = Step(stage=self.name, verdict="rejected", detail=reason[:1000])
        outcome = Outcome(
            article_id=readable_article_id(record, Article), outcome="rejected", reason=reason[:1000], trail=(step,)
        )
        return [self._outcome(outcome, record)]

    def _outcome(self, outcome: Outcome, record: Received) -> Message:
        place = Place(topic=record.topic, partition=record.partition, offset=record.offset)
        placed = msgspec.structs.replace(outcome, place=place)
        return self.writer.message(OUTCOMES, outcome_key(outcome.article_id, place), placed, (), record.timestamp_ms)

"""Small stages for trying the shell: one that passes records on and counts them, with scripted failures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agents.stage import Judged
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import ARTICLES, DEDUPLICATE_STATE, STORIES, topic_name
from firstwire.core.events.old_action_ids import OldActionIds
from firstwire.core.state import Change, State
from schemas.record import Record
from schemas.state import ArticleMemory
from schemas.times import EPOCH


class Counted:
    """How often each key was seen."""

    topics: Mapping[str, type[Record]] = {DEDUPLICATE_STATE: ArticleMemory}

    def __init__(self) -> None:
        self.seen: dict[str, ArticleMemory] = {}

    @property
    def sizes(self) -> Mapping[str, int]:
        return {DEDUPLICATE_STATE: len(self.seen)}

    def apply(self, change: Change) -> Change:
        before = self.seen.pop(change.key, None)
        if isinstance(change.value, ArticleMemory):
            self.seen[change.key] = change.value
        return Change(change.topic, change.key, before)


@dataclass
class PassOn:
    """Sends every value on to `stories` once per value; `fail` may raise for a record before anything is caused."""

    prefix: str
    fail: Callable[[Received], None] = lambda record: None
    remember: bool = True
    name: str = "deduplicate"
    input: str = ARTICLES
    is_transactional_input: bool = False
    old_ids: OldActionIds | None = None
    judged: list[bytes] = field(default_factory=list)

    def new_state(self) -> State:
        return Counted()

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        assert isinstance(state, Counted)
        self.fail(record)
        value = record.value or b""
        self.judged.append(value)
        key = value.decode()
        if key in state.seen:
            return Judged()
        message = Message(topic_name(self.prefix, STORIES), record.key, value)
        if not self.remember:
            return Judged([message])
        memory = ArticleMemory(
            article_id=key,
            contents=(),
            text_hash=key,
            story_id=key,
            origin_id=key,
            first_seen_at=EPOCH,
            seen_at=EPOCH,
        )
        return Judged([message], [Change(DEDUPLICATE_STATE, key, memory)])

    def rejected(self, record: Received, reason: str) -> list[Message]:
        return []

"""Our side of the race: one stage in the real shell. `empty` only passes records on, `deduplicate` drops revisions seen
before and finds near-duplicates, `first-stage` is the real one, which finds stories too."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import uvloop

from agents.app import create_app
from agents.deduplicate import Deduplicate
from agents.stage import Judged, Stage, Writer, stamped, with_place
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import ARTICLES, STORIES, topic_name
from firstwire.config import Configuration, KafkaSection, Settings
from firstwire.core.state import State, Stateless
from firstwire.core.stories.deduplication import deduplicate
from firstwire.core.stories.memories import DeduplicationState
from firstwire.files.story_models import load_story_knowledge
from schemas.article import Article
from schemas.codec import decode

WINDOW = timedelta(hours=72)


@dataclass
class Empty:
    """The shell with an empty core: every value goes on as it is."""

    prefix: str
    name: str = "empty"
    input: str = ARTICLES
    is_transactional_input: bool = False
    old_ids: None = None

    def new_state(self) -> State:
        return Stateless()

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        return Judged([Message(topic_name(self.prefix, STORIES), record.key, record.value)])

    def rejected(self, record: Received, reason: str) -> list[Message]:
        return []


@dataclass
class NoStories:
    """The first stage without the stories of rewrites."""

    writer: Writer
    name: str = "no-stories"
    input: str = ARTICLES
    is_transactional_input: bool = False
    old_ids: None = None

    def new_state(self) -> State:
        return DeduplicationState(WINDOW)

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        assert isinstance(state, DeduplicationState)
        found = deduplicate(state, decode(record.value, Article))
        headers = with_place(stamped(record.headers, "deduplicated_at", stamp), record)
        message = self.writer.message(STORIES, found.story.story_id, found.story, headers, record.timestamp_ms)
        return Judged([message], list(found.changes))

    def rejected(self, record: Received, reason: str) -> list[Message]:
        return []


async def main() -> None:
    bootstrap, prefix, kind = sys.argv[1:4]
    stages: dict[str, Stage] = {
        "empty": Empty(prefix),
        "deduplicate": NoStories(Writer(prefix)),
        "first-stage": Deduplicate(Writer(prefix), WINDOW, load_story_knowledge()),
    }
    stage = stages[kind]
    settings = Settings(kafka=KafkaSection(topic_prefix=prefix))
    configuration = Configuration(settings=settings, file=Path(tempfile.mkdtemp()) / "bench.toml", origins={})
    app = create_app(configuration, bootstrap, [stage])
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await app.start()
    await stop.wait()
    await app.stop()


if __name__ == "__main__":
    uvloop.run(main())

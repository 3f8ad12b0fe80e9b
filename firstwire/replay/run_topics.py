"""The topics of replays: `replay.RUN.alerts` and so on. No name of theirs can be one of the live topics.

Those end with a hyphen and the kind, whatever the prefix; so neither the notifier nor any stage can be given one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from firstwire.broker.admin import open_admin
from firstwire.broker.reader import open_reader
from firstwire.broker.topics import FOREVER_MS, Topic, create_topics
from firstwire.errors import ConfigError, TransientError
from firstwire.replay.files import NAMES
from firstwire.replay.topic import CLIENT_ID
from schemas.codec import DecodeError, decode
from schemas.replay_run import ReplayRun

RUN = "run"
"""The kind of the topic with the `ReplayRun`."""
DELETION_SECONDS = 30.0
"""Kafka deletes a little later than it says; who reads a topic meanwhile would wait 40 s for it in vain."""
DELETION_LOOK_SECONDS = 0.1
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_TOPIC = re.compile(rf"replay\.({_NAME.pattern})\.({'|'.join((*NAMES, RUN))})")


def run_topic(run: str, kind: str) -> str:
    """The name of a topic. Raises ConfigError if the run's name cannot be part of one."""
    if not _NAME.fullmatch(run):
        raise ConfigError(f"{run!r} is no name of a run: up to 61 of a-z, 0-9 and hyphens, not a hyphen first")
    return f"replay.{run}.{kind}"


@dataclass(frozen=True)
class RunTopics:
    """The topics of the runs on a broker."""

    bootstrap_servers: str
    replicas: int = 1

    async def claim(self, begun: ReplayRun) -> None:
        """Make the topics of a run. Raises ConfigError if there are topics of that name already."""
        settings = Topic("", "delete", FOREVER_MS).settings(self.replicas)  # records are of old times: none may expire
        async with self._admin() as admin:
            for kinds in ((RUN,), NAMES):  # the first is the claim: of two runs only one makes it
                topics = [
                    NewTopic(
                        name=run_topic(begun.run, kind),
                        num_partitions=1,
                        replication_factor=self.replicas,
                        topic_configs=settings,
                    )
                    for kind in kinds
                ]
                if await create_topics(admin, topics):
                    raise taken(begun.run)

    async def runs(self) -> dict[str, ReplayRun | None]:
        """The runs by name, as they were said last; None for topics that nobody has written to."""
        async with self._admin() as admin:
            names = {found[1] for topic in await admin.list_topics() if (found := _TOPIC.fullmatch(topic))}
        return {name: await self.run(name) for name in sorted(names)}

    async def run(self, name: str) -> ReplayRun | None:
        """A run as it was said last; None if there is none, or nobody has written to it."""
        topic = run_topic(name, RUN)
        found = None
        try:
            async with open_reader(self.bootstrap_servers, topic, client_id=CLIENT_ID) as reader:
                async for record in reader.read(await reader.range_of()):
                    found = decode(record.value, ReplayRun)
        except ConfigError:  # no such topic
            return None
        except DecodeError as err:
            raise ConfigError(f"not of a replay: {err}", place=topic) from err
        return found

    async def remove(self, runs: Iterable[str]) -> list[str]:
        """Delete the topics of runs, until they are gone; the names of those that there were."""
        wanted = set(runs)
        async with self._admin() as admin:
            there = {
                topic: found[1]
                for topic in await admin.list_topics()
                if (found := _TOPIC.fullmatch(topic)) and found[1] in wanted
            }
            if there:
                await admin.delete_topics(sorted(there))
                await self._until_gone(admin, there)
        return sorted(set(there.values()))

    async def remove_expired(self, now: str) -> list[str]:
        """Delete the topics of the runs whose time is over; their names."""
        return await self.remove(expired(await self.runs(), now))

    async def _until_gone(self, admin: AIOKafkaAdminClient, topics: Collection[str]) -> None:
        try:
            async with asyncio.timeout(DELETION_SECONDS):
                while True:
                    if set(topics).isdisjoint(await admin.list_topics()):
                        return
                    await asyncio.sleep(DELETION_LOOK_SECONDS)
        except TimeoutError as err:
            reason = f"Kafka has not deleted them within {DELETION_SECONDS:.0f} s: {', '.join(sorted(topics))}"
            raise TransientError(reason, place=self.bootstrap_servers) from err

    def _admin(self) -> AbstractAsyncContextManager[AIOKafkaAdminClient]:
        return open_admin(self.bootstrap_servers, "cannot manage topics", client_id=CLIENT_ID)


def expired(runs: Mapping[str, ReplayRun | None], now: str) -> list[str]:
    """The names of those that are to be kept no longer."""
    return [name for name, run in runs.items() if run is not None and run.keep_until <= now]


def new_token() -> str:
    """What tells a run from others of its name."""
    return uuid4().hex


def taken(run: str) -> ConfigError:
    return ConfigError(
        f"there is a run {run} already; choose another name, or remove it with: firstwire replays remove {run}",
        place=run_topic(run, RUN),
    )

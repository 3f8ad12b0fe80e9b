"""The Faust app: stages on in-memory channels, fed by transactional sources, under one guard and one watchdog.

Faust's own consumer, producer and tables are off: they acknowledge records that failed. The sources read; the batches
write and commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, NamedTuple, NoReturn, cast

import faust
import structlog
from faust.app.base import BootStrategy
from mode import ServiceT

import agents
from agents.alert import AlertOnEvents, AlertOnMatches
from agents.analyze import Analyze
from agents.batch import Batch
from agents.deduplicate import Deduplicate
from agents.figures import sample_stages
from agents.guard import Counts, Guard, leave
from agents.rule_follower import LiveRules
from agents.source import Source
from agents.stage import Stage, Writer
from agents.watchdog import Watchdog
from agents.wiring import Wiring, wall_clock
from firstwire.broker.topics import ARTICLES, STORIES, partition_count
from firstwire.config import Configuration, story_window
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.text.durations import seconds
from firstwire.errors import ConfigError, FatalError
from firstwire.files.rules import WrittenRule
from firstwire.files.story_models import load_story_knowledge
from firstwire.files.word_frequencies import load_word_frequencies
from firstwire.health import ProcessReporter
from firstwire.metrics import StageMetrics
from firstwire.rules.releases import Compiler

log = structlog.get_logger()

CHANNEL_SIZE = 16
KNOWLEDGE = "knowledge"
"""What a worker needs first to be ready: rules, names and models."""
MOST_NEWS = "en"
"""The language whose word list is loaded at start; others are loaded with their first article."""


class NoKafkaInFaust(BootStrategy):
    """Starts the agents, then the services that feed them, but nothing of Faust's that uses Kafka."""

    enable_kafka = False
    enable_web = False
    enable_sensors = False

    def server(self) -> Iterable[ServiceT]:
        app = cast(FirstwireApp, self.app)
        return [app.agents, *app.feeding]

    def tables(self) -> Iterable[ServiceT]:
        return []


class FirstwireApp(faust.App):
    """A Faust app whose agents can only write through their batch."""

    BootStrategy = NoKafkaInFaust

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.feeding: list[ServiceT] = []
        self.sources: list[Source] = []
        self.guard: Guard | None = None
        super().__init__(*args, **kwargs)

    async def maybe_start_producer(self) -> NoReturn:
        """Refuse: every send of Faust's, to a topic, its channel or a table, calls this first."""
        raise FatalError("agents write through their batch: Faust's producer is switched off")

    async def send(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FatalError("agents write through their batch: app.send is switched off")


REAL = Wiring(clock=wall_clock, leave=leave)


def refuse_shadowing() -> None:
    """Raise ConfigError if Python imported another project's `agents` package instead of this one."""
    if not getattr(agents, "FIRSTWIRE_AGENTS", False):
        raise ConfigError(
            "another package named 'agents' hides firstwire's; install firstwire in an environment of its own",
            place=str(getattr(agents, "__file__", "agents")),
        )


def stages(configuration: Configuration, knowledge: Knowledge, seeds: Seeds, partitions: int) -> list[Stage]:
    """All stages of a worker on topics with this number of partitions."""
    return [*stages_without_rules(configuration), *stages_with_rules(configuration, knowledge, seeds, partitions)]


def stages_without_rules(configuration: Configuration) -> list[Stage]:
    settings = configuration.settings
    writer = Writer(settings.kafka.topic_prefix)
    window = story_window(settings)
    return [Deduplicate(writer, window, load_story_knowledge()), AlertOnMatches(writer)]


def stages_with_rules(configuration: Configuration, knowledge: Knowledge, seeds: Seeds, partitions: int) -> list[Stage]:
    writer = Writer(configuration.settings.kafka.topic_prefix)
    return [Analyze(writer, knowledge, partitions), AlertOnEvents(writer, knowledge, seeds)]


def create_app(
    configuration: Configuration,
    bootstrap_servers: str,
    todo: Sequence[Stage],
    wiring: Wiring = REAL,
    before: Sequence[ServiceT] = (),
    reporter: ProcessReporter | None = None,
) -> FirstwireApp:
    """A Faust app that runs these stages. Start it with `await app.start()`, stop it with `await app.stop()`.

    The services in `before` are started before the first batch is read. `reporter` gets the metrics and the readiness.
    """
    reporter = reporter or ProcessReporter()
    reporter.readiness.has(KNOWLEDGE)
    refuse_shadowing()
    settings = configuration.settings
    prefix = settings.kafka.topic_prefix
    guard = Guard(clock=wiring.clock, leave=wiring.leave)
    datadir = configuration.data_dir / "faust"
    datadir.mkdir(parents=True, exist_ok=True)  # Faust requires one, though there are no tables to store
    app = FirstwireApp(
        f"{prefix}-worker",
        broker=f"kafka://{bootstrap_servers.split(',')[0]}",
        datadir=str(datadir),
        autodiscover=False,
        web_enabled=False,
    )
    metrics = StageMetrics(reporter.registry)
    sources = [
        _agent(app, guard, stage, prefix, bootstrap_servers, settings.worker.id, wiring, metrics) for stage in todo
    ]
    app.guard, app.sources = guard, sources
    watchdog = Watchdog(sources, seconds(settings.worker.stall_after), wiring.leave, reporter.readiness)
    app.feeding = [*before, *sources, watchdog]
    sample_stages(reporter.registry, prefix, watchdog, guard)
    app.finalize()
    app.flow_control.resume()  # channels are blocked until then; Faust's own consumer would do it
    return app


def _agent(
    app: FirstwireApp,
    guard: Guard,
    stage: Stage,
    prefix: str,
    bootstrap_servers: str,
    member: str,
    wiring: Wiring,
    metrics: StageMetrics,
) -> Source:
    channel = app.channel(maxsize=CHANNEL_SIZE)
    writer = Writer(prefix)

    async def run(batches: Any) -> None:
        await guard.run(stage, writer, batches)

    app.agent(channel, name=f"{prefix}-{stage.name}", concurrency=1)(run)
    return Source(
        stage,
        bootstrap_servers=bootstrap_servers,
        prefix=prefix,
        member=member,
        put=_putter(channel),
        wiring=wiring,
        metrics=metrics,
    )


def _putter(channel: Any) -> Callable[[Batch], Awaitable[None]]:
    async def put(batch: Batch) -> None:
        while not channel.subscriber_count:  # a channel without an agent drops batches  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await channel.put(batch)

    return put


class Known(NamedTuple):
    """What the files say, as `load_written` reads it."""

    knowledge: Knowledge
    written: Sequence[WrittenRule]
    seeds: Seeds


async def work(
    configuration: Configuration,
    bootstrap_servers: str,
    inputs: Collection[str],
    known: Known | None,
    *,
    stop: asyncio.Event,
    on_ready: Callable[[], None] = lambda: None,
    reporter: ProcessReporter | None = None,
) -> None:
    """Run the stages with these inputs until `stop` is set and the batches in progress have ended.

    `known` is needed for the stages that ask the rules. Its rules are published first if they differ from the topic
    `rules`. `on_ready`: every source has joined.
    """
    todo = stages_without_rules(configuration)
    reading: list[Awaitable[object]] = []
    if ARTICLES in inputs:
        reading.append(asyncio.to_thread(load_word_frequencies, MOST_NEWS))  # while Kafka answers
        reading.append(asyncio.to_thread(load_story_knowledge().load))
    before: list[ServiceT] = []
    if known is not None and STORIES in inputs:
        reading.append(asyncio.to_thread(known.knowledge.reading.load))
    if known is not None:
        compiler = Compiler(known.knowledge.gazetteer, known.written, known.seeds.groups)
        live = LiveRules(bootstrap_servers, configuration.settings.kafka.topic_prefix, compiler, known.written, REAL)
        reading.append(live.publish_files())
        before.append(live)
        partitions = await partition_count(bootstrap_servers, configuration.settings.kafka.topic_prefix)
        todo += stages_with_rules(configuration, replace(known.knowledge, rules=live), known.seeds, partitions)
    await asyncio.gather(*reading)
    app = create_app(
        configuration,
        bootstrap_servers,
        [stage for stage in todo if stage.input in inputs],
        before=before,
        reporter=reporter,
    )
    await app.start()
    announcing = asyncio.create_task(_announce(app, on_ready))
    await stop.wait()
    announcing.cancel()
    await app.stop()
    for source in app.sources:
        counts = app.guard.counts.get(source.stage.name, Counts()) if app.guard is not None else Counts()
        log.info("stage_stopped", stage=source.stage.name, batches=source.committed_batches, **asdict(counts))


async def _announce(app: FirstwireApp, on_ready: Callable[[], None]) -> None:
    for source in app.sources:
        await source.has_joined.wait()
    on_ready()

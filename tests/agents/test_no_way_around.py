"""No agent can send or commit outside its batch's transaction, nor run without the guard: by structure and by trial."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import agents
from agents.app import FirstwireApp, Wiring, create_app, refuse_shadowing, stages
from agents.batch import Batch
from agents.guard import Guard
from agents.stage import Judged, Stage
from firstwire.broker.topics import JUDGED, JUDGED_BY_RULES, STAGES
from firstwire.config import Configuration, KafkaSection, Settings, load
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.rules.rulebook import Rulebook
from firstwire.daemon import WORKERS
from firstwire.errors import ConfigError, FatalError
from tests.fakes.stages import Counted, PassOn
from tests.support.exits import Exits
from tests.support.knowledge import knowledge_of
from tests.support.producer import NOW, PREFIX, FakeProducer, partition, record

FOLDER = Path(agents.__file__).parent
MODULES = sorted(file.stem for file in FOLDER.glob("*.py"))
JUDGES = ["deduplicate", "analyze", "alert", "stage"]


def tree(module: str) -> ast.Module:
    return ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[tuple[str, str]]:
    """(module, name) of everything imported, wherever in the file it stands."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def calls(module: str) -> Iterator[tuple[str, ast.Call]]:
    """(last name of what is called, the call)."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call):
            function = node.func
            yield function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""), node


def modules_that_call(*names: str) -> set[str]:
    return {module for module in MODULES for name, _ in calls(module) if name in names}


# --- structure -------------------------------------------------------------------------------------------------------


def test_every_stage_s_module_is_looked_at() -> None:
    assert set(JUDGES) < set(MODULES)
    judging = {
        module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "judge"
    }
    assert judging <= set(JUDGES)


@pytest.mark.parametrize("module", JUDGES)
def test_a_judgement_knows_no_client_no_faust_and_no_clock(module: str) -> None:
    roots = {name.partition(".")[0] for name, _ in imports(module)}
    assert not roots & {"aiokafka", "faust", "mode", "kafka", "confluent_kafka", "socket", "asyncio", "time", "random"}
    known = {
        "firstwire.broker.producer": {"Headers", "Message"},
        "firstwire.broker.reader": {"Received"},
        "firstwire.broker.commit_notes": {"Tally"},
    }
    for name, what in imports(module):
        if name.startswith("firstwire.broker") and name != "firstwire.broker.topics":
            assert what in known.get(name, set()), f"{module}.py imports {what} from {name}"
        assert name not in {"agents.batch", "agents.source", "agents.app", "agents.guard"}


@pytest.mark.parametrize("module", JUDGES)
def test_a_judgement_is_not_asynchronous_and_calls_nothing_that_sends(module: str) -> None:
    assert not [node for node in ast.walk(tree(module)) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]
    assert not {name for name, _ in calls(module)} & {"send", "send_soon", "commit", "transaction", "put", "__import__"}


def test_only_a_batch_opens_transactions_and_commits_offsets() -> None:
    assert modules_that_call("transaction", "commit_offsets") == {"batch"}
    raw = ("begin_transaction", "commit_transaction", "send_offsets_to_transaction", "commit", "send_and_wait")
    assert modules_that_call(*raw) == set()


def test_only_a_batch_sends() -> None:
    assert modules_that_call("send", "send_soon", "send_all", "publish_message", "cast", "ask") <= {"batch", "app"}
    sends = [node for name, node in calls("app") if name in {"send", "send_soon", "send_all"}]
    assert sends == []


def test_only_a_source_owns_consumers_and_its_opening_producers_and_no_consumer_commits_by_itself() -> None:
    assert modules_that_call("AIOKafkaConsumer") == {"source"}
    assert modules_that_call("TransactionalProducer") == {"opening"}
    assert modules_that_call("open_reader") == {"source", "opening"}
    for name, call in calls("source"):
        if name == "AIOKafkaConsumer":
            options = {option.arg: option.value for option in call.keywords}
            assert ast.literal_eval(options["enable_auto_commit"]) is False
            assert ast.literal_eval(options["isolation_level"]) == "read_committed"
            assert ast.literal_eval(options["auto_offset_reset"]) == "earliest"
    assert modules_that_call("AIOKafkaProducer", "ConfirmedProducer") == set()


def test_faust_is_known_to_the_app_alone() -> None:
    knowing = {module for module in MODULES for name, _ in imports(module) if name.partition(".")[0] == "faust"}
    assert knowing == {"app"}


def test_agents_are_registered_in_one_place_and_nothing_is_decorated_with_one() -> None:
    assert [module for module in MODULES for name, _ in calls(module) if name in {"agent", "task", "timer"}].count(
        "app"
    ) == 1
    assert modules_that_call("agent") == {"app"}


# --- trial -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Configuration:
    return Configuration(
        settings=Settings(kafka=KafkaSection(topic_prefix=PREFIX, data_dir=str(tmp_path))), file=None, origins={}
    )


@asynccontextmanager
async def app_of(settings: Configuration, *todo: Stage) -> AsyncIterator[FirstwireApp]:
    """An app that is not started, with what Faust opens by itself closed at the end."""
    app = create_app(settings, "127.0.0.1:1", todo, Wiring(clock=lambda: NOW, leave=Exits(SystemExit).leave))
    try:
        yield app
    finally:
        if app._consumer is not None:  # never started, with a loop of its own that nobody closes
            app._consumer._thread.thread_loop.close()


async def test_every_agent_of_the_app_runs_through_the_guard(
    settings: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded: list[tuple[str, Any]] = []

    async def run(self: Guard, stage: Stage, writer: object, batches: Any) -> None:
        guarded.append((stage.name, batches))

    monkeypatch.setattr(Guard, "run", run)
    empty = knowledge_of(Rulebook())
    todo = stages(load(None, {}), empty, Seeds(), 4)
    async with app_of(settings, *todo) as app:
        assert len(app.agents) == len(todo) == len(app.sources) == 4
        for number, agent in enumerate(app.agents.values()):
            await agent.fun(number)
    assert sorted(guarded) == sorted((stage.name, number) for number, stage in enumerate(todo))


def test_every_stage_runs_in_one_process_that_run_starts() -> None:
    todo = stages(load(None, {}), knowledge_of(Rulebook()), Seeds(), 4)
    inputs = [word for command in WORKERS.values() for word in command if word not in {"work", "--input"}]
    assert sorted(inputs) == sorted(stage.input for stage in todo) == sorted(JUDGED)
    assert {stage.name: stage.input for stage in todo} == STAGES
    asking = {stage.input for stage in todo if hasattr(stage, "knowledge")}
    assert asking == JUDGED_BY_RULES


async def test_every_way_that_faust_sends_is_switched_off(settings: Configuration) -> None:
    async with app_of(settings, PassOn(PREFIX)) as app:
        topic = app.topic("t-alerts")
        for attempt in (
            lambda: app.send("t-alerts", value=b"x"),
            lambda: app.send(topic, value=b"x"),
            lambda: topic.send(value=b"x"),
            lambda: topic.send(key=b"k", value=b"x"),
            lambda: app.topic("t-other", internal=True).send(value=b"x"),
            lambda: app.maybe_start_producer(),
        ):
            with pytest.raises(FatalError, match="through their batch"):
                await attempt()


async def test_faust_s_own_consumer_tables_and_web_are_never_started(settings: Configuration) -> None:
    async with app_of(settings, PassOn(PREFIX)) as app:
        strategy = app.boot_strategy
        assert {type(service).__name__ for service in strategy.server()} == {"AgentManager", "Source", "Watchdog"}
        assert list(strategy.tables()) == []
        assert not strategy.enable_kafka
        assert not strategy.enable_web


async def test_a_rogue_agent_that_sends_is_stopped_and_nothing_leaves(settings: Configuration) -> None:
    async with app_of(settings) as app:
        channel = app.channel()
        met: list[BaseException] = []
        tried = asyncio.Event()

        async def rogue(stream: AsyncIterator[bytes]) -> None:
            async for value in stream:
                for attempt in (app.send("t-alerts", value=value), app.topic("t-alerts").send(value=value)):
                    try:
                        await attempt
                    except FatalError as err:
                        met.append(err)
                tried.set()

        app.agent(channel, name="rogue", concurrency=1)(rogue)
        await app.start()
        try:
            await channel.put(b"x")
            await asyncio.wait_for(tried.wait(), 10)
        finally:
            await app.stop()
        assert len(met) == 2
        assert app._producer is None or not app._producer.started


async def test_a_step_without_the_guard_cannot_have_a_batch_done() -> None:
    """Nothing but a commit resolves `done`, and the source waits for it before it hands out more."""
    producer = FakeProducer()
    part = partition(Counted(), producer)
    one = Batch.of(part, [record(0, b"a")], lambda committed: None)
    for each in one.records:  # judged, and never written
        PassOn(PREFIX).judge(part.state, each, NOW)
    async with one:
        pass
    assert not one.done.done()
    assert producer.calls == []
    assert part.next_offset == 0


async def test_a_judgement_that_keeps_the_batch_cannot_add_to_it_later() -> None:
    producer = FakeProducer()
    part = partition(Counted(), producer)
    one = Batch.of(part, [record(0, b"a")], lambda committed: None)
    async with one as out:
        out.add(one.records[0], [], [])
    with pytest.raises(FatalError):
        out.add(one.records[0], Judged().messages, [])
    assert producer.calls == ["begin", "offsets", "commit"]


def test_another_project_s_agents_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_shadowing()
    monkeypatch.delattr(agents, "FIRSTWIRE_AGENTS")
    with pytest.raises(ConfigError, match="another package named 'agents'"):
        refuse_shadowing()

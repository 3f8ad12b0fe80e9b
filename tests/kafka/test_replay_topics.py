"""Replays into topics of their own, on a real Kafka: the bytes of the files, each once, and no live one is touched."""

from __future__ import annotations

import asyncio
import signal
import uuid
from dataclasses import replace as with_fields
from pathlib import Path

import pytest
from msgspec.structs import replace

from agents.wiring import wall_clock
from firstwire.broker.admin import open_admin
from firstwire.broker.reader import Received, read_all
from firstwire.broker.topics import ALERTS, ARTICLES, topic_name
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.rulebook import EventRule
from firstwire.errors import EXIT_OK, ConfigError
from firstwire.files.rules import written_rules
from firstwire.replay.files import NAMES, ResultFiles
from firstwire.replay.journal import NAME
from firstwire.replay.plan import Keeping, ReadingPlan
from firstwire.replay.progress import ReadSoFar
from firstwire.replay.reading import StartStage
from firstwire.replay.run import Replayed, Results
from firstwire.replay.run_topics import RUN, RunTopics, run_topic
from firstwire.replay.service import replay_source
from firstwire.replay.sources import FileSource, ReplaySource
from firstwire.replay.topic import TopicSource
from firstwire.replay.topic_results import TopicResults
from firstwire.rules.releases import publish as publish_rules
from schemas.article import Article
from schemas.codec import decode, encode
from schemas.replay_run import ReplayRun
from schemas.times import to_milliseconds
from tests.support.command_line import typed
from tests.support.kafka import create_topic, publish, tell
from tests.support.knowledge import knowledge_of, shipped_gazetteer, shipped_ledger, shipped_lemmas
from tests.support.processes import exit_code, firstwire
from tests.support.records import WINDOW, article, rulebook
from tests.support.replays import WHOLE, articles_file
from tests.support.waiting import until

TITLES = (
    "Russia becomes the first nation to recognize the Taliban government",
    "Iran and Turkey recognize the Taliban government",
    "Ships wait in the port of Aden",
    "India opens an embassy in Kabul",
)


def news() -> list[Article]:
    return [
        article(f"{outlet}-{day}-{number}", title=title, body=f"{title}, on day {day}.", hours=24 * day + number,
                source=outlet)
        for day in range(4)
        for number, title in enumerate(TITLES)
        for outlet in ("Reuters", "AFP")
    ]  # fmt: skip


@pytest.fixture
def knowledge() -> Knowledge:
    return knowledge_of(rulebook(EventRule(id="acts", action=("*",), max_age_seconds=None)))


@pytest.fixture
def ledger() -> Seeds:
    return shipped_ledger()


@pytest.fixture
def source(tmp_path: Path) -> FileSource:
    return articles_file(tmp_path / "file", news())


def a_run(name: str, token: str = "one", keep_until: str = "2999-01-01T00:00:00.000Z") -> ReplayRun:
    began = "2025-08-01T00:00:00.000Z"
    return ReplayRun(run=name, token=token, source="a file", began_at=began, keep_until=keep_until)


def new_name() -> str:
    return f"t-{uuid.uuid4().hex[:10]}"


async def replayed(
    source: ReplaySource, knowledge: Knowledge, ledger: Seeds, results: Results, plan: ReadingPlan, stop_at: int = 0
) -> None:
    def progress(read: ReadSoFar) -> None:
        if read.articles == stop_at:
            raise KeyboardInterrupt

    await replay_source(
        source, WHOLE, StartStage.ARTICLES, knowledge, ledger, WINDOW, corrections=True, plan=plan, results=results,
        progress=progress,
    )  # fmt: skip


async def in_files(source: ReplaySource, knowledge: Knowledge, ledger: Seeds, folder: Path) -> dict[str, list[bytes]]:
    async with ResultFiles(folder) as files:
        await replayed(source, knowledge, ledger, files, ReadingPlan())
    return {name: (folder / f"{name}.jsonl").read_bytes().splitlines() for name in NAMES}


async def in_topics(address: str, run: str) -> dict[str, list[Received]]:
    return {name: [one async for one in read_all(address, run_topic(run, name))] for name in NAMES}


def values(found: dict[str, list[Received]]) -> dict[str, list[bytes | None]]:
    return {name: [one.value for one in records] for name, records in found.items()}


async def test_topics_hold_the_lines_of_the_files_at_the_times_of_the_articles(
    source: FileSource, knowledge: Knowledge, ledger: Seeds, kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    wanted = await in_files(source, knowledge, ledger, tmp_path / "files")
    await tell(kafka_bootstrap, kafka_prefix, news())
    live = TopicSource(kafka_bootstrap, kafka_prefix, shipped_lemmas())
    topics = RunTopics(kafka_bootstrap)
    for each in (source, live):
        name = new_name()
        async with TopicResults(topics, a_run(name)) as results:
            await replayed(each, knowledge, ledger, results, ReadingPlan())
        found = await in_topics(kafka_bootstrap, name)
        assert values(found) == wanted
        assert len(wanted["alerts"]) >= 3
        times = {to_milliseconds(one.fetched_at) for one in news()}
        assert {one.timestamp_ms for records in found.values() for one in records} <= times
        done = await topics.run(name)
        assert done is not None
        assert (done.is_done, done.articles, done.alerts) == (True, len(news()), len(wanted["alerts"]))
        assert await topics.remove([name]) == [name]
    assert len([one async for one in read_all(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES))]) == len(news())
    assert [one async for one in read_all(kafka_bootstrap, topic_name(kafka_prefix, ALERTS))] == []


async def test_an_interrupted_run_goes_on_behind_what_it_wrote(
    source: FileSource, knowledge: Knowledge, ledger: Seeds, kafka_bootstrap: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("firstwire.replay.topic_results.SENT_TOGETHER", 3)
    wanted = await in_files(source, knowledge, ledger, tmp_path / "files")
    name, topics = new_name(), RunTopics(kafka_bootstrap)
    plan = ReadingPlan(keeping=Keeping(tmp_path / "kept", "replay", ""))
    written = []
    for stop_at in (5, 5, 17, 0):
        try:
            async with TopicResults(topics, a_run(name)) as results:
                await replayed(source, knowledge, ledger, results, plan, stop_at)
        except KeyboardInterrupt:
            pass
        written.append(len((await in_topics(kafka_bootstrap, name))["stories"]))
    assert 0 < written[0] == written[1] < written[2] < written[3]
    assert values(await in_topics(kafka_bootstrap, name)) == wanted
    # The same once more changes nothing, and another ledger would
    async with TopicResults(topics, a_run(name)) as results:
        await replayed(source, knowledge, ledger, results, plan)
    assert values(await in_topics(kafka_bootstrap, name)) == wanted
    assert await said(kafka_bootstrap, name) == [("one", False), ("one", True)]
    other = knowledge_of(rulebook(EventRule(id="other", action=("*",), max_age_seconds=None)))
    with pytest.raises(ConfigError, match="is another one than this run makes"):
        async with TopicResults(topics, a_run(name)) as results:
            await replayed(source, other, ledger, results, ReadingPlan())
    await topics.remove([name])


async def test_two_runs_do_not_meet(
    source: FileSource, knowledge: Knowledge, ledger: Seeds, kafka_bootstrap: str
) -> None:
    name, topics = new_name(), RunTopics(kafka_bootstrap)
    runs = [TopicResults(topics, a_run(name, token)) for token in ("one", "other")]
    ends = await asyncio.gather(
        *(replayed_by(each, source, knowledge, ledger) for each in runs), return_exceptions=True
    )
    (refused,) = [each for each in ends if isinstance(each, ConfigError)]
    assert f"there is a run {name} already; choose another name" in str(refused)
    assert sorted(map(type, ends), key=str) == sorted([type(None), ConfigError], key=str)
    stories = (await in_topics(kafka_bootstrap, name))["stories"]
    assert len(stories) == len(news())
    (first, _), (last, _) = told = await said(kafka_bootstrap, name)
    assert first == last
    assert [is_done for _, is_done in told] == [False, True]
    await topics.remove([name])


async def replayed_by(results: TopicResults, source: ReplaySource, knowledge: Knowledge, ledger: Seeds) -> None:
    async with results as entered:
        await replayed(source, knowledge, ledger, entered, ReadingPlan())


async def test_topics_that_no_run_recorded_are_neither_listed_nor_removed_nor_written_to(
    source: FileSource, knowledge: Knowledge, ledger: Seeds, kafka_bootstrap: str
) -> None:
    topics, (events, run, other) = RunTopics(kafka_bootstrap), (new_name() for _ in range(3))
    strangers = [run_topic(events, "events"), run_topic(run, RUN), run_topic(other, RUN), run_topic(other, "alerts")]
    for topic in strangers:
        await create_topic(kafka_bootstrap, topic)
    await publish(kafka_bootstrap, run_topic(run, RUN), [b"a run of something else"])
    await publish(kafka_bootstrap, run_topic(other, RUN), [encode(a_run("elsewhere"))])
    assert not {events, run, other} & set(await topics.runs())
    assert await topics.remove([events, run, other]) == []
    await topics.remove_expired("2999-12-31T00:00:00.000Z")
    for name, words in (
        (events, "no replay has recorded"),
        (run, "not of a replay"),
        (other, "not of a replay of this"),
    ):
        with pytest.raises(ConfigError, match=words):
            await replayed_by(TopicResults(topics, a_run(name)), source, knowledge, ledger)
    async with open_admin(kafka_bootstrap, "cannot look") as admin:
        assert set(strangers) == {topic for topic in await admin.list_topics() if topic.split(".")[1:2] in (
            [events], [run], [other])}  # fmt: skip
        await admin.delete_topics(strangers)


@pytest.mark.parametrize("is_recorded", [False, True])
async def test_a_run_that_was_interrupted_before_it_wrote_anything_goes_on(
    source: FileSource, knowledge: Knowledge, ledger: Seeds, kafka_bootstrap: str, tmp_path: Path, is_recorded: bool
) -> None:
    wanted = await in_files(source, knowledge, ledger, tmp_path / "files")
    name, topics = new_name(), RunTopics(kafka_bootstrap)
    await create_topic(kafka_bootstrap, run_topic(name, RUN))
    if is_recorded:
        await publish(kafka_bootstrap, run_topic(name, RUN), [encode(a_run(name))])
        with pytest.raises(ConfigError, match=f"there is a run {name} already"):
            await replayed_by(TopicResults(topics, a_run(name, "other")), source, knowledge, ledger)
    await replayed_by(TopicResults(topics, a_run(name)), source, knowledge, ledger)
    assert values(await in_topics(kafka_bootstrap, name)) == wanted
    assert await said(kafka_bootstrap, name) == [("one", False), ("one", True)]
    await topics.remove([name])


async def test_to_begin_anew_removes_what_the_interrupted_run_wrote_and_nothing_of_another(
    source: FileSource, knowledge: Knowledge, ledger: Seeds, kafka_bootstrap: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("firstwire.replay.topic_results.SENT_TOGETHER", 3)
    name, topics = new_name(), RunTopics(kafka_bootstrap)
    kept = Keeping(tmp_path / "kept", "replay", "", "one")
    with pytest.raises(KeyboardInterrupt):
        async with TopicResults(topics, a_run(name)) as results:
            await replayed(source, knowledge, ledger, results, ReadingPlan(keeping=kept), 17)
    journal = (tmp_path / "kept" / NAME).read_bytes()
    anew = ReadingPlan(keeping=with_fields(kept, restart=True))
    with pytest.raises(ConfigError, match=f"there is a run {name} already"):
        async with TopicResults(topics, a_run(name, "other"), restart=True) as results:
            await replayed(source, knowledge, ledger, results, anew)
    assert (tmp_path / "kept" / NAME).read_bytes() == journal
    other = knowledge_of(rulebook(EventRule(id="other", action=("*",), max_age_seconds=None)))
    wanted = await in_files(source, other, ledger, tmp_path / "files")
    async with TopicResults(topics, a_run(name), restart=True) as results:
        await replayed(source, other, ledger, results, anew)
    assert values(await in_topics(kafka_bootstrap, name)) == wanted
    assert await said(kafka_bootstrap, name) == [("one", False), ("one", True)]
    await topics.remove([name])


async def test_articles_of_the_future_have_their_times(
    knowledge: Knowledge, ledger: Seeds, kafka_bootstrap: str, tmp_path: Path
) -> None:
    at = "2999-07-01T00:00:00.000Z"
    source = articles_file(tmp_path / "file", [replace(one, fetched_at=at) for one in news()])
    wanted = await in_files(source, knowledge, ledger, tmp_path / "files")
    name, topics = new_name(), RunTopics(kafka_bootstrap)
    await replayed_by(TopicResults(topics, a_run(name)), source, knowledge, ledger)
    found = await in_topics(kafka_bootstrap, name)
    assert values(found) == wanted
    assert {one.timestamp_ms for records in found.values() for one in records} == {to_milliseconds(at)}
    await topics.remove([name])


async def said(address: str, run: str) -> list[tuple[str, bool]]:
    """The tokens of what was said of a run, and whether it was done."""
    records = [decode(one.value, ReplayRun) async for one in read_all(address, run_topic(run, RUN))]
    return [(one.token, one.is_done) for one in records]


async def test_runs_are_removed_by_name_and_when_their_time_is_over(kafka_bootstrap: str, kafka_prefix: str) -> None:
    topics = RunTopics(kafka_bootstrap)
    old, young = new_name(), new_name()
    for name, until_ in ((old, "2025-08-08T00:00:00.000Z"), (young, "2025-09-01T00:00:00.000Z")):
        async with TopicResults(topics, a_run(name, keep_until=until_)) as results:
            await results.finish(Replayed(), "2025-07-01T00:00:00.000Z")
    assert {old, young} <= set(await topics.runs())
    assert old in await topics.remove_expired("2025-08-09T00:00:00.000Z")
    left = await topics.runs()
    assert young in left
    assert old not in left
    assert await topics.remove([young, "never-was"]) == [young]
    assert [one async for one in read_all(kafka_bootstrap, topic_name(kafka_prefix, ALERTS))] == []


@pytest.mark.timeout(600)
async def test_killed_and_typed_again_the_topics_have_every_record_once(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    """A release of rules that came meanwhile does not change them."""
    await tell(kafka_bootstrap, kafka_prefix, news())
    rules = tmp_path / "rules.yaml"

    async def release(text: str) -> int:
        rules.write_text(text)
        return (
            await publish_rules(kafka_bootstrap, kafka_prefix, written_rules([rules], shipped_gazetteer()), wall_clock)
        ).release

    assert await release("events: [{id: acts, action: '*', max_age: 'off'}]") == 1
    config = tmp_path / "firstwire.toml"
    config.write_text(
        f'[kafka]\nbootstrap_servers = "{kafka_bootstrap}"\ntopic_prefix = "{kafka_prefix}"\ndata_dir = "var"\n'
    )
    options = ("replay", "--from-topic", "--config", str(config))
    code, _, err = await typed(*options, "--output", tmp_path / "whole", cwd=tmp_path)
    assert code == EXIT_OK, err
    name, log = new_name(), tmp_path / "log"
    kept = tmp_path / "var" / "replays" / name / ".unfinished"
    to_topics = (*options, "--to-topics", name)
    with firstwire(*to_topics, "--rate", "4", log=log, folder=tmp_path) as process:

        async def has_kept() -> bool:
            assert process.poll() is None, log.read_text()
            return kept.exists() and kept.stat().st_size > 1_500

        await until(has_kept, "something was read")
        process.send_signal(signal.SIGKILL)
        assert await exit_code(process) == -signal.SIGKILL
    assert await release("events: [{id: other, action: '*', max_age: 'off'}]") == 2
    code, _, err = await typed(*to_topics, cwd=tmp_path)
    assert (code, "an interrupted replay goes on" in err, f"replay.{name}.*" in err) == (EXIT_OK, True, True), err
    wanted = {each: (tmp_path / "whole" / f"{each}.jsonl").read_bytes().splitlines() for each in NAMES}
    assert values(await in_topics(kafka_bootstrap, name)) == wanted
    code, out, _ = await typed("replays", "list", "--config", config, cwd=tmp_path)
    assert (code, name in out, "not done" in out.split(name)[1].splitlines()[0]) == (EXIT_OK, True, False)
    code, _, err = await typed(*to_topics, cwd=tmp_path)
    assert (code, f"there is a run {name} already" in err) == (78, True), err
    code, out, err = await typed("replays", "remove", name, "--config", config, cwd=tmp_path)
    assert (code, out) == (EXIT_OK, f"removed {name}\n"), err
    code, _, err = await typed("replays", "remove", "never-was", "--config", config, cwd=tmp_path)
    assert (code, "no run never-was" in err) == (78, True)

"""In several processes, or interrupted and gone on with: the same results; and nothing goes on with another run's."""

from __future__ import annotations

import ast
import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import packages_distributions, version
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

import firstwire.core
import firstwire.files
import schemas
import seeds
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.rulebook import EventRule, Rulebook
from firstwire.errors import ConfigError, FatalError
from firstwire.files.parser import MODEL
from firstwire.replay import identity
from firstwire.replay.journal import NAME, Journal, begun_before, delete_journal
from firstwire.replay.plan import Keeping, ReadingPlan, discard_kept
from firstwire.replay.progress import ReadSoFar
from firstwire.replay.reader_processes import ReadByProcesses
from firstwire.replay.reading import BREATH_SECONDS, StartStage
from firstwire.replay.readings import MatchedStory, Reading, ReadingTask, Unread
from firstwire.replay.run import Replayed
from firstwire.replay.sources import ArchiveSource, FileSource, ReplaySource
from schemas.article import Article
from tests.support.indexing import story
from tests.support.knowledge import knowledge_of, shipped_ledger
from tests.support.records import article, at
from tests.support.replays import articles_file, line_of, run_source, span_of
from tests.support.rules import rulebook_in

WATCHES = 'watches: [{id: embassy, query: "embass* OR @taliban"}, {id: ships, query: "ship*", tell: all}]'
EVENTS = (
    EventRule(id="first-to-recognize", action=("recognize",), novelty="first", severity="critical"),
    EventRule(id="any", action=("*",)),
)
TITLES = (
    "Russia becomes the first nation to recognize the Taliban government",
    "Iran and Turkey recognize the Taliban government",
    "Россия первой признала правительство талибов",
    "Ships wait in the port of Aden",
    "India opens an embassy in Kabul",
)


def news(days: int = 8) -> list[Article]:
    """Every title again and again, told a little differently, so that there are copies, updates and duplicates."""
    return [
        article(
            f"{outlet}-{number}-{day if number else 0}",
            title=title,
            body=f"{title}, it was said. {'More is known now. ' * (day % 3)}",
            hours=24 * day + number,
            source=outlet,
            language="ru" if title[0] == "Р" else "en",
        )
        for day in range(days)
        for number, title in enumerate(TITLES)
        for outlet in ("Reuters", "AFP")
    ]


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    watches = rulebook_in(tmp_path_factory.mktemp("rules"), WATCHES).watches
    return knowledge_of(Rulebook(watches=watches, events=EVENTS))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> FileSource:
    return articles_file(tmp_path_factory.mktemp("file"), news())


@pytest.fixture(scope="module")
def sources(file: FileSource, kept: ArchiveSource) -> dict[StartStage, ReplaySource]:
    return {StartStage.ARTICLES: file, StartStage.STORIES: kept}


@pytest.fixture(scope="module")
def whole(sources: dict[StartStage, ReplaySource], knowledge: Knowledge, ledger: Seeds) -> dict[StartStage, Replayed]:
    return {stage: run_source(source, knowledge, ledger, stage=stage) for stage, source in sources.items()}


def keeping(folder: Path, processes: int = 1) -> ReadingPlan:
    return ReadingPlan(processes, Keeping(folder, "replay", "entities"))


def after(count: int, then: Callable[[], None]) -> Callable[[ReadSoFar], None]:
    def progress(read: ReadSoFar) -> None:
        if read.articles == count:
            then()

    return progress


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("stage", StartStage)
@pytest.mark.parametrize("processes", [2, 3])
def test_several_processes_give_what_one_gives(
    sources: dict[StartStage, ReplaySource],
    whole: dict[StartStage, Replayed],
    knowledge: Knowledge,
    ledger: Seeds,
    stage: StartStage,
    processes: int,
) -> None:
    found = run_source(sources[stage], knowledge, ledger, stage=stage, plan=ReadingPlan(processes))
    assert found == whole[stage]
    assert list(found.alerts) == list(whole[stage].alerts)
    assert len(found.outcomes) > 40
    assert len(found.alerts) > 3


@pytest.mark.parametrize("stage", StartStage)
@pytest.mark.parametrize("processes", [1, 2])
def test_interrupted_anywhere_and_gone_on_with_it_is_the_same_and_nothing_is_read_twice(
    sources: dict[StartStage, ReplaySource],
    whole: dict[StartStage, Replayed],
    knowledge: Knowledge,
    ledger: Seeds,
    stage: StartStage,
    processes: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    matched = ReadingTask.matched

    def counted(task: ReadingTask, unread: Unread) -> object:
        read.append(unread.story.article_id + unread.story.fetched_at)
        return matched(task, unread)

    monkeypatch.setattr(ReadingTask, "matched", counted)
    for count in (3, 40):
        with pytest.raises(KeyboardInterrupt):
            run_source(
                sources[stage],
                knowledge,
                ledger,
                stage=stage,
                plan=keeping(tmp_path, processes),
                progress=after(count, interrupt),
            )
        assert begun_before(tmp_path) is not None
    found = run_source(sources[stage], knowledge, ledger, stage=stage, plan=keeping(tmp_path))
    assert found == whole[stage]
    assert list(found.alerts) == list(whole[stage].alerts)
    assert len(read) == len(set(read))
    if processes == 1:
        stories = len([one for one in found.outcomes if one.outcome != "duplicate"])
        assert len(read) == stories
    discard_kept(keeping(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_a_ctrl_c_is_heard_after_the_article_that_is_read(
    file: FileSource, knowledge: Knowledge, ledger: Seeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    matched = ReadingTask.matched
    read = 0

    def slow(task: ReadingTask, unread: Unread) -> MatchedStory:
        nonlocal read
        read += 1
        time.sleep(2 * BREATH_SECONDS)  # as a long text takes
        return matched(task, unread)

    monkeypatch.setattr(ReadingTask, "matched", slow)
    typed = after(5, lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        run_source(file, knowledge, ledger, progress=typed)
    assert read == 5


@contextmanager
def another_thread_hears() -> Iterator[None]:
    """A Ctrl-C reaches another thread of this process than the first, which may sleep on."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait, daemon=True)
    thread.start()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        over.set()
        thread.join()


@pytest.mark.parametrize("hears", [nullcontext, another_thread_hears])
def test_a_ctrl_c_does_not_wait_for_what_several_processes_were_handed(
    hears: Callable[[], AbstractContextManager[None]],
    knowledge: Knowledge,
    ledger: Seeds,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, waited_for = articles_file(tmp_path, news()[:10]), tmp_path / "waited-for"
    typed = tmp_path / "typed"

    def slow(task: ReadingTask, unread: Unread) -> MatchedStory:
        if not typed.exists():
            typed.touch()
            os.kill(os.getppid(), signal.SIGINT)
            time.sleep(15)
            waited_for.touch()
        raise InterruptedError

    monkeypatch.setattr(ReadingTask, "matched", slow)
    with hears(), pytest.raises(KeyboardInterrupt):
        run_source(source, knowledge, ledger, plan=keeping(tmp_path / "out", 2))
    assert typed.exists()
    assert not waited_for.exists()
    monkeypatch.undo()
    assert run_source(source, knowledge, ledger, plan=keeping(tmp_path / "out", 2)) == run_source(
        source, knowledge, ledger
    )


def test_a_kill_in_the_middle_of_writing_loses_a_piece_and_no_more(
    file: FileSource, whole: dict[StartStage, Replayed], knowledge: Knowledge, ledger: Seeds, tmp_path: Path
) -> None:
    """Cut at every kind of place, or with a bit turned over: what is before it is used, the rest is read."""
    with pytest.raises(KeyboardInterrupt):
        run_source(file, knowledge, ledger, plan=keeping(tmp_path), progress=after(50, interrupt))
    journal = tmp_path / NAME
    data = journal.read_bytes()
    first_line = data.index(b"\n") + 1
    for cut in (len(data) - 1, len(data) // 2, first_line + 5, first_line, first_line - 1, 0):
        journal.write_bytes(data[:cut])
        assert run_source(file, knowledge, ledger, plan=keeping(tmp_path)) == whole[StartStage.ARTICLES]
    journal.write_bytes(data + bytes(4096))  # as after a loss of power
    assert run_source(file, knowledge, ledger, plan=keeping(tmp_path)) == whole[StartStage.ARTICLES]
    journal.write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])
    assert run_source(file, knowledge, ledger, plan=keeping(tmp_path)) == whole[StartStage.ARTICLES]


def test_another_run_does_not_go_on_with_it(
    file: FileSource, kept: ArchiveSource, knowledge: Knowledge, ledger: Seeds, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    plan = keeping(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run_source(file, knowledge, ledger, plan=plan, progress=after(20, interrupt))
    journal = (tmp_path / NAME).read_bytes()
    with pytest.raises(ConfigError, match=r"interrupted there with other rules\. Finish it .*--restart"):
        run_source(file, knowledge_of(Rulebook(events=EVENTS[:1])), ledger, plan=plan)
    with pytest.raises(ConfigError, match="over another range: the beginning to the end"):
        run_source(file, knowledge, ledger, plan=plan, span=span_of(at(24)))
    with pytest.raises(ConfigError, match="over another range"):
        run_source(file, knowledge, ledger, plan=plan, window=timedelta(hours=1))
    with pytest.raises(ConfigError, match=r"over other records: .*articles\.jsonl"):
        run_source(kept, knowledge, ledger, plan=plan)
    with pytest.raises(ConfigError, match="that was a replay from articles"):
        run_source(kept, knowledge, ledger, plan=plan, stage=StartStage.STORIES)
    assert plan.keeping is not None
    for name, words in (("command", "that was a replay"), ("knowledge", "with other entities or groups")):
        other = ReadingPlan(keeping=replace(plan.keeping, **{name: "other"}))
        with pytest.raises(ConfigError, match=words):
            run_source(file, knowledge, ledger, plan=other)
    monkeypatch.setattr("firstwire.replay.plan.program_digest", lambda: "changed")
    with pytest.raises(ConfigError, match="in another version of the program"):
        run_source(file, knowledge, ledger, plan=plan)
    assert (tmp_path / NAME).read_bytes() == journal
    restarted = ReadingPlan(keeping=replace(plan.keeping, restart=True))
    run_source(file, knowledge, ledger, plan=restarted)


def test_records_that_have_changed_since_are_not_taken_for_those_of_before(
    knowledge: Knowledge, ledger: Seeds, tmp_path: Path
) -> None:
    source = articles_file(tmp_path / "file", news(2))
    with pytest.raises(KeyboardInterrupt):
        run_source(source, knowledge, ledger, plan=keeping(tmp_path), progress=after(10, interrupt))
    lines = source.file.read_bytes().splitlines(keepends=True)
    lines[5] = line_of(replaced(news(2)[5])) + b"\n"
    source.file.write_bytes(b"".join(lines))
    with pytest.raises(ConfigError, match="article 6 differs from the one that the interrupted run read"):
        run_source(source, knowledge, ledger, plan=keeping(tmp_path))


def replaced(one: Article) -> Article:
    return article(one.article_id, title="Something else", hours=0)


def test_two_replays_do_not_meet_in_a_folder(file: FileSource, knowledge: Knowledge, tmp_path: Path) -> None:
    known = begun(file, knowledge, tmp_path)
    with Journal(tmp_path, known), pytest.raises(ConfigError, match="another replay writes there now"):
        begun(file, knowledge, tmp_path)
    delete_journal(tmp_path)


def begun(file: FileSource, knowledge: Knowledge, folder: Path) -> identity.ReplayIdentity:
    run_source(file, knowledge, shipped_ledger(), span=span_of(None, at(1)), plan=keeping(folder))
    found = begun_before(folder)
    assert found is not None
    return found


def test_at_a_slow_rate_an_article_waits_for_few_others_before_it_is_handed_to_a_process(
    knowledge: Knowledge, ledger: Seeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over: list[int] = []
    submit = ReadByProcesses.submit

    def counted(readers: ReadByProcesses, stories: Sequence[Unread]) -> Reading:
        handed_over.append(len(stories))
        return submit(readers, stories)

    monkeypatch.setattr(ReadByProcesses, "submit", counted)
    source = articles_file(tmp_path, news(3)[:24])
    run_source(source, knowledge, ledger, plan=ReadingPlan(2, records_per_second=40))
    assert max(handed_over) <= 5
    assert len(handed_over) > 4


async def test_a_process_that_dies_ends_the_run(knowledge: Knowledge) -> None:
    task = ReadingTask(knowledge, (knowledge.rules,))
    with ReadByProcesses(task, 2, from_articles=False) as readers:
        os.kill(readers.pids[0], signal.SIGKILL)
        for name in ("a", "b", "c", "d"):  # two of each process
            read = readers.submit([Unread(story(name), ())])
            if name in "ac":
                with pytest.raises(FatalError, match="killed by signal 9"):
                    await asyncio.wait_for(read(), 30)
            else:
                assert len(await read()) == 1


async def test_articles_that_cannot_be_handed_over_end_the_run(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_memory(pipe: Connection, data: bytes) -> None:
        raise MemoryError

    with ReadByProcesses(ReadingTask(knowledge, (knowledge.rules,)), 1, from_articles=False) as readers:
        monkeypatch.setattr(Connection, "send_bytes", out_of_memory)
        read = readers.submit([Unread(story("a"), ())])
        with pytest.raises(FatalError, match=r"could not be handed to a process that reads them: MemoryError\(\)"):
            await asyncio.wait_for(read(), 30)


def test_a_process_has_at_most_three_lots_in_hand(
    file: FileSource, knowledge: Knowledge, ledger: Seeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_hand: list[int] = []
    submit, count = ReadByProcesses.submit, 0

    def counted(readers: ReadByProcesses, stories: Sequence[Unread]) -> Reading:
        nonlocal count
        count += 1
        in_hand.append(count)
        read = submit(readers, stories)

        async def back() -> list[MatchedStory]:
            nonlocal count
            found = await read()
            count -= 1
            return found

        return back

    monkeypatch.setattr(ReadByProcesses, "submit", counted)
    monkeypatch.setattr(ReadByProcesses, "together", 4)
    run_source(file, knowledge, ledger, plan=ReadingPlan(2))
    assert len(in_hand) > 15
    assert max(in_hand) == 2 * 3


async def test_handing_over_waits_for_no_process_however_long_the_texts_are(knowledge: Knowledge) -> None:
    """It would hear no Ctrl-C meanwhile."""
    long_texts = [Unread(story(f"long-{number}", body="Ships wait. " * 20_000), ()) for number in range(10)]
    with ReadByProcesses(ReadingTask(knowledge, (knowledge.rules,)), 1, from_articles=False) as readers:
        os.kill(readers.pids[0], signal.SIGSTOP)
        handed_over = [readers.submit([one]) for one in long_texts]
        os.kill(readers.pids[0], signal.SIGCONT)
        found = [one.story.article_id for read in handed_over for one in await read()]
    assert found == [one.story.article_id for one in long_texts]


def test_every_library_that_reads_belongs_to_the_program() -> None:
    """Else a run would go on with what another version of it has read."""
    distributions = packages_distributions()
    imported = {
        module
        for package in (firstwire.core, firstwire.files, schemas, seeds)
        for folder in package.__path__
        for file in Path(folder).rglob("*.py")
        for module in _imported_by(file)
    }
    used = {name for module in imported for name in distributions.get(module, ())}
    used = {name.lower().replace("_", "-") for name in (*used, MODEL, "thinc")}
    unpacks_or_compiles = {"backports.zstd", "ruamel.yaml.clib"}
    assert used - {"firstwire"} - unpacks_or_compiles == set(identity._LIBRARIES)
    assert all(version(name) for name in identity._LIBRARIES)


def _imported_by(file: Path) -> Iterator[str]:
    """The packages, as `spacy` of `spacy.tokens`, that a file imports."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).partition(".")[0]


def test_the_program_is_told_from_another_by_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity.program_digest()
    assert identity.program_digest() == before
    monkeypatch.setattr(identity, "_LIBRARIES", ("msgspec",))
    assert identity.program_digest() != before
    file = tmp_path / "entities.yaml"
    file.write_text("a: 1")
    known = identity.files_digest([file])
    assert identity.files_digest([tmp_path]) == known
    file.write_text("a: 2")
    assert identity.files_digest([file]) != known


def test_the_token_of_topics_stays_though_nothing_was_read_and_then_binds_to_nothing_else(
    file: FileSource, knowledge: Knowledge, ledger: Seeds, tmp_path: Path
) -> None:
    """Else who was interrupted at once would be told that the name of its own topics is taken."""
    plan = ReadingPlan(keeping=Keeping(tmp_path, "replay", "entities", token="of-topics"))
    run_source(file, knowledge, ledger, span=span_of(None, at(1)), plan=plan)
    known = begun_before(tmp_path)
    assert known is not None
    delete_journal(tmp_path)
    with pytest.raises(KeyboardInterrupt), Journal(tmp_path, known):
        raise KeyboardInterrupt
    found = begun_before(tmp_path)
    assert found is not None
    assert found.token == "of-topics"
    other = knowledge_of(Rulebook(events=EVENTS[:1]))
    run_source(file, other, ledger, span=span_of(None, at(1)), plan=plan)

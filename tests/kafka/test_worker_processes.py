"""Workers as processes with real signals: paused and fenced, killed, cut off from the broker, handed poison."""

from __future__ import annotations

import signal
import subprocess
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from agents.stage import ARTICLE_PLACE
from firstwire.broker.topics import ARTICLES, DEAD_LETTERS, OUTCOMES, STORIES, create_missing_topics, topic_name
from firstwire.config import KafkaSection
from firstwire.errors import EXIT_FATAL, EXIT_OK
from schemas.codec import decode, encode
from schemas.outcome import DeadLetter, Outcome
from tests.support.configuration import write_configuration
from tests.support.kafka import embedded_broker, publish, records
from tests.support.processes import exit_code, firstwire
from tests.support.records import article
from tests.support.waiting import until


def numbered(number: int, body: str = "") -> bytes:
    title = f"Council hears report {number} on the harbor bridge"
    return encode(article(f"a{number}", title=title, body=body, hours=number / 3600), limit_bytes=2_000_000)


async def put(bootstrap: str, prefix: str, values: list[bytes | None]) -> None:
    await publish(bootstrap, topic_name(prefix, ARTICLES), values, partitions=2)


async def all_ended(bootstrap: str, prefix: str, count: int) -> bool:
    return len(await records(bootstrap, prefix, OUTCOMES)) >= count


async def assert_nothing_lost_or_doubled(bootstrap: str, prefix: str, count: int) -> None:
    outcomes = [decode(record.value, Outcome) for record in await records(bootstrap, prefix, OUTCOMES)]
    assert len(outcomes) == count
    assert len({(one.place.partition, one.place.offset) for one in outcomes if one.place}) == count
    stories = Counter(dict(record.headers)[ARTICLE_PLACE] for record in await records(bootstrap, prefix, STORIES))
    assert max(stories.values()) == 1
    assert len(stories) == count


async def test_a_paused_worker_that_comes_back_is_fenced_and_has_written_nothing_twice(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    config = str(write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix))
    log = tmp_path / "workers.log"
    with firstwire("work", "--config", config, log=log, FIRSTWIRE_WORKER_ID="first") as first:
        await put(kafka_bootstrap, kafka_prefix, [numbered(number) for number in range(100)])
        await until(lambda: all_ended(kafka_bootstrap, kafka_prefix, 100), "100 outcomes of the first worker")
        first.send_signal(signal.SIGSTOP)
        await put(kafka_bootstrap, kafka_prefix, [numbered(number) for number in range(100, 200)])
        with firstwire("work", "--config", config, log=log, FIRSTWIRE_WORKER_ID="second") as second:
            await until(lambda: all_ended(kafka_bootstrap, kafka_prefix, 200), "200 outcomes, by the second worker")
            first.send_signal(signal.SIGCONT)
            await put(kafka_bootstrap, kafka_prefix, [numbered(number) for number in range(200, 400)])
            await until(lambda: all_ended(kafka_bootstrap, kafka_prefix, 400), "400 outcomes")
            if first.poll() is not None:  # it was in the middle of a batch, or else it has quietly joined again
                assert first.returncode == EXIT_FATAL
            assert second.poll() is None
    await assert_nothing_lost_or_doubled(kafka_bootstrap, kafka_prefix, 400)


async def test_a_paused_worker_whose_place_was_taken_under_its_own_id_leaves_with_70(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    config = str(write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix))
    log = tmp_path / "workers.log"
    with firstwire("work", "--config", config, log=log, FIRSTWIRE_WORKER_ID="first") as first:
        await put(kafka_bootstrap, kafka_prefix, [numbered(number) for number in range(10)])
        await until(lambda: all_ended(kafka_bootstrap, kafka_prefix, 10), "10 outcomes of the first worker")
        # Another process under the same static id takes the member's place, as a supervisor does after a hang
        first.send_signal(signal.SIGSTOP)
        with firstwire("work", "--config", config, log=log, FIRSTWIRE_WORKER_ID="first") as second:
            await put(kafka_bootstrap, kafka_prefix, [numbered(number) for number in range(10, 110)])
            await until(lambda: all_ended(kafka_bootstrap, kafka_prefix, 110), "110 outcomes, by its successor")
            first.send_signal(signal.SIGCONT)
            assert await exit_code(first) == EXIT_FATAL
            assert second.poll() is None
    await assert_nothing_lost_or_doubled(kafka_bootstrap, kafka_prefix, 110)


async def test_what_cannot_be_read_or_is_too_large_is_put_away_with_its_reason(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    config = str(write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix))
    too_large = numbered(1, body="x" * 899_900)
    values = [numbered(0), too_large, b"{not json", b'{"schema":"story"}', None, b"\xff\xfe", numbered(2)]
    await put(kafka_bootstrap, kafka_prefix, values)
    with firstwire("work", "--config", config, log=tmp_path / "worker.log"):
        await until(lambda: all_ended(kafka_bootstrap, kafka_prefix, len(values)), "an outcome for each of them")
    outcomes = [decode(record.value, Outcome) for record in await records(kafka_bootstrap, kafka_prefix, OUTCOMES)]
    assert Counter(one.outcome for one in outcomes) == {"no_match": 2, "rejected": 5}
    letters = [decode(r.value, DeadLetter) for r in await records(kafka_bootstrap, kafka_prefix, DEAD_LETTERS)]
    assert len(letters) == 5
    assert any("over the limit of 900,000" in letter.error for letter in letters)
    assert any("not JSON" in letter.error for letter in letters)


async def test_a_terminated_worker_leaves_with_0_and_its_successor_goes_on_where_it_stopped(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    config = str(write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix))
    for start in (0, 300):
        await put(kafka_bootstrap, kafka_prefix, [numbered(number) for number in range(start, start + 300)])
        with firstwire("work", "--config", config, log=tmp_path / "worker.log") as worker:
            await until(partial(all_ended, kafka_bootstrap, kafka_prefix, start + 1), "the first outcomes")
            worker.terminate()
            assert await exit_code(worker, 10) == EXIT_OK
    with firstwire("work", "--config", config, log=tmp_path / "worker.log"):
        await until(lambda: all_ended(kafka_bootstrap, kafka_prefix, 600), "600 outcomes")
    await assert_nothing_lost_or_doubled(kafka_bootstrap, kafka_prefix, 600)


async def test_nothing_is_lost_or_doubled_while_a_broker_is_killed_and_comes_back(tmp_path: Path) -> None:
    prefix = "outage"
    async with embedded_broker(tmp_path / "kafka") as broker:
        await create_missing_topics(broker.bootstrap_servers, KafkaSection(topic_prefix=prefix, partitions=2))
        config = str(write_configuration(tmp_path, bootstrap=broker.bootstrap_servers, prefix=prefix))
        with ExitStack() as workers:

            def started() -> subprocess.Popen[bytes]:
                return workers.enter_context(firstwire("work", "--config", config, log=tmp_path / "worker.log"))

            worker = started()

            async def ended(count: int) -> bool:
                nonlocal worker
                if worker.poll() is not None:  # a commit of which it could not tell whether it was made
                    assert worker.returncode == EXIT_FATAL
                    worker = started()  # as its supervisor does
                return await all_ended(broker.bootstrap_servers, prefix, count)

            for start in (0, 200, 400):
                await put(broker.bootstrap_servers, prefix, [numbered(n) for n in range(start, start + 200)])
                await until(partial(ended, start + 1), "outcomes before the broker is killed")
                assert broker._process is not None
                broker._process.kill()
                broker._process.wait()
                await broker.start()
            await until(partial(ended, 600), "600 outcomes")
            await assert_nothing_lost_or_doubled(broker.bootstrap_servers, prefix, 600)

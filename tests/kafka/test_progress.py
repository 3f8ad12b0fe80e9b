"""How far the stages are, and that what came in is what became of it: from what is committed on a real Kafka."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from agents.app import stages
from firstwire import config
from firstwire.broker.producer import Message
from firstwire.broker.progress import Progress, read_progress
from firstwire.broker.topics import ARTICLES, STAGES, STORIES, create_missing_topics, topic_name
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.watches.watch import watch_of
from firstwire.errors import TransientError
from schemas.codec import encode
from tests.support.configuration import write_configuration
from tests.support.kafka import publish, records, transactional_producer
from tests.support.knowledge import knowledge_of, shipped_gazetteer
from tests.support.records import article
from tests.support.waiting import until
from tests.support.workers import running

TITLES = ("Moldova frees three jailed men", "Rain in Ghana", "Rain in Ghana", "Moldova closes village schools")
COUNT = 40


async def test_in_is_the_sum_of_outcomes_and_what_waits_is_counted(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    file = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix)
    configuration = config.load(file, {})
    await create_missing_topics(kafka_bootstrap, configuration.settings.kafka)
    seen: list[Progress] = []

    async def now() -> Progress:
        async def answers() -> bool:
            with suppress(TransientError):  # a busy machine
                seen.append(await read_progress(kafka_bootstrap, kafka_prefix))
                return True
            return False

        await until(answers, "an answer")
        return seen[-1]

    def lags(found: Progress) -> dict[str, int]:
        return {stage.name: stage.lag for stage in found.stages}

    empty = await now()
    assert (empty.articles_in, empty.outcomes, lags(empty)) == (0, {}, dict.fromkeys(STAGES, 0))
    articles = [
        article(f"a{number}", title=f"{TITLES[number % 4]} {number // 8}", body="", hours=number)
        for number in range(COUNT)
    ]
    await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), [encode(one) for one in articles], keys=1)
    assert lags(await now())["deduplicate"] == COUNT
    rules = Rulebook(watches=(watch_of("moldova", "@moldova", shipped_gazetteer()),))
    async with running(kafka_bootstrap, configuration, stages(configuration, knowledge_of(rules), Seeds(), 2)):

        async def is_idle() -> bool:
            found = await now()
            return sum(found.outcomes.values()) == COUNT and not any(lags(found).values())

        await until(is_idle, "every article has an outcome, and nothing waits")
    for found in seen:
        assert found.unaccounted == 0 and found.under_way >= 0
    last = seen[-1]
    assert (last.articles_in, last.under_way) == (COUNT, 0)
    assert last.outcomes["duplicate"] > 0 if "duplicate" in last.outcomes else len(last.outcomes) >= 2
    assert last.matches == sum(last.verdicts_on_matches.values()) > 0
    held = {topic.name: topic.records for topic in last.topics}
    assert held[ARTICLES] == COUNT and held[STORIES] >= len(await records(kafka_bootstrap, kafka_prefix, STORIES))

    async with (
        transactional_producer(kafka_bootstrap, f"{kafka_prefix}-tried") as producer,
        producer.transaction() as out,
    ):
        await out.send(Message(topic_name(kafka_prefix, STORIES), "x", b"no record"))
    waiting = lags(await now())
    assert waiting["analyze"] >= 1 and waiting["alert-matches"] == waiting["deduplicate"] == 0

"""Stories live: a watch on a country tells each of its acts, once, and the alerts are those of a replay."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from agents.app import stages
from firstwire.broker.topics import ALERTS, ARTICLES, OUTCOMES, VERDICTS, create_missing_topics, topic_name
from firstwire.config import KafkaSection
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.watches.watch import watch_of
from firstwire.replay.run import replay
from schemas.alert import Alert, Verdict
from schemas.codec import decode, encode
from tests.support.kafka import publish, records
from tests.support.knowledge import knowledge_of, shipped_gazetteer
from tests.support.records import article
from tests.support.waiting import until
from tests.support.workers import configuration, running

TITLES = {
    "freed": "Moldova frees three jailed trade unionists",
    "schools": "Moldova closes village schools as pupils leave",
    "mayor": "Balti swears in mayor after recount, Moldova press says",
    "dismissed": "Moldova railway chief dismissed over late trains",
    "ministers": "Two new ministers join Moldova cabinet",
    "again": "Three jailed trade unionists freed by Moldova",
}


async def test_a_watch_on_a_country_tells_every_act_and_no_retelling(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    await create_missing_topics(kafka_bootstrap, KafkaSection(topic_prefix=kafka_prefix))
    rules = Rulebook(watches=(watch_of("moldova", "@moldova", shipped_gazetteer()),))
    knowledge, settings = knowledge_of(rules), configuration(kafka_prefix, tmp_path)
    articles = [
        article(name, title=title, body="", hours=hours, source=f"Outlet {hours}")
        for hours, (name, title) in enumerate(TITLES.items())
    ]
    async with running(kafka_bootstrap, settings, stages(settings, knowledge, Seeds(), 2)):
        await publish(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), [encode(one) for one in articles], keys=1)

        async def all_judged() -> bool:
            outcomes = await records(kafka_bootstrap, kafka_prefix, OUTCOMES)
            verdicts = await records(kafka_bootstrap, kafka_prefix, VERDICTS)
            return len(outcomes) == len(verdicts) == len(articles)

        await until(all_judged, "an outcome and a verdict for each article")
    verdicts = [decode(one.value, Verdict) for one in await records(kafka_bootstrap, kafka_prefix, VERDICTS)]
    assert {one.article_id: one.verdict for one in verdicts} == {
        **dict.fromkeys(list(TITLES)[:-1], "raised"),
        "again": "joined",
    }
    assert next(one.partner for one in verdicts if one.article_id == "again") == "freed"
    alerts = {}
    for record in await records(kafka_bootstrap, kafka_prefix, ALERTS):
        alert = decode(record.value, Alert)
        alerts[alert.alert_id] = alert
    assert alerts == replay(articles, knowledge, Seeds(), timedelta(hours=72)).alerts

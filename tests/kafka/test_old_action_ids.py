"""A worker on a real broker that finds state under old action ids, in the partitions of then."""

from __future__ import annotations

from pathlib import Path

from agents.alert import AlertOnEvents
from agents.stage import Writer
from firstwire.broker.producer import ConfirmedProducer, Message
from firstwire.broker.topics import ALERTS, EVENTS, VERDICTS, topic_name
from firstwire.core.alerts.episodes import event_key
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.rules.rulebook import EventRule, Rulebook
from firstwire.ledger.pages import read_pages
from schemas.alert import Alert, Verdict
from schemas.codec import decode, encode
from schemas.event import Event
from tests.support.kafka import records
from tests.support.knowledge import knowledge_of, shipped_lemmas
from tests.support.records import RUSSIA, TALIBAN, event, partition_of, run
from tests.support.waiting import until
from tests.support.workers import configuration, running

RULE = EventRule(id="told", action=("*",), target=("*",))
OLD, TODAY = "agre-to-truce", "agree-to-truce"


async def test_a_worker_joins_a_new_report_to_the_alert_raised_under_an_old_action_id(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    settings = configuration(kafka_prefix, tmp_path)
    then_at = partition_of(OLD, count=2)
    assert then_at != partition_of(TODAY, count=2)
    writer = Writer(kafka_prefix)
    (then,) = run(EventAlertState(Seeds()), [event(RUSSIA, action=OLD, date="2025-07-01")], RULE)
    (raised,) = then.alerts

    def told(action: str, hours: float) -> Message:
        found: Event = event(RUSSIA, action=action, hours=hours, article_id=f"at {hours}", source="AFP", origin="AFP")
        return Message(topic_name(kafka_prefix, EVENTS), event_key(action, TALIBAN.id), encode(found))

    producer = ConfirmedProducer(kafka_bootstrap)
    await producer.start()
    await producer.send_all(writer.state_message(change, then_at) for change in then.changes)
    await producer.send(writer.message(ALERTS, raised.alert_id, raised))
    await producer.send(told(OLD, 20))  # on its way when the worker was replaced

    async def judged(count: int) -> bool:
        return len(await records(kafka_bootstrap, kafka_prefix, VERDICTS)) == count

    stage = AlertOnEvents(writer, knowledge_of(Rulebook(events=(RULE,))), Seeds())
    for count, hours in ((2, 30.0), (3, 40.0)):  # the second time from what the first run wrote
        await producer.send(told(TODAY, hours))
        async with running(kafka_bootstrap, settings, [stage]):
            await until(lambda wanted=count: judged(wanted), f"{count} verdicts")  # type: ignore[misc]
    await producer.stop()
    verdicts = [decode(one.value, Verdict) for one in await records(kafka_bootstrap, kafka_prefix, VERDICTS)]
    assert {(one.verdict, one.alert_id) for one in verdicts} == {("joined", raised.alert_id)}
    alerts = [decode(one.value, Alert) for one in await records(kafka_bootstrap, kafka_prefix, ALERTS)]
    assert {one.alert_id for one in alerts} == {raised.alert_id}
    assert alerts[-1].subject.action == TODAY
    pages = await read_pages(kafka_bootstrap, kafka_prefix, shipped_lemmas())
    (page,) = pages.values()
    assert (page.action, [day.date for day in page.actors[0].days]) == (TODAY, ["2025-07-01", "2025-07-03"])

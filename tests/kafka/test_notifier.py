"""The notifier on a real broker with real receivers: everything is told once, in order of need, across restarts."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
import standardwebhooks
import structlog
from msgspec.structs import replace

from firstwire.broker.reader import read_all
from firstwire.broker.topics import DEAD_LETTERS, create_missing_topics, topic_name
from firstwire.broker.transaction import FencedError, UnsettledError
from firstwire.config import KafkaSection
from firstwire.errors import ConfigError
from firstwire.notifier.service import notify
from schemas import Alert, DeadLetter, Delivery
from schemas.codec import decode
from tests.fakes.receivers import Answer, ScriptedSlack, ScriptedWebhook, Seen
from tests.support.alerts import first_alert, grown_alert
from tests.support.configuration import SECRET, write_configuration
from tests.support.kafka import embedded_broker
from tests.support.notifying import NOTIFIER_PROCESS, Notifying, alert_ids, all_delivered, numbered
from tests.support.processes import started


async def test_an_alert_reaches_slack_and_a_webhook_with_its_receipt(house: Notifying) -> None:
    async with (
        ScriptedSlack() as slack,
        ScriptedWebhook() as hook,
        house.notifying(slack=slack.url, hook=hook.url),
    ):
        await house.raise_alerts([first_alert()])
        (said,), (posted,) = await slack.wait_for(1), await hook.wait_for(1)
        deliveries = await house.settled(all_delivered(2))
    assert said.json["text"].startswith("FIRST  Russia recognizes the Taliban government")
    body = standardwebhooks.Webhook(SECRET).verify(posted.body.decode(), dict(posted.headers))
    assert body["type"] == "alert.raised"
    assert msgspec.convert(body["data"]["alert"], Alert) == first_alert()
    assert body["data"]["receipt"]["alerted_at"] == "2025-07-03T14:02:40.180Z"
    for delivery in deliveries.values():
        assert (delivery.attempt, delivery.alert, delivery.next_attempt_at) == (1, None, None)
        assert delivery.receipt.analyzed_at == "2025-07-03T14:02:40.120Z"
        assert delivery.receipt.delivered_at is not None


async def test_growth_is_not_told_but_a_correction_is(house: Notifying) -> None:
    async with ScriptedWebhook() as hook, house.notifying(hook=hook.url):
        await house.raise_alerts([first_alert(revision=1), first_alert(revision=2, state="updated")])
        await hook.wait_for(1)
        await house.raise_alerts([first_alert(revision=3, state="corrected")])
        await hook.wait_for(2)
        await house.settled(all_delivered(2))
        assert [seen.json["type"] for seen in hook.requests] == ["alert.raised", "alert.corrected"]


async def test_a_restart_neither_repeats_nor_forgets(house: Notifying) -> None:
    async with ScriptedWebhook(forever=Answer(503)) as hook, ScriptedSlack() as slack:
        async with house.notifying(hook=hook.url, slack=slack.url):
            await house.raise_alerts([numbered(1)])
            first = (await hook.wait_for(1))[0]
            await house.settled(lambda found: sorted(each.attempt for each in found.values())[0:1] == [1])
        hook.forever = None
        async with house.notifying(hook=hook.url, slack=slack.url):
            await house.settled(all_delivered(2))
            await house.raise_alerts([numbered(2)])
            await house.settled(all_delivered(4))
        assert len(slack.requests) == 2
    ids = [
        seen.headers["webhook-id"]
        for seen in hook.requests
        if seen.headers["webhook-id"] == first.headers["webhook-id"]
    ]
    assert len(ids) >= 2, "the same message under the same id"
    assert alert_ids(hook.requests)[-1] == numbered(2).alert_id
    assert {seen.body for seen in hook.requests[:-1]} == {first.body}


async def test_a_dead_destination_holds_up_no_other(house: Notifying) -> None:
    async with (
        ScriptedWebhook(forever=Answer(delay_seconds=60)) as dead,
        ScriptedWebhook() as live,
        house.notifying(dead=dead.url, live=live.url),
    ):
        await house.raise_alerts([numbered(number) for number in range(20)])
        await live.wait_for(20)
        await house.settled(all_delivered(20))
        assert len(dead.requests) <= 2
        # Leaving the block shows that a hanging receiver does not hold up the stop


async def test_a_waiting_delivery_lets_others_pass_but_retry_after_stops_all(house: Notifying) -> None:
    script = [Answer(500), Answer(), Answer(429, {"Retry-After": "2"}, "rate_limited")]
    async with ScriptedWebhook(script) as hook, house.notifying(hook=hook.url):
        await house.raise_alerts([numbered(1)])
        await hook.wait_for(1)
        await house.raise_alerts([numbered(2)])
        await hook.wait_for(2)
        assert alert_ids(hook.requests) == [numbered(1).alert_id, numbered(2).alert_id]
        await hook.wait_for(3)  # the first one again: 429
        await house.raise_alerts([numbered(3)])
        await house.settled(all_delivered(3))
        assert hook.requests[3].at - hook.requests[2].at >= 2.0


async def test_what_was_corrected_meanwhile_is_not_sent_any_more(house: Notifying) -> None:
    async with ScriptedWebhook([Answer(reset=True)]) as hook, house.notifying(hook=hook.url):
        await house.raise_alerts([first_alert(revision=1)])
        await hook.wait_for(1)
        await house.raise_alerts([first_alert(revision=2, state="retracted")])
        ended = await house.settled(
            lambda found: len(found) == 2 and all(each.alert is None for each in found.values())
        )
        assert [seen.json["type"] for seen in hook.requests] == ["alert.raised", "alert.retracted"]
    results = {delivery.revision: (delivery.state, delivery.result) for delivery in ended.values()}
    assert results == {1: ("superseded", "superseded by revision 2"), 2: ("delivered", "204")}


async def test_what_was_retracted_before_it_was_told_is_not_told(house: Notifying) -> None:
    await house.raise_alerts([first_alert(revision=1), first_alert(revision=2, state="retracted")])
    async with ScriptedWebhook() as hook, house.notifying(hook=hook.url):
        ended = await house.settled(
            lambda found: len(found) == 2 and all(each.alert is None for each in found.values())
        )
        assert hook.requests == []
    results = {delivery.revision: delivery.result for delivery in ended.values()}
    assert results == {1: "superseded by revision 2", 2: "retracted before it was delivered"}


async def test_slack_gets_three_at_once_and_then_one_a_second(house: Notifying) -> None:
    async with ScriptedSlack() as slack, house.notifying(slack=slack.url):
        await house.raise_alerts([numbered(number) for number in range(5)])
        times = [seen.at for seen in await slack.wait_for(5)]
    assert times[3] - times[0] >= 0.95
    assert times[4] - times[3] >= 0.95


async def test_blocks_that_slack_refuses_are_sent_again_as_text(house: Notifying) -> None:
    async with ScriptedSlack([Answer(400, body="invalid_blocks")]) as slack, house.notifying(slack=slack.url):
        await house.raise_alerts([first_alert()])
        await house.settled(all_delivered(1))
        assert ["blocks" in seen.json for seen in slack.requests] == [True, False]


async def test_a_poison_alert_becomes_a_dead_letter_and_holds_up_nothing(house: Notifying) -> None:
    async with ScriptedWebhook() as hook, house.notifying(hook=hook.url):
        await house.raise_alerts([b'{"schema":"alert"}', first_alert()])
        await house.settled(all_delivered(1))
        letters = [
            decode(record.value, DeadLetter)
            async for record in read_all(house.bootstrap, topic_name(house.prefix, DEAD_LETTERS))
        ]
    assert [letter.stage for letter in letters] == ["notify"]
    assert len(hook.requests) == 1


async def test_a_second_notifier_fences_the_first(house: Notifying) -> None:
    async with ScriptedWebhook() as hook:
        stop = asyncio.Event()
        older = asyncio.create_task(notify(house.configuration(hook=hook.url), house.bootstrap, stop=stop))
        try:
            await house.raise_alerts([numbered(1)])
            await house.settled(all_delivered(1))
            async with house.notifying(hook=hook.url):
                for number in range(2, 40):
                    await house.raise_alerts([numbered(number)])
                    await house.settled(all_delivered(number))
                    if older.done():
                        break
                stop.set()
                # Kafka may answer the end of the fenced transaction with its unknown error
                with pytest.raises((FencedError, UnsettledError), match=r"owns this transactional id|cannot|outcome"):
                    await asyncio.wait_for(older, 5)
                await house.raise_alerts([numbered(40)])
                await house.settled(all_delivered(number + 1))
        finally:
            older.cancel()
            await asyncio.gather(older, return_exceptions=True)


async def test_kill_9_repeats_at_most_one_attempt_and_loses_nothing(house: Notifying, tmp_path: Path) -> None:
    kills, count = 3, 60
    async with ScriptedWebhook(forever=Answer(delay_seconds=0.01)) as hook:
        file = write_configuration(tmp_path, prefix=house.prefix, webhook=hook.url)
        await house.raise_alerts([numbered(number) for number in range(count)])
        for kill in range(1, kills + 1):
            with started(
                [sys.executable, "-c", NOTIFIER_PROCESS, str(file), house.bootstrap], log=tmp_path / "notify.log"
            ):
                await hook.wait_for(kill * 12, timeout_seconds=30)
        async with house.notifying(desk=hook.url):
            await house.settled(all_delivered(count))
        ids = alert_ids(hook.requests)
    assert set(ids) == {numbered(number).alert_id for number in range(count)}
    assert len(ids) - count <= kills


def told_developments(requests: Sequence[Seen]) -> list[list[str]]:
    """What each message named as new, the newest first."""
    return [[each["what"] for each in seen.json["data"]["developments"]] for seen in requests]


def ended(found: dict[tuple[str, int, str], Delivery], revision: int) -> bool:
    """Whether a revision was delivered to both destinations, and nothing waits."""
    delivered = [key for key, each in found.items() if each.state == "delivered" and key[1] == revision]
    return len(delivered) == 2 and not any(each.state == "pending" for each in found.values())


async def test_each_development_is_told_once_and_growth_alone_is_not(house: Notifying) -> None:
    async with ScriptedWebhook() as hook, house.notifying(hook=hook.url):
        for number, alert in enumerate([grown_alert(0), grown_alert(1), grown_alert(2)], start=1):
            await house.raise_alerts([alert])
            await house.settled(all_delivered(number))
        await house.raise_alerts([grown_alert(2, revision=9), grown_alert(3, revision=10)])
        await house.settled(all_delivered(4))
        assert told_developments(hook.requests) == [[], ["1 dead"], ["2 dead"], ["3 dead"]]
        assert [seen.json["type"] for seen in hook.requests] == ["alert.raised", *["alert.development"] * 3]


async def test_developments_of_an_outage_are_told_together_and_the_alert_whole_if_it_never_arrived(
    house: Notifying,
) -> None:
    async with (
        ScriptedWebhook([Answer(500)]) as never,
        ScriptedWebhook([Answer(), Answer(500)]) as later,
        house.notifying(never=never.url, later=later.url),
    ):
        await house.raise_alerts([grown_alert(0)])
        await never.wait_for(1)
        await later.wait_for(1)
        await house.raise_alerts([grown_alert(1)])
        await later.wait_for(2)
        await house.raise_alerts([grown_alert(2), grown_alert(3)])
        await house.settled(lambda found: ended(found, 4))
        await house.raise_alerts([grown_alert(4)])
        await house.settled(lambda found: ended(found, 5))
    arrived = [seen.json["type"] for seen in never.requests[1:]]
    assert arrived[0] in ("alert.raised", "alert.updated"), "the alert itself comes first, whole"
    told = [what for whats in told_developments(never.requests[1:]) for what in reversed(whats)]
    assert told == ["1 dead", "2 dead", "3 dead", "4 dead"]
    told = [what for whats in told_developments(later.requests[2:]) for what in reversed(whats)]
    assert told == ["1 dead", "2 dead", "3 dead", "4 dead"]
    assert set(told_developments(later.requests[1:2])[0]) == {"1 dead"}, "the attempt that failed"


async def test_a_delivery_that_was_given_up_is_made_good_by_the_next(house: Notifying) -> None:
    house.section = replace(house.section, give_up_after="500ms")
    async with ScriptedWebhook([Answer(), Answer(500)]) as hook, house.notifying(hook=hook.url):
        await house.raise_alerts([grown_alert(0)])
        await house.settled(all_delivered(1))
        await house.raise_alerts([grown_alert(1)])
        await house.settled(lambda found: any(each.state == "failed" for each in found.values()))
        await house.raise_alerts([grown_alert(1, revision=3), grown_alert(2, revision=4)])
        await house.settled(all_delivered(2))
        assert told_developments(hook.requests) == [[], ["1 dead"], ["2 dead", "1 dead"]]


async def test_kill_9_at_any_moment_neither_loses_a_development_nor_repeats_many(
    house: Notifying, tmp_path: Path
) -> None:
    kills, count, step = 4, 40, 5
    async with ScriptedWebhook(forever=Answer(delay_seconds=0.02)) as hook:
        file = write_configuration(tmp_path, prefix=house.prefix, webhook=hook.url)
        for kill in range(kills):
            with started(
                [sys.executable, "-c", NOTIFIER_PROCESS, str(file), house.bootstrap], log=tmp_path / "notify.log"
            ):
                seen = len(hook.requests)
                for number in range(kill * 10, kill * 10 + 10, step):
                    await house.raise_alerts([grown_alert(each) for each in range(number, number + step)])
                    await hook.wait_for(seen + 1, timeout_seconds=30)
        await house.raise_alerts([grown_alert(count)])
        async with house.notifying(desk=hook.url):
            ended = await house.settled(
                lambda found: (
                    any(each.developments == count and each.state == "delivered" for each in found.values())
                    and not any(each.state == "pending" for each in found.values())
                )
            )
    recorded = {each.revision for each in ended.values() if each.state == "delivered"}
    assert len(hook.requests) - len(recorded) <= kills, "each kill repeats one attempt at most"
    sent = {seen.json["data"]["alert"]["revision"]: seen for seen in hook.requests}
    told = Counter(what for whats in told_developments([sent[each] for each in recorded]) for what in whats)
    assert told == Counter(f"{number} dead" for number in range(1, count + 1)), "each once in what was recorded"


async def test_logs_hold_no_url_and_no_secret(house: Notifying) -> None:
    with structlog.testing.capture_logs() as logs:
        async with (
            ScriptedSlack([Answer(404, body="no_service /services/T00000000/B00000000/hush-hush-hush")]) as slack,
            ScriptedWebhook([Answer(reset=True)]) as hook,
            house.notifying(slack=slack.url, hook=hook.url, gone="http://127.0.0.1:9/hooks/hush-hush-hush"),
        ):
            await house.raise_alerts([first_alert()])
            await house.settled(
                lambda found: (
                    {each.destination: each.state for each in found.values() if each.alert_id == first_alert().alert_id}
                    == {"slack": "parked", "hook": "delivered", "gone": "pending"}
                    and all(each.attempt for each in found.values())
                )
            )
    written = repr(logs) + repr(await house.deliveries())
    assert "destination_parked" in written
    assert "hush" not in written
    assert "/hooks" not in written
    assert "whsec" not in written


async def test_a_wrong_secret_is_named_before_anything_starts(house: Notifying) -> None:
    configuration = house.configuration(hook="http://127.0.0.1:9/")
    (house.folder / "secret").write_text("whsec_c2hvcnQ=")
    with pytest.raises(ConfigError, match=r"receiver 'hook': the secret has 5 bytes and must have 24 to 64"):
        await notify(configuration, "127.0.0.1:1", stop=asyncio.Event())
    with pytest.raises(ConfigError, match="receiver 'slack': the URL must be"):
        await notify(house.configuration(slack="ftp://x/hush"), "127.0.0.1:1", stop=asyncio.Event())


async def test_an_outage_of_kafka_is_waited_out(tmp_path: Path) -> None:
    async with embedded_broker(tmp_path / "broker") as broker:
        await create_missing_topics(broker.bootstrap_servers, KafkaSection(topic_prefix="outage", partitions=1))
        house = Notifying(broker.bootstrap_servers, "outage", tmp_path)
        async with ScriptedWebhook([Answer(), Answer(delay_seconds=2)]) as hook, house.notifying(hook=hook.url):
            await house.raise_alerts([numbered(1)])
            await house.settled(all_delivered(1))
            await house.raise_alerts([numbered(2)])
            await hook.wait_for(2)  # Kafka goes away while this one is being answered
            await broker.stop()
            await asyncio.sleep(3)
            await broker.start()
            await house.raise_alerts([numbered(3)])
            await house.settled(all_delivered(3))
        assert alert_ids(hook.requests) == [numbered(number).alert_id for number in (1, 2, 3)]


async def test_a_stop_while_kafka_is_away_is_quick(tmp_path: Path) -> None:
    away = Notifying("127.0.0.1:1", "nowhere", tmp_path)
    async with away.notifying():
        await asyncio.sleep(0.3)

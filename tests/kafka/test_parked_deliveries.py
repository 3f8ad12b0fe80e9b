"""A delivery may fail, but never vanishes: it waits for what must be mended, or can be sent again by hand."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import standardwebhooks
import structlog
from msgspec.structs import replace

from firstwire.broker.topics import DEAD_LETTERS
from firstwire.errors import ConfigError
from firstwire.notifier.delivery_log import WAITING
from schemas import DeadLetter, Delivery
from schemas.codec import decode
from tests.fakes.receivers import Answer, ScriptedSlack, ScriptedWebhook
from tests.support.alerts import first_alert
from tests.support.command_line import typed
from tests.support.configuration import SECRET, write_configuration
from tests.support.kafka import records
from tests.support.notifying import Notifying, alert_ids, all_delivered, numbered
from tests.support.waiting import until

GONE = Answer(404, body="no_service")


def in_state(state: str, destination: str, count: int = 1) -> Callable[[dict[Any, Delivery]], bool]:
    return lambda found: sum((each.state, each.destination) == (state, destination) for each in found.values()) == count


async def test_what_the_guard_of_addresses_refuses_waits_and_goes_out_once_it_is_allowed(house: Notifying) -> None:
    allowed = house.section
    house.section = replace(allowed, allow_private_addresses=())
    async with ScriptedWebhook() as hook:
        with structlog.testing.capture_logs() as logs:
            async with house.notifying(hook=hook.url):
                await house.raise_alerts([numbered(1), numbered(2)])
                await house.settled(in_state("parked", "hook"))
        (parked,) = [line for line in logs if line["event"] == "destination_parked"]
        assert (parked["log_level"], parked["setting"]) == ("error", "notifier.allow_private_addresses")
        assert hook.requests == []
        house.section = allowed
        async with house.notifying(hook=hook.url):
            await house.settled(all_delivered(2))
        assert alert_ids(hook.requests) == [numbered(1).alert_id, numbered(2).alert_id]


async def test_a_webhook_that_is_gone_gets_nothing_more_until_it_is_mended_and_then_all_in_order(
    house: Notifying,
) -> None:
    alerts = [numbered(number) for number in range(5)]
    async with ScriptedSlack(forever=GONE) as slack:
        async with house.notifying(slack=slack.url):
            await house.raise_alerts(alerts[:1])
            await house.settled(in_state("parked", "slack"))
            await house.raise_alerts(alerts[1:])
            await house.settled(lambda found: len(found) == 5)
            assert len(slack.requests) == 1
        slack.forever = None
        async with house.notifying(slack=slack.url):
            ended = await house.settled(all_delivered(5))
    assert len(slack.requests) == 6
    by_time = sorted(ended.values(), key=lambda each: each.receipt.delivered_at or "")
    assert [each.alert_id for each in by_time] == [alert.alert_id for alert in alerts]
    assert all(each.alert is None for each in by_time)


async def test_another_receiver_is_told_at_once_and_only_once_that_one_takes_nothing(house: Notifying) -> None:
    async with ScriptedSlack(forever=GONE) as slack, ScriptedWebhook() as hook:
        for number in (1, 2):
            async with house.notifying(slack=slack.url, hook=hook.url):
                await house.raise_alerts([numbered(number)])
                await slack.wait_for(number)
                await house.settled(
                    lambda found: not any(each.state == "pending" and each.notice for each in found.values())
                )
                await hook.wait_for(number + 1)
    told = [seen for seen in hook.requests if seen.json["type"] == "receiver.parked"]
    assert len(told) == 1, "a restart that finds it as it was is no news"
    body = standardwebhooks.Webhook(SECRET).verify(told[0].body.decode(), dict(told[0].headers))
    assert "receiver slack" in body["data"]["text"]
    assert "404 no_service" in body["data"]["text"]
    assert "hush" not in body["data"]["text"]


async def test_trouble_is_told_to_those_whom_the_settings_name(house: Notifying) -> None:
    house.section = replace(house.section, trouble_receivers=("ops",))
    async with (
        ScriptedWebhook(forever=Answer(410)) as hook,
        ScriptedWebhook() as desk,
        ScriptedWebhook() as ops,
        house.notifying(hook=hook.url, desk=desk.url, ops=ops.url),
    ):
        await house.raise_alerts([numbered(1)])
        await ops.wait_for(2)
        await house.settled(all_delivered(3))
    assert [seen.json["type"] for seen in desk.requests] == ["alert.raised"]
    assert sorted(seen.json["type"] for seen in ops.requests) == ["alert.raised", "receiver.parked"]


async def test_what_was_given_up_is_a_dead_letter_and_goes_out_once_somebody_asks(
    house: Notifying, kafka_bootstrap: str, tmp_path: Path
) -> None:
    house.section = replace(house.section, give_up_after="500ms")
    async with ScriptedWebhook(forever=Answer(503, body="asleep")) as desk:
        file = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=house.prefix, webhook=desk.url)
        async with house.notifying(desk=desk.url):
            await house.raise_alerts([numbered(1), numbered(2)])
            await house.settled(in_state("failed", "desk", 2))
            letters = [decode(record.value, DeadLetter) for record in await records(*house.place, DEAD_LETTERS)]
            assert sorted(letter.key or "" for letter in letters) == [f"{numbered(n).alert_id}:1:desk" for n in (1, 2)]
            assert {letter.error for letter in letters} == {"desk: gave up after 1 attempts: 503 asleep"}
            desk.forever = None
            tried = desk.requests[:]
            one = numbered(1).alert_id
            code, out, err = await typed("deliveries", "redrive", one, "--config", file)
            assert (code, out) == (0, f"{one}:1:desk  failed, gave up after 1 attempts: 503 asleep\n"), err
            await house.settled(all_delivered(1))
            await typed("deliveries", "redrive", "--all", "--config", file)
            await house.settled(all_delivered(2))
            code, out, err = await typed("deliveries", "redrive", "--all", "--config", file)
            assert (code, out) == (0, ""), "what arrived is not sent again"
    ids = {seen.json["data"]["alert"]["alert_id"]: seen.headers["webhook-id"] for seen in tried}
    again = {seen.json["data"]["alert"]["alert_id"]: seen.headers["webhook-id"] for seen in desk.requests[len(tried) :]}
    assert again == ids, "the same messages under the same ids"
    assert len(desk.requests) == len(tried) + 2


async def test_a_request_made_while_no_notifier_runs_is_done_when_one_starts(
    house: Notifying, kafka_bootstrap: str, tmp_path: Path
) -> None:
    async with ScriptedSlack([Answer(400, body="no_text")] * 2) as slack:
        file = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=house.prefix, slack=slack.url)
        async with house.notifying(slack=slack.url):
            await house.raise_alerts([numbered(1)])
            await house.settled(in_state("failed", "slack"))
        code, _, err = await typed("deliveries", "redrive", "--state", "failed", "--config", file)
        assert (code, err) == (0, "1 asked for: made at once, or when the notifier starts\n")
        async with house.notifying(slack=slack.url):
            await house.settled(all_delivered(1))
    assert len(slack.requests) == 3


async def test_a_parked_receiver_that_needs_no_other_setting_is_tried_when_somebody_asks(
    house: Notifying, kafka_bootstrap: str, tmp_path: Path
) -> None:
    async with ScriptedSlack(forever=GONE) as slack:
        file = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=house.prefix, slack=slack.url)
        async with house.notifying(slack=slack.url, newsroom=slack.url):
            await house.raise_alerts([numbered(1), numbered(2)])
            await house.settled(in_state("parked", "slack"))
            await house.settled(in_state("pending", "slack"))
            code, _, err = await typed("deliveries", "redrive", "--receiver", "slak", "--config", file)
            assert (code, "no receiver 'slak'" in err) == (78, True), err
            slack.forever = None
            await typed("deliveries", "redrive", numbered(2).alert_id, "--config", file)
            await house.settled(lambda found: in_state("delivered", "slack", 2)(found))


async def test_what_was_being_retried_when_its_receiver_was_parked_is_not_given_up_for_the_waiting(
    house: Notifying,
) -> None:
    house.section = replace(house.section, give_up_after="5s")
    async with ScriptedWebhook([Answer(503), Answer(404)]) as hook:
        async with house.notifying(hook=hook.url):
            await house.raise_alerts([numbered(1)])
            await hook.wait_for(1)
            await house.raise_alerts([numbered(2)])
            waiting = await house.settled(in_state("parked", "hook"))
            assert len(waiting) == 2
        await asyncio.sleep(5.5)  # longer than retries may last
        hook.script([Answer(), Answer(503)])
        async with house.notifying(hook=hook.url):
            ended = await house.settled(all_delivered(2))
    assert {each.state for each in ended.values()} == {"delivered"}
    assert len(hook.requests) == 5, "one that was parked, two that were tried again, one of them twice"


async def test_what_waited_too_long_is_given_up_and_not_sent_as_news(house: Notifying) -> None:
    house.section = replace(house.section, expire_after="2s")
    async with ScriptedSlack(forever=GONE) as slack:
        async with house.notifying(slack=slack.url):
            await house.raise_alerts([numbered(1), numbered(2)])
            ended = await house.settled(in_state("failed", "slack", 2))
        slack.forever = None
        async with house.notifying(slack=slack.url):
            await house.raise_alerts([numbered(3)])
            await house.settled(all_delivered(1))
    assert all(each.result.startswith("too old, queued ") for each in ended.values())
    assert len(slack.requests) == 2
    letters = [decode(record.value, DeadLetter) for record in await records(*house.place, DEAD_LETTERS)]
    assert sorted("404" in letter.error for letter in letters) == [False, True]


@pytest.mark.parametrize("state", ["corrected", "retracted"])
@pytest.mark.parametrize(
    ("answer", "told"),
    [(Answer(500), False), (Answer(reset=True), True), (Answer(404), False), (Answer(), True)],
    ids=["refused", "no reply", "gone", "arrived"],
)
async def test_only_those_whom_an_alert_may_have_reached_are_told_that_it_does_not_hold(
    house: Notifying, state: Any, answer: Answer, told: bool
) -> None:
    async with ScriptedWebhook([answer]) as hook:
        async with house.notifying(hook=hook.url):
            await house.raise_alerts([first_alert(revision=1)])
            await house.settled(lambda found: any(each.attempt for each in found.values()))
            await house.raise_alerts([first_alert(revision=2, state=state)])
            await house.settled(lambda found: len(found) == 2)
        async with house.notifying(hook=hook.url):
            ended = await house.settled(lambda found: not any(each.state in WAITING for each in found.values()))
    assert [seen.json["type"] for seen in hook.requests[1:]] == [f"alert.{state}"] * told
    if not told:
        results = {each.revision: each.result for each in ended.values()}
        assert results == {1: "superseded by revision 2", 2: f"{state} before it was delivered"}


async def test_deliveries_are_listed_and_shown(house: Notifying, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with ScriptedSlack(forever=GONE) as slack, ScriptedWebhook() as hook:
        file = write_configuration(
            tmp_path, bootstrap=kafka_bootstrap, prefix=house.prefix, slack=slack.url, webhook=hook.url
        )
        async with house.notifying(newsroom=slack.url, desk=hook.url):
            await house.raise_alerts([numbered(1)])
            await house.settled(lambda found: in_state("parked", "newsroom")(found) and all_delivered(2)(found))
    code, out, err = await typed("deliveries", "list", "--json", "--config", file)
    assert (code, err) == (0, "")
    states = {(each["destination"], each["state"], each["alert_id"][:6]) for each in orjson.loads(out)}
    assert states == {
        ("newsroom", "parked", "000000"),
        ("desk", "delivered", "000000"),
        ("desk", "delivered", "parked"),
    }
    code, out, _ = await typed("deliveries", "list", "--state", "parked", "--receiver", "newsroom", "--config", file)
    assert "404 no_service" in out
    assert out.endswith("1 of 1 deliveries shown; 1 parked\n")
    code, out, _ = await typed("routes", "test", numbered(1).alert_id[:12], "--config", file)
    assert out.endswith("newsroom: nothing new; revision 1 is parked\ndesk: revision 1 was delivered already\n")
    code, out, _ = await typed("deliveries", "show", numbered(1).alert_id[:12], "--config", file)
    assert "FIRST Russia recognizes the Taliban government" in out
    assert "hush" not in out


async def test_a_notifier_that_is_started_first_creates_the_topics(kafka_bootstrap: str, tmp_path: Path) -> None:
    house = Notifying(kafka_bootstrap, f"t{uuid.uuid4().hex[:10]}", tmp_path)

    async def is_there() -> bool:
        try:
            return not await house.deliveries()
        except ConfigError:
            return False

    async with ScriptedWebhook() as hook, house.notifying(hook=hook.url):
        await until(is_there, "the topic of deliveries")
        await house.raise_alerts([numbered(1)])
        await house.settled(all_delivered(1))

"""Groups, silences, feedback and floods on a real broker with real receivers, across restarts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import standardwebhooks
import structlog

from firstwire.config import load
from firstwire.core.routes.settings import Route
from firstwire.notifier.service import notify
from schemas import Delivery
from tests.fakes.receivers import Answer, ScriptedSlack, ScriptedWebhook
from tests.support.command_line import typed
from tests.support.configuration import SECRET, write_configuration
from tests.support.notifying import Notifying, alert_ids, all_delivered, numbered
from tests.support.waiting import until


def in_states(**wanted: int) -> Any:
    def condition(found: dict[Any, Delivery]) -> bool:
        states = [each.state for each in found.values()]
        return {state: states.count(state) for state in set(states)} == wanted  # type: ignore[arg-type]

    return condition


async def test_a_group_that_waits_through_a_restart_is_one_message(house: Notifying) -> None:
    house.route = Route(receivers=("hook",), group_by=(), group_wait="3s")
    async with ScriptedWebhook([Answer(500)]) as hook:
        async with house.notifying(hook=hook.url):
            await house.raise_alerts([numbered(number) for number in range(3)])
            held = await house.settled(in_states(held=3))
            assert hook.requests == []
        async with house.notifying(hook=hook.url):
            ended = await house.settled(all_delivered(3))
    refused, accepted = hook.requests
    assert refused.headers["webhook-id"] == accepted.headers["webhook-id"]
    body = standardwebhooks.Webhook(SECRET).verify(accepted.body.decode(), dict(accepted.headers))
    assert (body["type"], body["data"]["occasion"]) == ("alert.group", "group")
    assert [each["data"]["alert"]["alert_id"] for each in body["data"]["alerts"]] == [
        numbered(number).alert_id for number in range(3)
    ]
    assert {each.group for each in held.values()} == {"1"}
    assert len({each.batch for each in ended.values()}) == 1
    assert {(each.attempt, each.alert) for each in ended.values()} == {(2, None)}


async def test_a_message_that_is_rejected_is_told_alert_by_alert(house: Notifying) -> None:
    house.route = Route(receivers=("slack",), group_by=(), group_wait="1s")
    async with (
        ScriptedSlack([Answer(400, body="invalid_blocks"), Answer(400, body="invalid_payload")]) as slack,
        house.notifying(slack=slack.url),
    ):
        await house.raise_alerts([numbered(number) for number in range(2)])
        ended = await house.settled(all_delivered(2))
    assert {each.alone for each in ended.values()} == {True}, "so that a flood of them is not gathered again"
    assert [seen.json["text"].split("\n")[0] for seen in slack.requests] == [
        "2 ALERTS",
        "2 ALERTS",
        "FIRST  Russia recognizes the Taliban government",
        "FIRST  Russia recognizes the Taliban government",
    ]


async def test_a_flood_is_few_messages_to_people_and_all_of_it_to_machines(house: Notifying) -> None:
    async with (
        ScriptedSlack() as slack,
        ScriptedWebhook() as hook,
        house.notifying(slack=slack.url, hook=hook.url),
    ):
        await house.raise_alerts([numbered(number) for number in range(40)])
        await house.settled(all_delivered(80))
    texts = [seen.json["text"].split("\n")[0] for seen in slack.requests]
    assert len(texts) <= 3
    assert any(text.endswith("ALERTS") for text in texts)
    assert len(hook.requests) == 40


async def test_silences_and_feedback_by_command_mute_and_unmute(
    house: Notifying, kafka_bootstrap: str, tmp_path: Path
) -> None:
    house.route = Route(receivers=("hook",), repeat_interval="2s")
    async with ScriptedWebhook() as hook:
        file = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=house.prefix)
        code, out, _ = await typed(
            *("silences", "add", "rule=cricket", "--for", "1h", "--author", "Ada", "--comment", "no", "--config", file)
        )
        assert code == 0
        assert 'silence  rule="cricket"' in out
        assert out.endswith("by Ada: no\n")
        silence_id = out.split()[0]
        async with house.notifying(hook=hook.url):
            await house.raise_alerts([numbered(1), numbered(2, rule_id="cricket")])
            await house.settled(in_states(delivered=1, muted=1))
            await hook.wait_for(2)
            assert hook.requests[1].json["data"]["occasion"] == "repeat"
            code, out, _ = await typed("silences", "expire", silence_id[:6], "--config", file)
            assert code == 0
            code, out, _ = await typed("silences", "list", "--config", file)
            assert out == "0 silences\n"
            code, out, _ = await typed(
                *("feedback", "give", numbered(1).alert_id, "acknowledged", "--author", "Ada", "--config", file)
            )
            assert out.endswith("acknowledged, by Ada\n")
            await house.raise_alerts([numbered(3, rule_id="cricket")])
            await house.settled(lambda found: any(key[0] == numbered(3).alert_id for key in found))
        told = [seen.json["data"] for seen in hook.requests]
        assert numbered(3).alert_id in [data["alert"]["alert_id"] for data in told if "alert" in data]
        code, out, _ = await typed("feedback", "list", "--config", file)
        assert "acknowledged, by Ada" in out
        code, _, err = await typed("silences", "add", "tga=x", "--for", "1h", "--config", file)
        assert (code, "no label 'tga'; did you mean 'tag'?" in err) == (78, True)
        snoozed = numbered(1).alert_id
        code, out, _ = await typed("silences", "snooze", snoozed, "--for", "1h", "--author", "Ada", "--config", file)
        assert (code, f'snooze  alert="{snoozed}"' in out) == (0, True)
        code, _, err = await typed("silences", "snooze", "no-such", "--for", "1h", "--config", file)
        assert (code, "no alert 'no-such'" in err) == (78, True)
        seen = len(hook.requests)
        async with house.notifying(hook=hook.url):
            await house.raise_alerts([numbered(4)])
            await hook.wait_for(seen + 1)
    assert numbered(1).alert_id not in str([each.json for each in hook.requests[seen:]]), "it is acknowledged"


async def test_a_reload_is_valid_or_not_at_all_and_loses_nothing(
    house: Notifying, kafka_bootstrap: str, tmp_path: Path
) -> None:
    def written(hook: str, *, more: str = "") -> Path:
        return write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=house.prefix, webhook=hook, more=more)

    async def is_refused() -> bool:
        return any(each["event"] == "reload_refused" for each in logs)

    async with ScriptedWebhook(forever=Answer(404)) as gone, ScriptedWebhook() as hook, ScriptedWebhook() as late:
        file = written(gone.url)
        stop, hangup = asyncio.Event(), asyncio.Event()
        with structlog.testing.capture_logs() as logs:
            running = asyncio.create_task(
                notify(
                    load(file, {}),
                    kafka_bootstrap,
                    stop=stop,
                    read_again=lambda: load(file, {}),
                    hangup=hangup,
                )
            )
            await house.raise_alerts([numbered(1)])
            await house.settled(in_states(parked=1))
            written(gone.url, more='[[routes]]\nreceivers = ["nobody"]\n')
            hangup.set()
            await until(is_refused, "the reload is refused")
            late_too = f'[[receivers]]\nname = "late"\ntype = "cloudevents"\nurl = "{late.url}"\n'
            written(hook.url, more=f'{late_too}[[routes]]\nreceivers = ["late"]\n')
            code, out, err = await typed("reload", "--config", file)
            assert (code, err) == (0, "")
            assert out == "asked for: 2 routes to 2 receivers; see the log of the notifier\n"
            written(hook.url, more=f'{late_too}[[routes]]\nmatch = {{ tag = "talban" }}\nreceivers = ["late"]\n')
            code, _, err = await typed("reload", "--config", file)
            assert code == 0
            assert err == "error: route 2: no entity and no rule gives the tag 'talban'; did you mean 'taliban'?\n"
            written(hook.url, more=f'{late_too}[[routes]]\nreceivers = ["late"]\n')
            assert (await typed("reload", "--config", file))[0] == 0
            await house.settled(in_states(delivered=1))
            await house.raise_alerts([numbered(2)])
            await house.settled(in_states(delivered=3))
            stop.set()
            await asyncio.wait_for(running, 10)
    (refused,) = [each for each in logs if each["event"] == "reload_refused"]
    assert "no receiver 'nobody'" in refused["reason"]
    assert alert_ids(hook.requests) == [numbered(1).alert_id, numbered(2).alert_id]
    assert [seen.json["subject"] for seen in late.requests] == [numbered(2).alert_id]
    assert len(gone.requests) == 1

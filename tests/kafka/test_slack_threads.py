"""A story told through a Slack bot: one message that says what holds now, and under it what changed when."""

from __future__ import annotations

from typing import Any

from tests.fakes.receivers import Answer, ScriptedSlackApi
from tests.support.alerts import first_alert
from tests.support.notifying import Notifying, all_delivered

OUTLETS = ("Dawn", "The Harbor Post", "Radio Kivu")


def header(message: dict[str, Any]) -> str:
    text: str = message["blocks"][0]["text"]["text"]
    return text


async def test_raise_correction_and_retraction_are_one_thread_across_a_restart(house: Notifying) -> None:
    async with ScriptedSlackApi() as slack:
        async with house.notifying(bot=slack.url):
            await house.raise_alerts([first_alert(revision=1, outlets=OUTLETS[:1], origins=("a",))])
            await house.settled(all_delivered(1))
            corrected = first_alert(revision=2, state="corrected", outlets=OUTLETS, origins=("a", "b", "c"))
            await house.raise_alerts([corrected])
            await house.settled(all_delivered(2))
        async with house.notifying(bot=slack.url):
            await house.raise_alerts([first_alert(revision=3, state="retracted", outlets=OUTLETS)])
            ended = await house.settled(all_delivered(3))
    first, *updates = slack.messages.values()
    assert header(first) == "RETRACTED FIRST  Russia recognizes the Taliban government"
    assert [header(each).split("  ")[0] for each in updates] == ["CORRECTED FIRST", "RETRACTED FIRST"]
    assert {each["thread_ts"] for each in updates} == {next(iter(slack.messages))}
    assert "• also The Harbor Post, Radio Kivu · 3 origins" in updates[0]["text"].split("\n")
    assert "Source" not in updates[0]["text"], "what is known is not repeated"
    assert {each.thread for each in ended.values()} == {f"C1/{next(iter(slack.messages))}"}
    assert [seen.path.rpartition(".")[2] for seen in slack.requests] == [
        "postMessage", *["update", "postMessage"] * 2
    ]  # fmt: skip


async def test_an_edit_that_slack_puts_off_is_made_again_before_the_update_is_posted(house: Notifying) -> None:
    async with ScriptedSlackApi() as slack, house.notifying(bot=slack.url):
        await house.raise_alerts([first_alert(revision=1)])
        await house.settled(all_delivered(1))
        slack.script([Answer(503)])
        await house.raise_alerts([first_alert(revision=2, state="corrected")])
        await house.settled(all_delivered(2))
        assert [seen.path.rpartition(".")[2] for seen in slack.requests[1:]] == ["update", "update", "postMessage"]
        assert len(slack.messages) == 2


async def test_a_first_message_that_is_gone_holds_up_no_update(house: Notifying) -> None:
    async with ScriptedSlackApi() as slack, house.notifying(bot=slack.url):
        await house.raise_alerts([first_alert(revision=1)])
        await house.settled(all_delivered(1))
        slack.messages.clear()
        await house.raise_alerts([first_alert(revision=2, state="retracted")])
        await house.settled(all_delivered(2))
    (message,) = slack.messages.values()
    assert ("thread_ts" in message, message["text"].split("  ")[0]) == (False, "RETRACTED FIRST")


async def test_a_token_that_is_no_longer_valid_parks_the_receiver_and_names_the_setting(house: Notifying) -> None:
    async with ScriptedSlackApi(forever=Answer(200, body='{"ok":false,"error":"token_revoked"}')) as slack:
        async with house.notifying(bot=slack.url):
            await house.raise_alerts([first_alert()])
            await house.settled(lambda found: any(each.state == "parked" for each in found.values()))
        slack.forever = None
        async with house.notifying(bot=slack.url):
            ended = await house.settled(all_delivered(1))
    assert "hush" not in repr(ended)

"""One attempt against real servers: what comes back, and what its absence means."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import aiohttp
import pytest

from firstwire.config import networks
from firstwire.notifier.posting import BODY_LIMIT_BYTES, open_session, post
from firstwire.notifier.receivers.slack import SlackReceiver
from firstwire.notifier.receivers.webhook import WebhookReceiver
from firstwire.notifier.replies import Reply, ReplyVerdict
from firstwire.notifier.signatures import read_secret
from tests.fakes.receivers import Answer, ScriptedSlack, ScriptedWebhook
from tests.support.alerts import NOW, first_alert, receipt

HERE = networks(("127.0.0.0/8",))
KEYS = (read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "here"),)


def now() -> datetime:
    return datetime.now(UTC)


async def attempt(
    receiver: SlackReceiver | WebhookReceiver, *, timeout: float = 5.0, allow: bool = True
) -> ReplyVerdict:
    async with open_session(HERE if allow else (), timeout) as session:
        reply = await post(session, receiver.request(first_alert(), receipt(), "k", NOW, plain=False), now)
    return receiver.judge(reply, plain=False) if isinstance(reply, Reply) else reply


@pytest.mark.parametrize(
    ("answer", "verdict", "result"),
    [
        (None, "delivered", "200 ok"),
        (Answer(429, {"Retry-After": "3"}, "rate_limited"), "retry", "429 rate_limited"),
        (Answer(500, body="rollup_error"), "retry", "500 rollup_error"),
        (Answer(404, body="no_service"), "parked", "404 no_service"),
        (Answer(302, {"Location": "http://127.0.0.1:9/"}), "retry", "302"),
        (Answer(200, body="not quite"), "retry", "200 not quite"),
        (Answer(reset=True), "retry", "the server closed the connection without an answer"),
        (Answer(delay_seconds=5), "retry", "timeout"),
        (Answer(200, body="ok" * 100_000), "retry", "200 " + "ok" * 98),
        (Answer(400, body="invalid_blocks"), "plainer", "400 invalid_blocks"),
    ],
)
async def test_what_slack_does_is_judged(answer: Answer | None, verdict: str, result: str) -> None:
    async with ScriptedSlack([answer] if answer else []) as slack:
        judgement = await attempt(SlackReceiver(slack.url), timeout=0.5)
    assert (judgement.verdict, judgement.result) == (verdict, result)
    assert len(slack.requests) == 1, "one attempt is one request"


async def test_a_redirect_is_not_followed() -> None:
    async with ScriptedWebhook() as other, ScriptedWebhook([Answer(307, {"Location": other.url})]) as hook:
        judgement = await attempt(WebhookReceiver(hook.url, KEYS))
    assert (judgement.verdict, judgement.result, other.requests) == ("retry", "307", [])


async def test_a_webhook_that_answers_2xx_with_a_slow_body_has_taken_it() -> None:
    async with ScriptedWebhook([Answer(200, body="x" * 10 * BODY_LIMIT_BYTES)]) as hook:
        assert (await attempt(WebhookReceiver(hook.url, KEYS))).verdict == "delivered"


async def test_nobody_at_the_address_is_worth_another_try() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    judgement = await attempt(SlackReceiver(f"http://127.0.0.1:{port}/hush"))
    assert judgement == ReplyVerdict("retry", "cannot connect: Connection refused"), "and nothing can have arrived"


@pytest.mark.parametrize(
    ("answer", "unanswered"),
    [(Answer(reset=True), True), (Answer(delay_seconds=5), True), (Answer(503), False), (Answer(404), False)],
)
async def test_only_without_a_reply_a_message_may_have_arrived(answer: Answer, unanswered: bool) -> None:
    async with ScriptedWebhook([answer]) as hook:
        judgement = await attempt(WebhookReceiver(hook.url, KEYS), timeout=0.5)
    assert judgement.unanswered is unanswered


async def test_a_private_address_is_refused_unless_allowed() -> None:
    async with ScriptedSlack() as slack:
        judgement = await attempt(SlackReceiver(slack.url), allow=False)
    assert judgement == ReplyVerdict(
        "parked",
        "refused by policy: address 127.0.0.1 is loopback",
        setting="notifier.allow_private_addresses",
        probed=True,
    )
    assert slack.requests == []


async def test_cookies_are_not_kept() -> None:
    async with ScriptedWebhook([Answer(204, {"Set-Cookie": "track=me"})]) as hook, open_session(HERE, 5.0) as session:
        for _ in range(2):
            request = WebhookReceiver(hook.url, KEYS).request(first_alert(), receipt(), "k", NOW, plain=False)
            assert isinstance(await post(session, request, now), Reply)
        assert isinstance(session.cookie_jar, aiohttp.DummyCookieJar)
    assert all("Cookie" not in seen.headers for seen in hook.requests)

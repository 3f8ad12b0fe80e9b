"""Apprise: real messages in a process of their own, whose connections are guarded, and what it cannot be asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from firstwire.errors import ConfigError
from firstwire.notifier.receivers import apprise
from firstwire.notifier.replies import ReplyVerdict
from tests.fakes.receivers import Answer, ScriptedWebhook
from tests.support.alerts import NOW, first_alert, receipt
from tests.support.chat import HOSTILE
from tests.support.message_checks import check_apprise
from tests.support.receivers import attempt, receiver, requests_of


def made(server: ScriptedWebhook, folder: Path, more: str = "") -> Any:
    return receiver("apprise", f"json://127.0.0.1:{server.port}/hush-hush-hush{more}", folder)


async def sent(server: ScriptedWebhook, folder: Path, *, allow: bool = True) -> ReplyVerdict:
    one = made(server, folder)
    request = one.request(first_alert(headline="@everyone <!channel> hear"), receipt(), "k", NOW, plain=False)
    return await attempt(one, request, allow=allow, seconds=3.0)


@pytest.mark.slow
async def test_a_message_arrives_with_its_title_and_mentions_nobody(tmp_path: Path) -> None:
    async with ScriptedWebhook() as server:
        verdict = await sent(server, tmp_path)
    assert (verdict.verdict, verdict.result) == ("delivered", "200 accepted")
    (seen,) = server.requests
    assert seen.json["title"] == "FIRST  @\u200beveryone <\u200b!channel> hear"
    assert "Russia → recognizes → Taliban" in seen.json["message"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(500), ("retry", "500 not accepted")),
        (Answer(404), ("parked", "404 not accepted")),
        (Answer(302, {"Location": "/elsewhere"}), ("retry", "302 not accepted")),
        (Answer(delay_seconds=30), ("retry", "502 not accepted")),
    ],
)
async def test_what_a_service_answers_is_judged(tmp_path: Path, answer: Answer, expected: tuple[str, str]) -> None:
    async with ScriptedWebhook(forever=answer) as server:
        verdict = await sent(server, tmp_path)
    assert (verdict.verdict, verdict.result) == expected
    assert len(server.requests) == 1, "no redirect is followed, and nothing is tried twice"


@pytest.mark.slow
async def test_a_forbidden_address_is_not_connected_to(tmp_path: Path) -> None:
    async with ScriptedWebhook() as server:
        verdict = await sent(server, tmp_path, allow=False)
    assert (verdict.verdict, verdict.setting) == ("parked", "notifier.allow_private_addresses")
    assert verdict.result == "refused by policy: address 127.0.0.1 is loopback"
    assert not server.requests


@pytest.mark.parametrize("title", ["𝒲" * 4_000, *HOSTILE])
def test_every_kind_of_message_is_text_with_a_title_and_mentions_nobody(title: str, tmp_path: Path) -> None:
    one = receiver("apprise", "json://desk.example/hush-hush-hush", tmp_path)
    for request in requests_of(one, first_alert(headline=title, outlets=(title,))):
        check_apprise(request)
    assert "hush" not in repr(one) + repr(request)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense://hush-hush-hush", "Apprise knows no such URL"),
        ("jsons://desk.example/hush-hush-hush?verify=no", "certificates are always verified"),
    ],
)
def test_what_apprise_does_not_know_is_an_error_without_the_url(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        receiver("apprise", url, tmp_path)
    assert said in str(caught.value)
    assert "hush" not in str(caught.value)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'firstwire\[apprise\]'"):
        receiver("apprise", "json://desk.example/x", tmp_path)

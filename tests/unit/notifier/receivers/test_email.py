"""E-mail to a real server: what arrives is read by Python's own parser."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstwire.config import Secret
from firstwire.core.text.wording import cut, one_line
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.replies import Reply
from schemas import Notice
from tests.bench.hostile_messages import hostile_text
from tests.fakes.mail import MailServer
from tests.support.alerts import NOW, first_alert, receipt, told
from tests.support.message_checks import check_email, parsed_mail
from tests.support.receivers import attempt, listed, receiver, requests_of
from tests.support.told_messages import mails


def mail(url: str, folder: Path, **fields: Any) -> Receiver:
    addresses = {"sender": "firstwire@news.example", "recipients": ("ada@news.example", "bob@news.example")}
    return receiver("email", url, folder, **{**addresses, **fields})


async def test_an_alert_arrives_as_text_and_html_with_its_thread(tmp_path: Path) -> None:
    async with MailServer() as server:
        one = mail(server.url, tmp_path)
        first = one.request(first_alert(), receipt(), "k:1", NOW, plain=False)
        assert (await attempt(one, first)).verdict == "delivered"
        update = one.request(
            first_alert(state="updated"), receipt(), "k:2", NOW, plain=False, told=told(status="planned")
        )
        await attempt(one, update)
    raised, updated = server.messages
    assert raised["Subject"] == "FIRST Russia recognizes the Taliban government"
    assert server.envelopes[0] == ("firstwire@news.example", ["ada@news.example", "bob@news.example"])
    text, page = (raised.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Source  a.example · https://a.example/russia?x=1&y=2" in text
    assert '<a href="https://a.example/russia?x=1&amp;y=2">read the article</a>' in page
    assert "<b>First Nation</b>" in page
    assert updated["In-Reply-To"] == updated["References"] == raised["Message-ID"]
    assert updated["Message-ID"] != raised["Message-ID"]
    assert "now asserted, before planned" in updated.get_body(("plain",)).get_content()


async def test_a_login_is_used_and_a_wrong_one_waits_to_be_mended(tmp_path: Path) -> None:
    (tmp_path / "right").write_text("hush/hush@hush")
    (tmp_path / "wrong").write_text("hush-wrong")
    async with MailServer(login=("ada", "hush/hush@hush")) as server:
        verdicts = []
        for name in ("right", "wrong"):
            one = mail(server.url, tmp_path, username="ada", password=Secret(file=str(tmp_path / name)))
            verdicts.append(await attempt(one, one.request(first_alert(), receipt(), "k", NOW, plain=False)))
            assert "hush" not in repr(one) + verdicts[-1].result
    assert [(each.verdict, each.setting) for each in verdicts] == [("delivered", ""), ("parked", "receivers.password")]
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("250 fine", "delivered"),
        ("421 closing", "retry"),
        ("451 try again later", "retry"),
        ("452 no room", "retry"),
        ("550 no such user", "parked"),
        ("552 too large", "plainer"),
        ("554 no", "plainer"),
    ],
)
async def test_what_a_server_says_is_judged(reply: str, verdict: str, tmp_path: Path) -> None:
    async with MailServer([reply]) as server:
        one = mail(server.url, tmp_path)
        judged = await attempt(one, one.request(first_alert(), receipt(), "k", NOW, plain=False))
    assert judged.verdict == verdict


async def test_no_server_and_no_permission(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    one = mail(f"smtp://127.0.0.1:{port}", tmp_path)
    request = one.request(first_alert(), receipt(), "k", NOW, plain=False)
    assert (await attempt(one, request)).verdict == "retry"
    refused = await attempt(one, request, allow=False)
    assert (refused.verdict, refused.setting) == ("parked", "notifier.allow_private_addresses")
    assert refused.result == "refused by policy: address 127.0.0.1 is loopback"


@pytest.mark.slow
async def test_only_a_message_that_was_sent_may_have_arrived_without_an_answer(tmp_path: Path) -> None:
    async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    class Slow(MailServer):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
            await asyncio.sleep(1.0)
            return "250 accepted"

    silent = await asyncio.start_server(says_nothing, "127.0.0.1", 0)
    verdicts = []
    async with silent, Slow() as slow:
        for url in (f"smtp://127.0.0.1:{silent.sockets[0].getsockname()[1]}", slow.url):
            one = mail(url, tmp_path)
            request = one.request(first_alert(), receipt(), "k", NOW, plain=False)
            verdicts.append(await attempt(one, request, seconds=0.5))
    assert [(each.verdict, each.result) for each in verdicts] == [("retry", "timeout")] * 2
    assert [each.unanswered for each in verdicts] == [False, True]


@pytest.mark.parametrize(
    "title",
    [
        "=?utf-8?q?=0d=0aBcc:_eve=40evil.example?=",
        "Quake =?utf-8?b?DQoNCjxoMT5Mb2dpbjwvaDE+?= in Chile",
        "==??utf-8?q?=0d=0aReply-To:_eve=40evil.example?=",
        "x\r\nBcc: eve@evil.example",
    ],
)
def test_no_title_adds_a_header_or_ends_them(title: str, tmp_path: Path) -> None:
    one = mail("smtps://mail.example", tmp_path)
    allowed = {*parsed_mail(next(requests_of(one, first_alert())).body).keys(), "In-Reply-To", "References"}
    for request in requests_of(one, first_alert(headline=title)):
        check_email(request)
        message = parsed_mail(request.body)
        assert {*message.keys()} <= {*allowed, "Content-Transfer-Encoding"}


def test_a_subject_is_read_back_as_it_was_meant_whatever_stands_in_it(tmp_path: Path) -> None:
    one = mail("smtps://mail.example", tmp_path)
    draw = Random(1)
    for _ in range(300):
        text = hostile_text(draw)
        title = f"New: {text if draw.random() < 0.8 else ascii(text)}"
        notice = Notice(kind="receiver.parked", headline=title, lines=("x",), happened_at="2025-07-03T14:02:41.000Z")
        request = one.notice_request(notice, "k", NOW)
        check_email(request)
        assert parsed_mail(request.body)["Subject"] == cut(one_line(title).replace("=?", "= ?"), 200)


def test_a_subject_of_invisible_characters_alone_is_not_left_empty(tmp_path: Path) -> None:
    notice = Notice(kind="receiver.parked", headline="\u200b\x00", lines=("x",), happened_at="2025-07-03T14:02:41.000Z")
    request = mail("smtps://mail.example", tmp_path).notice_request(notice, "k", NOW)
    assert parsed_mail(request.body)["Subject"] == "(no headline)"


def test_a_plain_subject_is_not_encoded(tmp_path: Path) -> None:
    one = mail("smtps://mail.example", tmp_path)
    body = one.request(first_alert(headline="Chile and Peru " * 10), receipt(), "k", NOW, plain=False).body
    assert body.startswith(b"Subject: FIRST Chile and Peru Chile")
    assert b"=?" not in body.partition(b"\r\n\r\n")[0]


@pytest.mark.slow
@given(title=st.text(st.characters(exclude_categories=()), min_size=1, max_size=400))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_message_is_read_back_by_pythons_parser(title: str, tmp_path: Path) -> None:
    one = mail("smtps://mail.example", tmp_path)
    for hostile in (title, f"{title}\r\nBcc: eve@evil.example\r\n\r\n<script>alert(1)</script>"):
        alert = first_alert(headline=hostile, outlets=(hostile,))
        for request in requests_of(one, alert):
            check_email(request)


def test_a_digest_is_a_list_in_both_forms(tmp_path: Path) -> None:
    one = mail("smtps://mail.example", tmp_path)
    several = listed(*(first_alert(alert_id=f"{number}") for number in range(12)), occasion="digest")
    message = parsed_mail(one.list_request(several, "batch-1", NOW, plain=False).body)
    assert message["Subject"] == "Digest: 12 alerts"
    assert message.get_body(("html",)).get_content().count("<li>") == 10
    assert "and 2 more" in message.get_body(("plain",)).get_content()


def test_temporary_codes_are_no_answer_for_good(tmp_path: Path) -> None:
    one = mail("smtps://mail.example", tmp_path)
    codes = {code: one.judge(Reply(code, "", NOW), plain=True).verdict for code in (250, 354, 421, 450, 535, 553, 571)}
    assert codes == {
        250: "delivered",
        354: "retry",
        421: "retry",
        450: "retry",
        535: "parked",
        553: "parked",
        571: "failed",
    }


def test_a_quote_keeps_the_spaces_around_its_highlights(tmp_path: Path) -> None:
    page = mails(tmp_path)[0].get_body(("html",))
    assert page is not None
    assert "Becomes The <b>First Nation</b> to Officially <b>Recognize</b> <b>Taliban</b> Gov" in page.get_content()

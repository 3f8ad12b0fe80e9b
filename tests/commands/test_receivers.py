"""`firstwire check`, `receivers test` and `routes test` against real servers: what notifies nobody is said before."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks

from firstwire.errors import EXIT_CONFIG, EXIT_OK, EXIT_UNAVAILABLE
from schemas.codec import encode
from tests.fakes.receivers import Answer, ScriptedSlack, ScriptedWebhook
from tests.support.alerts import first_alert
from tests.support.command_line import typed
from tests.support.configuration import SECRET, write_configuration

FEED = '<rss version="2.0"><channel><title>Dawn</title><item><title>Rain</title><guid>1</guid></item></channel></rss>'
NOWHERE = "127.0.0.1:1"


def lines_on(out: str, subject: str) -> list[str]:
    return [line for line in out.splitlines() if line[7:].startswith(f"{subject}: ")]


async def test_check_reaches_every_receiver_without_a_message(tmp_path: Path) -> None:
    async with ScriptedSlack() as slack, ScriptedWebhook([Answer(405)]) as hook:
        write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[], slack=slack.url, webhook=hook.url)
        _, out, err = await typed("check", cwd=tmp_path)
    only = "only a message shows more, firstwire receivers test NAME"
    assert lines_on(out, "receivers") == [
        "ok     receivers: newsroom: reached, answers 400 to HEAD",
        f"ok     receivers: desk: reached; it takes no HEAD (405): {only}",
    ]
    assert [len(server.requests) for server in (slack, hook)] == [1, 1]
    assert (slack.requests[0].body, hook.requests[0].body) == (b"", b"")
    assert "hush" not in out + err


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (Answer(501), EXIT_OK, "reached; it takes no HEAD (501)"),
        (Answer(503), EXIT_UNAVAILABLE, "reached, but it answers 503"),
        (Answer(301, {"Location": "/there"}), EXIT_CONFIG, "it redirects (301), which is not followed"),
        (Answer(reset=True), EXIT_UNAVAILABLE, "the server closed the connection without an answer"),
    ],
)
async def test_check_says_what_is_wrong_with_a_receiver(tmp_path: Path, answer: Answer, code: int, says: str) -> None:
    async with ScriptedWebhook(forever=answer) as hook:
        write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[], webhook=hook.url)
        exit_code, out, _ = await typed("check", cwd=tmp_path)
    assert exit_code == max(code, EXIT_UNAVAILABLE), "and there is no Kafka"
    (line,) = lines_on(out, "receivers")
    assert line.startswith("ok" if code == EXIT_OK else "FAILED")
    assert says in line


async def test_check_names_the_setting_that_forbids_an_address(tmp_path: Path) -> None:
    async with ScriptedWebhook() as hook:
        file = write_configuration(
            tmp_path, bootstrap=NOWHERE, feeds=["http://127.0.0.1:9/f", "http://10.0.0.1/f"], webhook=hook.url
        )
        file.write_text(file.read_text().replace('[notifier]\nallow_private_addresses = ["127.0.0.0/8"]\n', ""))
        code, out, _ = await typed("check", cwd=tmp_path)
    assert code == EXIT_CONFIG
    (line,) = lines_on(out, "receivers")
    assert "address 127.0.0.1 is loopback; mend it, or notifier.allow_private_addresses in the settings" in line
    assert lines_on(out, "feeds") == [
        "FAILED feeds: http://10.0.0.1/f: address 10.0.0.1 is private; poller.allow_private_addresses does not allow it"
    ]
    assert hook.requests == []


async def test_check_names_a_setting_that_the_type_of_a_receiver_does_not_read(tmp_path: Path) -> None:
    file = write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[], webhook="http://127.0.0.1:1/")
    file.write_text(file.read_text().replace('type = "webhook"', 'type = "slack"'))
    _, out, _ = await typed("check", cwd=tmp_path)
    said = "the type slack does not read 'secret': take it out, or name another type"
    assert lines_on(out, "receivers")[-1] == f"warn   receivers: desk: {said}"


async def test_check_says_whether_the_console_can_listen(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[], web=listen)
        code, out, _ = await typed("check", cwd=tmp_path)
    (line,) = lines_on(out, "console")
    assert (code, line.startswith(f"FAILED console: cannot listen on {listen}: ")) == (EXIT_CONFIG, True)
    assert "set web.listen to another port" in line
    async with ScriptedWebhook(forever=Answer(200, {"Server": "firstwire"})) as console:
        write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[], web=console.url.split("/")[2])
        code, out, _ = await typed("check", cwd=tmp_path)
    (line,) = lines_on(out, "console")
    assert line.startswith("warn   console: a Firstwire listens on")
    write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[], web="127.0.0.1:0")
    _, out, _ = await typed("check", cwd=tmp_path)
    assert lines_on(out, "console") == ["ok     console: 127.0.0.1:0 is free"]


async def test_check_says_that_feeds_were_not_visited(tmp_path: Path) -> None:
    write_configuration(tmp_path, bootstrap=NOWHERE, feeds=["http://127.0.0.1:9/f"])
    _, out, _ = await typed("check", cwd=tmp_path)
    assert lines_on(out, "subscriptions") == [
        "ok     subscriptions: 1 feed, not visited: `firstwire check --feeds` visits them"
    ]


async def test_check_names_routes_that_notify_nobody(tmp_path: Path) -> None:
    write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[], slack="http://127.0.0.1:1/", match={"tag": "talban"})
    code, out, _ = await typed("check", cwd=tmp_path)
    assert code == EXIT_CONFIG
    assert "FAILED routes: route 1: no entity and no rule gives the tag 'talban'; did you mean 'taliban'?" in out


async def test_check_visits_every_feed_once_if_asked(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    async with (
        ScriptedWebhook(forever=Answer(200, {"Content-Type": "application/rss+xml"}, FEED)) as good,
        ScriptedWebhook(forever=Answer(200, {"Content-Type": "text/html"}, "<html>hello</html>")) as page,
    ):
        write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[good.url, page.url, nobody])
        code, out, _ = await typed("check", "--feeds", cwd=tmp_path)
        assert (code, len(good.requests), len(page.requests)) == (EXIT_UNAVAILABLE, 1, 1)
    failed = lines_on(out, "feeds")
    assert failed[-1] == "ok     feeds: 1 of 3 visited have a feed"
    assert sorted(line.split(": ")[1] for line in failed[:-1]) == sorted([page.url, nobody])


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (None, EXIT_OK, "accepted: 204"),
        (Answer(404), EXIT_CONFIG, "404; mend it, or receivers.url in the settings"),
        (Answer(500, body="asleep"), EXIT_UNAVAILABLE, "500 asleep"),
    ],
)
async def test_a_test_message_is_marked_and_its_answer_shown(
    tmp_path: Path, answer: Answer | None, code: int, says: str
) -> None:
    async with ScriptedWebhook(forever=answer) as hook:
        write_configuration(tmp_path, webhook=hook.url)
        found = await typed("receivers", "test", "desk", cwd=tmp_path)
    assert found == (code, f"desk: {says}\n", "")
    (seen,) = hook.requests
    body: Any = standardwebhooks.Webhook(SECRET).verify(seen.body.decode(), dict(seen.headers))
    assert body["type"] == "receiver.test"
    assert body["data"]["text"].startswith("FIRSTWIRE  TEST: this is no alert\n")


async def test_slack_gets_a_test_message_too_and_a_wrong_name_is_an_error(tmp_path: Path) -> None:
    async with ScriptedSlack() as slack:
        write_configuration(tmp_path, slack=slack.url)
        found = await typed("receivers", "test", "newsroom", cwd=tmp_path)
        assert found == (EXIT_OK, "newsroom: accepted: 200 ok\n", "")
        code, _, err = await typed("receivers", "test", "newsrom", cwd=tmp_path)
    assert slack.requests[0].json["text"].startswith("FIRSTWIRE  TEST")
    assert (code, "no receiver 'newsrom'; did you mean 'newsroom'?" in err) == (EXIT_CONFIG, True)


async def test_the_path_of_an_alert_of_a_replay_is_shown(tmp_path: Path) -> None:
    write_configuration(tmp_path, slack="http://127.0.0.1:1/", match={"kind": "first"})
    (tmp_path / "alerts.jsonl").write_bytes(encode(first_alert()) + b"\n")
    code, out, _ = await typed("routes", "test", "7f3a", "--alerts", "alerts.jsonl", cwd=tmp_path)
    assert (code, "newsroom: sent at once: first seen\n" in out) == (EXIT_OK, True)
    code, _, err = await typed("routes", "test", "8", "--alerts", "alerts.jsonl", cwd=tmp_path)
    assert (code, err) == (EXIT_CONFIG, "firstwire: no alert '8'\n")
    (tmp_path / "alerts.jsonl").write_bytes(b"{}\n")
    code, _, err = await typed("routes", "test", "7f3a", "--alerts", "alerts.jsonl", cwd=tmp_path)
    assert (code, "alerts.jsonl:1: not a Alert" in err) == (EXIT_CONFIG, True), err


async def test_a_template_is_previewed_and_what_is_wrong_with_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "alerts.jsonl").write_bytes(encode(first_alert()) + b"\n")

    def with_template(text: str) -> None:
        more = f"[[templates]]\nname = 'short'\ntext = '{text}'\n"
        write_configuration(tmp_path, bootstrap=NOWHERE, feeds=[], slack="http://127.0.0.1:1/", more=more)

    with_template("{{ severity | upper }} {{ headline }}")
    code, out, _ = await typed("templates", "preview", "short", "7f3a", "--alerts", "alerts.jsonl", cwd=tmp_path)
    assert (code, out) == (EXIT_OK, "CRITICAL Russia recognizes the Taliban government\n")
    code, _, err = await typed("templates", "preview", "shrot", "7f3a", "--alerts", "alerts.jsonl", cwd=tmp_path)
    assert (code, err) == (EXIT_CONFIG, "firstwire: no template 'shrot'; did you mean 'short'?\n")
    with_template("{{ headline.nobody }}")
    code, out, err = await typed("templates", "preview", "short", "7f3a", "--alerts", "alerts.jsonl", cwd=tmp_path)
    assert (code, out, "has no attribute" in err) == (1, "", True)
    with_template("{{ headlin }}")
    code, out, _ = await typed("check", cwd=tmp_path)
    assert code == EXIT_CONFIG
    assert "FAILED receivers: template 'short': nothing is called 'headlin'; did you mean 'headline'?" in out

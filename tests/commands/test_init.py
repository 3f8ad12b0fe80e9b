"""`firstwire init`: a first configuration that holds, and a test message that arrives."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest

from firstwire import config
from firstwire.commands.first_files import ADDRESS, CONFIGURATION, SECRET, WATCHES, first_files
from firstwire.errors import EXIT_CONFIG, EXIT_OK, EXIT_USAGE
from firstwire.files.rules import written_rules
from tests.fakes.receivers import Answer, ScriptedWebhook
from tests.support.command_line import firstwire, typed
from tests.support.small_gazetteer import GAZETTEER

QUERY = 'embass* NEAR/8 (reopen* OR clos*) AND NOT "ice rink"'


async def test_three_answers_make_a_configuration_and_a_test_message(tmp_path: Path) -> None:
    async with ScriptedWebhook() as hook:
        arguments = ["--watch", QUERY, "--feed", "https://news.example/rss", "--tell", hook.url]
        code, out, err = await asyncio.to_thread(firstwire, "init", *arguments, cwd=tmp_path)
        assert (code, err) == (EXIT_OK, "")
        assert len(hook.requests) == 1
        code, _, err = await asyncio.to_thread(firstwire, "init", *arguments, cwd=tmp_path)
    assert (code, "is there already, and is not overwritten" in err) == (EXIT_CONFIG, True)
    assert "test message: " in out
    assert hook.url not in out + (tmp_path / CONFIGURATION).read_text()
    for name in (ADDRESS, SECRET):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    loaded = config.load(tmp_path / CONFIGURATION, os.environ)
    assert loaded.settings.poller.subscriptions == ("https://news.example/rss",)
    assert loaded.receiver("me").read_url() == hook.url


async def test_what_was_understood_and_found_is_said(tmp_path: Path) -> None:
    rss = (
        '<rss version="2.0"><channel><title>Dawn</title><item><title>Rain</title><guid>1</guid></item></channel></rss>'
    )
    async with (
        ScriptedWebhook(forever=Answer(200, {"Content-Type": "application/rss+xml"}, rss)) as good,
        ScriptedWebhook(forever=Answer(404)) as bad,
    ):
        arguments = ["--watch", "dock workers or crews", "--feed", good.url, "--feed", bad.url]
        code, out, _ = await typed("init", *arguments, "--tell", f"slack:{bad.url}", cwd=tmp_path)
    assert code == EXIT_CONFIG
    assert "  understood as all of: dock, workers, or, crews\n  hint: `or` is a word here" in out
    assert "the address is taken for one of the type slack; TYPE:URL says another one" in out
    assert f"feed {good.url}: “Dawn”, RSS 2.0, 1 entry" in out
    assert f"feed {bad.url}: " in out
    assert "To change a feed: subscriptions in firstwire.toml; firstwire check --feeds visits them again" in out
    assert "Its address is in receiver.url, its type in firstwire.toml; firstwire receivers test me" in out
    assert 'interval = "15m"' in (tmp_path / CONFIGURATION).read_text()


def test_an_input_that_ends_too_early_is_wrong_usage_and_writes_nothing(tmp_path: Path) -> None:
    for answers in ("", "embass*\n\nhttps://news.example/rss\n\n"):
        code, _, err = firstwire("init", cwd=tmp_path, typed_in=answers)
        assert code == EXIT_USAGE
        assert "the input ends before all is answered: give --watch, --feed and --tell" in err
        assert list(tmp_path.iterdir()) == []


def test_a_wrong_query_is_said_before_anything_is_written(tmp_path: Path) -> None:
    code, _, err = firstwire("init", "--watch", "foo:x", "--feed", "x.opml", "--tell", "", cwd=tmp_path)
    assert code == EXIT_CONFIG
    assert "watch 'foo:x'" in err
    assert list(tmp_path.iterdir()) == []


def test_addresses_of_ones_own_network_are_allowed_and_no_others(tmp_path: Path) -> None:
    feeds = ["http://192.168.1.7/rss", "https://news.example/rss", "http://169.254.169.254/rss", "http://192.168.1.7/b"]
    (tmp_path / CONFIGURATION).write_text(
        first_files(tmp_path, [], feeds, "http://localhost:9000/hook").texts[CONFIGURATION]
    )
    loaded = config.load(tmp_path / CONFIGURATION, {}).settings
    assert loaded.poller.allow_private_addresses == ("192.168.1.7/32",)
    assert loaded.notifier.allow_private_addresses == ("127.0.0.0/8", "::1/128")


@pytest.mark.parametrize(
    ("feed", "tell", "reason"),
    [
        ("news.example", "", "poller.subscriptions takes OPML files and URLs that begin with http:// or https://"),
        ("ftp://news.example/rss", "", "feed 'ftp://news.example/rss': scheme 'ftp' is not http or https"),
        ("https://news.example/rss", "hooks/T/B", "receiver 'me': the URL must be of the form https://host/path"),
    ],
)
def test_neither_is_a_wrong_address(tmp_path: Path, feed: str, tell: str, reason: str) -> None:
    code, _, err = firstwire("init", "--watch", QUERY, "--feed", feed, "--tell", tell, cwd=tmp_path)
    assert code == EXIT_CONFIG
    assert reason in err
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_at_a_prompt_is_asked_for_again(tmp_path: Path) -> None:
    answers = "foo:x\nembass*\n\nnews.example\nhttps://news.example/rss\n\nhello\n\n"
    code, out, err = firstwire("init", cwd=tmp_path, typed_in=answers)
    assert (code, err) == (EXIT_OK, "")
    assert [text in out for text in ("watch 'foo:x'", "cannot read", "receiver 'me': the URL must")] == [True] * 3
    loaded = config.load(tmp_path / CONFIGURATION, {})
    assert (loaded.settings.poller.subscriptions, loaded.settings.receivers) == (("https://news.example/rss",), ())


@pytest.mark.parametrize(
    ("tell", "kind"),
    [
        ("https://hooks.slack.com/services/T/B/x", "slack"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("https://ntfy.sh/my-topic", "ntfy"),
        ("https://desk.example/hook", "webhook"),
        ("slack:https://chat.example/hooks/x", "slack"),
        ("mattermost:https://chat.example/hooks/x", "mattermost"),
        ("", None),
    ],
)
def test_whatever_is_answered_the_files_can_be_loaded(tmp_path: Path, tell: str, kind: str | None) -> None:
    files = first_files(tmp_path, [QUERY], [], tell)
    for name, text in {**files.texts, **files.private}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = config.load(tmp_path / CONFIGURATION, {})
    assert [receiver.type for receiver in loaded.settings.receivers] == ([] if kind is None else [kind])
    assert (SECRET in files.private) == (kind == "webhook")
    (written,) = written_rules([tmp_path / WATCHES], GAZETTEER)
    assert written.rule.id == "my-watch-1"

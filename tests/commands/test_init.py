"""`firstwire init`: a first configuration that holds, and a test message that arrives."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest

from firstwire import config
from firstwire.commands.first_files import ADDRESS, CONFIGURATION, SECRET, WATCHES, first_files
from firstwire.errors import EXIT_CONFIG, EXIT_OK
from firstwire.files.rules import written_rules
from tests.fakes.receivers import ScriptedWebhook
from tests.support.command_line import firstwire
from tests.support.small_gazetteer import GAZETTEER

QUERY = 'embass* NEAR/8 (reopen* OR clos*) AND NOT "ice rink"'


LOOPBACK = {"FIRSTWIRE_NOTIFIER_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8"}


async def test_three_answers_make_a_configuration_and_a_test_message(tmp_path: Path) -> None:
    async with ScriptedWebhook() as hook:
        arguments = ["--watch", QUERY, "--feed", "https://news.example/rss", "--tell", hook.url]
        code, out, err = await asyncio.to_thread(firstwire, "init", *arguments, cwd=tmp_path, environment=LOOPBACK)
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


def test_a_wrong_query_is_said_before_anything_is_written(tmp_path: Path) -> None:
    code, _, err = firstwire("init", "--watch", "foo:x", "--feed", "x.opml", "--tell", "", cwd=tmp_path)
    assert code == EXIT_CONFIG
    assert "watch 'foo:x'" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tell", "kind"),
    [
        ("https://hooks.slack.com/services/T/B/x", "slack"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("https://ntfy.sh/my-topic", "ntfy"),
        ("https://desk.example/hook", "webhook"),
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

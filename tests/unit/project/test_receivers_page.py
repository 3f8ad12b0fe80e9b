"""docs/receivers.md: every type is there, and every example is a receiver that can be made."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from firstwire.config import ReceiverSettings
from firstwire.notifier.events import alert_event
from firstwire.notifier.receiver_types import receiver_types, receivers_from
from firstwire.notifier.rendering import parts_of, plain_lines
from firstwire.notifier.templates import FILTERS, VARIABLES, compiled_template
from firstwire.notifier.view import View
from tests.support.alerts import first_alert
from tests.support.alerts import receipt as receipt_of_alert
from tests.support.configuration import SECRET
from tests.support.story import told_story
from tests.support.told_messages import bot_lines, mail_lines, webhook_lines

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "receivers.md").read_text(encoding="utf-8")


def examples(page: str) -> list[dict[str, Any]]:
    """Every receiver that a page configures."""
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    return [written for block in blocks for written in tomllib.loads(block).get("receivers", ())]


@pytest.mark.parametrize("written", examples(PAGE), ids=[each["type"] for each in examples(PAGE)])
def test_an_example_can_be_made(written: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text(SECRET)
    for key, value in written.items():
        if isinstance(value, dict) and "env" in value:
            scheme = "json" if written["type"] == "apprise" else "https"
            monkeypatch.setenv(value["env"], f"{scheme}://service.example/hush" if key == "url" else "hush")
        if isinstance(value, dict) and "file" in value:
            written = {**written, key: {"file": str(tmp_path / "secret")}}
    section = msgspec.convert(written, ReceiverSettings)
    assert list(receivers_from((section,))) == [section.name]


def test_every_type_has_an_example_and_a_row() -> None:
    assert set(receiver_types()) <= {each["type"] for each in examples(PAGE)}
    assert set(receiver_types()) <= set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))


def test_the_story_is_told_as_the_page_shows() -> None:
    view = View(ZoneInfo("Europe/Berlin"), "https://console.example")
    message = r"to a webhook it is `([\w.]+)`(?:, changes ([^:\n]+))?:\n\n```text\n(.*?)\n```"
    shown = re.findall(message, PAGE, re.DOTALL)
    told = []
    for alert, receipt, known in told_story():
        event = alert_event(alert, receipt, known, view)
        changes = ", ".join(f"`{change['about']}`" for change in event["data"]["changes"])
        told.append((event["type"], changes, "\n".join(plain_lines(parts_of(alert, receipt, known, view)))))
    assert shown == told


def test_the_template_of_the_page_makes_what_it_shows_and_every_name_is_there() -> None:
    (written,) = [each for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) for each in _templates(block)]
    shown = re.search(r"\$ firstwire templates preview short 7f3a\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    alert = first_alert()
    made = compiled_template("short", written["text"]).lines(alert, parts_of(alert, receipt_of_alert()))
    assert "\n".join(made) + "\n" == shown[1]
    described = PAGE[PAGE.index("## Templates") :]
    assert dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", described, re.MULTILINE)) == VARIABLES
    filters = re.search(r"these filters: (.*?)\. Nothing", described, re.DOTALL)
    assert filters is not None
    assert sorted(re.findall(r"`(\w+)`", filters[1])) == sorted(FILTERS)


def _templates(block: str) -> list[dict[str, Any]]:
    return list(tomllib.loads(block).get("templates", ()))


def test_the_page_shows_what_each_receiver_got_of_the_story(tmp_path: Path) -> None:
    for lines in (bot_lines(tmp_path), mail_lines(tmp_path), webhook_lines(tmp_path)):
        assert "\n" + "\n".join(lines) + "\n```" in PAGE

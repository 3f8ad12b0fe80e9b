"""Drafts of rules in files: shown as the file has them, checked, tried on what is on record; no file is changed."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from firstwire.config import SHIPPED
from tests.support.console import ServedConsole, serving_console, shipped_rules
from tests.support.indexing import story

RULE = "embassy-desk-kabul"
FILE = SHIPPED / "seeds" / "rules" / "watches.yaml"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedConsole]:
    records = [story("a1", "Norway reopens embassy in Kabul"), story("a2", "Taliban envoy visits a Kabul museum")]
    async with serving_console(tmp_path, records=records, rules=shipped_rules()) as console:
        yield console


async def answered(served: ServedConsole, text: str | None = None) -> tuple[str, str]:
    """The text in the editor, and all that the page says; with a text, after it was sent."""
    async with aiohttp.ClientSession() as client:
        address = f"{served.url}/rules/{RULE}/draft"
        async with client.get(f"{served.url}/api/v1/session") as session:
            headers = {"X-CSRF-Token": (await session.json())["csrf"]}
        asked = client.get(address) if text is None else client.post(address, data={"text": text}, headers=headers)
        async with asked as found:
            page = await found.text()
            assert found.status == 200, page
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert shown is not None
    return html.unescape(shown[1]).strip() + "\n", html.unescape(re.sub(r"<[^>]+>|\s+", " ", page))


async def test_a_draft_is_the_files_lines_and_changes_nothing(served: ServedConsole) -> None:
    before = FILE.read_text(encoding="utf-8")
    lines, page = await answered(served)
    assert lines.startswith(f"id: {RULE}\n") and "a file that comes with Firstwire" in page
    _, same = await answered(served, lines)
    assert "Nothing yet: it is what the file has." in same and "sound" in same
    draft, page = await answered(served, lines.replace("reopen* OR", "visit* OR reopen* OR"))
    assert "visit* OR" in draft
    assert "Found by the draft alone" in page and "Taliban envoy" in page and "No longer found" not in page
    assert FILE.read_text(encoding="utf-8") == before


async def test_what_is_wrong_with_a_draft_is_said(served: ServedConsole) -> None:
    lines, _ = await answered(served)
    for text, message in (
        (lines.replace("severity", "sevirity"), "unknown key 'sevirity'"),
        (lines.replace(RULE, "another"), f"keep the id '{RULE}'"),
        (lines.replace("reopen* OR", ""), "must match, but does not"),
        ("", "must be a mapping"),
        ("<script>alert(1)</script>", "must be a mapping"),
    ):
        draft, page = await answered(served, text)
        assert message in page, page[:2_000]
        assert draft.strip() == text.strip()


async def test_programs_can_try_drafts_too(served: ServedConsole) -> None:
    lines, _ = await answered(served)
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{served.url}/api/v1/session") as session:
            headers = {"X-CSRF-Token": (await session.json())["csrf"]}
        address = f"{served.url}/api/v1/rules/{RULE}/draft"
        draft = {"text": lines.replace("reopen* OR", "visit* OR reopen* OR")}
        async with client.post(address, json=draft, headers=headers) as found:
            tried = await found.json()
        async with client.post(address, json={"text": "id: [x"}, headers=headers) as refused:
            assert refused.status == 400
    assert tried["rule_id"] == RULE
    assert (tried["trial"]["gained"], tried["trial"]["lost"]) == (["a2"], [])
    assert tried["trial"]["after"]["articles"] == tried["trial"]["before"]["articles"] + 1


async def test_the_page_of_a_rule_says_that_nobody_is_told_by_the_routes_as_they_are_now(
    served: ServedConsole,
) -> None:
    async def shown() -> str:
        async with aiohttp.ClientSession() as client, client.get(f"{served.url}/rules/first-to-recognize") as found:
            return html.unescape(await found.text())

    file = served.console.configuration.file
    assert file is not None
    said = "Nobody: no route takes its alerts"
    assert said not in await shown(), "without receivers it is meant"
    receiver = '[[receivers]]\nname = "desk"\ntype = "slack"\nurl = "https://slack.example/x"\n'
    for kind, is_said in (("watch", True), ("first", False)):
        file.write_text(f'{receiver}[[routes]]\nmatch = {{ kind = "{kind}" }}\nreceivers = ["desk"]\n')
        assert (said in await shown()) is is_said, kind
    file.write_text("[[routes]", encoding="utf-8")
    assert said not in await shown(), "what is in force stays in force"

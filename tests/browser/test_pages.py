"""Every page in a real Chromium: light, dark, on a phone; nothing is fetched from elsewhere, everybody can use it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from firstwire.web.board import SeenAlert
from firstwire.web.live import LiveStream
from tests.support.alerts import first_alert, receipt
from tests.support.chromium import Page
from tests.support.console import (
    READER,
    WRITER,
    ServedConsole,
    page_addresses,
    serving_console,
    settings_with_tokens,
)
from tests.support.page_check import complaints_of

LOOKS = {"light": (1100, False), "phone in the dark": (360, True)}


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_can_be_used_by_everybody(look: str, page: Page, console: ServedConsole) -> None:
    width, dark = LOOKS[look]
    await page.look_like(width=width, dark=dark)
    assert await complaints_of(page, console.url, page_addresses()) == {}


async def test_an_alert_is_on_an_open_page_at_once(page: Page, console: ServedConsole) -> None:
    await page.open(f"{console.url}/?kind=first")
    await page.until("document.querySelector('#live').textContent === 'live'")
    alert = first_alert(alert_id="fresh0001", headline="Kenya recognizes Somaliland")
    began = time.monotonic()
    console.console.streams.tell(SeenAlert(alert, receipt()))
    console.console.streams.tell(SeenAlert(first_alert(alert_id="other0001", kind="event"), receipt()))
    await page.until("document.querySelector('#alert-fresh0001') !== null")
    assert time.monotonic() - began < 5
    assert await page.run("document.querySelector('.entries').firstElementChild.id") == "alert-fresh0001"
    assert await page.run("document.querySelector('#alert-other0001')") is None
    assert (
        await page.run("document.querySelector('[data-total]').textContent")
        == "2 alerts of this filter, the newest first"
    )
    changed = first_alert(alert_id="fresh0001", headline="Kenya recognizes Somaliland, at last", revision=2)
    console.console.streams.tell(SeenAlert(changed, receipt()))
    await page.until("document.querySelector('#alert-fresh0001').textContent.includes('at last')")
    assert await page.run("document.querySelectorAll('#alert-fresh0001').length") == 1
    console.console.streams.tell(SeenAlert(first_alert(alert_id="older0001", revision=2), receipt()))
    await page.until("document.querySelector('#alert-older0001') !== null")
    assert (await page.run("document.querySelector('[data-total]').textContent")).startswith("2 alerts")


async def test_a_page_that_lost_its_stream_reads_the_list_again(page: Page, console: ServedConsole) -> None:
    await page.open(f"{console.url}/")
    await page.until("document.querySelector('#live').textContent === 'live'")
    for stream in console.console.streams._open:
        stream.is_cut = True
    missed = first_alert(alert_id="missed001")
    console.console.board.alerts[missed.alert_id] = SeenAlert(missed, receipt())
    console.console.streams.tell(SeenAlert(first_alert(alert_id="wakes0001"), receipt()))
    await page.until("document.querySelector('#alert-missed001') !== null")


async def test_an_alert_that_comes_between_page_and_stream_is_on_it(
    page: Page, console: ServedConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams, missed = console.console.streams, SeenAlert(first_alert(alert_id="between01"), receipt())
    opened = streams.opened

    def opened_late(address: str, wants: Callable[[SeenAlert], bool]) -> AbstractContextManager[LiveStream | None]:
        console.console.board.alerts[missed.alert.alert_id] = missed
        streams.tell(missed)
        return opened(address, wants)

    monkeypatch.setattr(streams, "opened", opened_late)
    await page.open(f"{console.url}/")
    await page.until("document.querySelector('#alert-between01') !== null")


async def test_keys_lead_through_the_pages(page: Page, console: ServedConsole) -> None:
    await page.open(f"{console.url}/search?q=taliban")
    await page.press("j")
    await page.press("j")
    assert await page.run("[...document.querySelectorAll('.entry')].indexOf(document.activeElement)") == 1
    await page.press("k")
    page.loaded.clear()
    await page.press("Enter")
    await page.wait_until_loaded()
    assert "/articles/" in await page.run("location.pathname")
    page.loaded.clear()
    await page.press("g")
    await page.press("r")
    await page.wait_until_loaded()
    assert await page.run("location.pathname") == "/rules"
    await page.press("/")
    assert await page.run("document.activeElement.id") == "words"
    await page.run("document.activeElement.blur()")
    await page.press("?")
    assert await page.run("document.querySelector('#help').open")


async def test_a_query_is_tried_while_it_is_written(page: Page, console: ServedConsole) -> None:
    await page.open(f"{console.url}/rules/new")
    write = (
        "const field = document.querySelector('#query'); field.value = {0!r}; field.dispatchEvent(new Event('input'));"
    )
    await page.run(f"(() => {{ {write.format('taliban')} }})()")
    await page.until("document.querySelector('[data-preview]').textContent.includes('messages')")
    await page.run(f"(() => {{ {write.format('foo:x')} }})()")
    await page.until("document.querySelector('[data-preview] [role=alert]') !== null")


async def test_without_a_token_there_is_a_login_that_works(page: Page, tmp_path: Path) -> None:
    async with serving_console(tmp_path, section=settings_with_tokens(tmp_path)) as served:
        await page.open(f"{served.url}/silences?all")
        assert await page.run("location.pathname + location.search") == "/login?next=/silences?all"
        await page.run("document.querySelector('#token').value = 'not this one, I think'")
        await page.submit("main form")
        assert "none of the tokens" in await page.run("document.querySelector('[role=alert]').textContent")
        for token, may_write in ((READER, False), (WRITER, True)):
            await page.open(f"{served.url}/login?next=/silences")
            await page.run(f"document.querySelector('#token').value = {token!r}")
            await page.submit("main form")
            assert await page.run("location.pathname") == "/silences"
            assert await page.run("document.querySelector('form[action=\"/silences\"]') !== null") is may_write
            assert await page.run("document.cookie") == ""
            await page.submit("footer form")
            assert await page.run("location.pathname") == "/login"

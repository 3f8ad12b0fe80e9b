"""Hostile words in every field of alerts and addresses do nothing in a real browser; all looks of all pages."""

from __future__ import annotations

import pytest

from firstwire.web.board import SeenAlert
from schemas import Lead
from tests.support.alerts import first_alert, receipt, span
from tests.support.chromium import Page
from tests.support.console import ServedConsole, page_addresses
from tests.support.page_check import complaints_of


@pytest.mark.parametrize("look", [(1100, True), (360, False), (768, False)])
async def test_other_looks_can_be_used_too(look: tuple[int, bool], page: Page, console: ServedConsole) -> None:
    width, dark = look
    await page.look_like(width=width, dark=dark)
    assert await complaints_of(page, console.url, page_addresses()) == {}


HOSTILE = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    '"><svg onload=window.hit=1>',
    "'-window.hit=1-'",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:window.hit=1",
    "\u202egnp.exe\u202c\u200b\x00\x1b[31m",
    "</title><script>window.hit=1</script>",
    "data:text/html,<script>window.hit=1</script>",
    "&lt;script&gt;",
    "\ud800 lone",
    "]]><x/><!--",
    'https://evil.example/"onmouseover=window.hit=1 x="',
)


async def test_hostile_words_do_nothing_on_any_page(page: Page, console: ServedConsole) -> None:
    board = console.console.board
    words = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in HOSTILE]
    for number, text in enumerate(words * 40):
        title = f"{text} {number}"
        alert = first_alert(
            alert_id=f"hostile{number:04}",
            rule_id=text,
            headline=text,
            outlets=(text,),
            tags=(text,),
            status=text,
            evidence=(span(title[:3], text=title),),
            lead=Lead(article_id=text, title=title, url=text, source=text),
        )
        board.alerts[alert.alert_id] = SeenAlert(alert, receipt())
    await page.open(f"{console.url}/?since=900d")
    await page.until("document.querySelector('#live').textContent === 'live'")
    shown = await entries_of(page)
    while older := await page.run("document.querySelector('a[rel=next]')?.href"):
        await page.open(older)
        shown += await entries_of(page)
    assert sorted(each for each in shown if each.startswith("alert-hostile")) == sorted(
        f"alert-hostile{number:04}" for number in range(len(HOSTILE) * 40)
    )
    for number in range(len(HOSTILE)):
        await page.open(f"{console.url}/alerts/hostile{number:04}")
        assert await page.run("document.querySelector('h1') !== null")
    for text in words:
        for address in ("/search?q=", "/?rule=", "/why?article=", "/ledger?words=", "/silences?matchers=", "/nothing/"):
            encoded = await page.run(f"encodeURIComponent({text.replace(chr(0), '')!r})")
            await page.open(f"{console.url}{address}{encoded}")
            assert await page.run("window.hit") is None, (address, text)
    assert [each for each in page.requests if not each.startswith((console.url, "data:"))] == []
    assert [each for each in page.complaints if "status of 4" not in each] == []


async def entries_of(page: Page) -> list[str]:
    """The alerts that a page lists, by their ids in it; its words have done nothing."""
    assert await page.run("window.hit") is None
    found: list[str] = await page.run("[...document.querySelectorAll('.entries > li')].map(each => each.id)")
    return found

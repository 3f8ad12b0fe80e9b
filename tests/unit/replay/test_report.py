"""The page of a backtest: whatever a feed wrote is text in it, it stays small, and only its own script may run."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from firstwire.errors import ConfigError
from firstwire.replay.report import PAGE_LIMIT_BYTES, page_of, write_report
from firstwire.replay.report_view import bars, heat, shown
from schemas.alert import Lead, VerdictKind
from schemas.backtest import (
    AlertDifference,
    AlertReport,
    Backtest,
    BacktestRange,
    BacktestSide,
    PropertyChange,
    RuleCounts,
)
from schemas.record import Span
from tests.support.records import at

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \" ' onmouseover=alert(3) & \u202e\x1b[31m"


def side(name: str, by_day: tuple[int, ...]) -> BacktestSide:
    return BacktestSide(
        name=name, watches=1, events=0, alerts=sum(by_day), shadow_alerts=0, alerts_per_day=1, alerts_per_hour=0.1,
        quiet_days=0, busiest_day="2025-07-03", busiest_day_alerts=max(by_day, default=0), by_day=by_day,
        by_hour=tuple(tuple(int(hour == 3) * weekday for hour in range(24)) for weekday in range(7)), messages=0,
    )  # fmt: skip


def difference(number: int = 0, *, text: str = "Ships wait", url: str | None = None) -> AlertDifference:
    return AlertDifference(
        difference="added", alert_id=f"{number:08}", rule_id="ships", kind="watch", severity="info", shadow=False,
        state="raised", status=None, certainty=None, headline=text, raised_at=at(number), outlets=1, origins=1,
        tags=(text[:200],), lead=Lead(article_id="a", title=text, url=url, source=text[:200]),
        evidence=(Span(field="title", start=0, end=5, text=text[:5]), Span(field="body", start=9, end=12, text=text)),
        old_reason=text, new_reason=text, changes=(PropertyChange(what="headline", old=text, new=text),),
        reports=tuple(
            AlertReport(article_id="a", fetched_at=at(hours), source=text[:200], verdict=VerdictKind.JOINED)
            for hours in range(3)
        ),
    )  # fmt: skip


def backtest_of(*differences: AlertDifference, days: int = 2, text: str = "rules.yaml") -> Backtest:
    every = tuple(f"2025-07-{day + 1:02}" for day in range(days))
    counts = tuple(day % 3 for day in range(days))
    return Backtest(
        range=BacktestRange(
            source=text, since=None, until=None, first_at=at(), last_at=at(), days=every, articles=3, unreadable=1,
            stage="stories", stage_reason="as asked",
        ),
        old=side(text, counts), new=side(text, counts), differences=differences, receivers=(), labels=(),
        rules=(RuleCounts(rule_id="ships", old=0, new=1, added=1, removed=0, changed=0),), failed=(text,),
    )  # fmt: skip


class Page(HTMLParser):
    """The elements of a page with their attributes, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_hostile_texts_are_only_text() -> None:
    page = page_of(backtest_of(difference(text=HOSTILE, url="javascript:alert(4)"), text=HOSTILE))
    parsed = Page(page)
    assert [tag for tag, _ in parsed.elements if tag in ("script", "img", "iframe", "link", "a")] == ["script"]
    handlers = [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")]
    assert handlers == []
    assert "<img src=x" in "".join(parsed.texts)
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_nothing_is_fetched_and_only_the_script_of_the_page_may_run() -> None:
    page = page_of(backtest_of(difference(url="https://news.example/1")))
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; ")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in policy
    fetching = {"src", "srcset", "data", "poster", "background"}
    parsed = Page(page)
    assert [one for one in parsed.elements if fetching & one[1].keys()] == []
    assert [one["href"] for tag, one in parsed.elements if "href" in one] == ["https://news.example/1"]
    assert "url(" not in page
    assert "@import" not in page


def test_every_control_and_chart_has_a_name_for_a_screen_reader() -> None:
    parsed = Page(page_of(backtest_of(difference())))
    assert all(one.get("aria-label") for tag, one in parsed.elements if tag == "svg")
    labels = sum(tag == "label" for tag, _ in parsed.elements)
    assert labels == sum(tag in ("select", "input") for tag, _ in parsed.elements) == 3
    named = {one["id"] for _, one in parsed.elements if "id" in one}
    assert {one["aria-labelledby"] for _, one in parsed.elements if "aria-labelledby" in one} <= named
    assert ("html", {"lang": "en"}) in parsed.elements


@pytest.mark.parametrize(("text", "count"), [("Ships wait", 1_500), ("<&>" * 5_000, 300)], ids=["short", "hostile"])
@pytest.mark.slow
def test_a_page_stays_small_and_says_what_it_leaves_out(text: str, count: int) -> None:
    page = page_of(backtest_of(*(difference(number, text=text) for number in range(count))))
    assert len(page.encode()) <= PAGE_LIMIT_BYTES
    left = page.count("<li data-kind")
    assert f"{count - left:,} more are in diff.json" in page
    assert left > 50


def test_what_is_only_changed_gives_way_first() -> None:
    changed = [msgspec.structs.replace(difference(number), difference="changed") for number in range(1_200)]
    page = page_of(backtest_of(*changed, difference(5_000)))
    assert page.count('data-kind="added"') == 1


def test_evidence_is_marked_where_it_stands_and_not_where_it_does_not_fit() -> None:
    found = shown(difference(text="Ships wait in port"))
    assert (found.title, found.headline) == ((("Ships", True), (" wait in port", False)), "")
    beyond = msgspec.structs.replace(difference(), evidence=(Span(field="title", start=4, end=99, text="x"),))
    assert shown(beyond).title == (("Ships wait", False),)


@pytest.mark.parametrize(("days", "unit", "count"), [(1, "day", 1), (20, "day", 20), (0, "day", 0)])
def test_bars_are_days_as_long_as_they_fit(days: int, unit: str, count: int) -> None:
    found = bars(backtest_of(days=days))
    assert (found[0], len(found[1])) == (unit, count)


def test_years_are_put_together_by_months_and_no_alert_is_lost() -> None:
    days = tuple(
        f"{year}-{month:02}-{day:02}" for year in range(2015, 2020) for month in range(1, 13) for day in range(1, 29)
    )
    counts = tuple(number % 4 for number in range(len(days)))
    wide = backtest_of()
    wide = msgspec.structs.replace(
        wide, range=msgspec.structs.replace(wide.range, days=days), old=side("old", counts), new=side("new", counts)
    )
    unit, pairs = bars(wide)
    assert (unit, len(pairs), pairs[0].label) == ("month", 60, "2015-01")
    assert sum(pair.new for pair in pairs) == sum(counts)


def test_the_busiest_hour_has_the_darkest_cell_and_an_empty_one_none() -> None:
    rows = heat(side("new", (1,)).by_hour)
    assert (rows[6][3].strength, rows[1][3].strength, rows[0][3].strength, rows[6][4].strength) == (9, 2, 0, 0)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot write there"):
        write_report(backtest_of(), tmp_path / "file")

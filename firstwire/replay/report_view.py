"""A backtest as a page shows it: texts made harmless and cut, charts as numbers of pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlsplit

from firstwire.core.text.wording import counted, cut, one_line, seconds_between, span_of_time
from schemas.backtest import AlertDifference, AlertReport, Backtest, BacktestSide
from schemas.record import Span

TEXT_CHARACTERS = 300
"""Of a title, a reason or a quote: a hostile title may have a megabyte."""
QUOTES_SHOWN = 3
REPORTS_SHOWN = 20
RULES_SHOWN = 40
BARS_AT_MOST = 120
"""More days are put together by weeks, months or years: bars narrower than a few pixels show nothing."""
CHART_HEIGHT = 140
TIMELINE_WIDTH = 240

Segment = tuple[str, bool]
"""A part of a text, and whether it is evidence."""


@dataclass(frozen=True)
class BarPair:
    """The alerts of a day or a longer time, before and after, with the heights of their bars."""

    label: str
    old: int
    new: int
    old_height: float
    new_height: float


@dataclass(frozen=True)
class HeatCell:
    """The alerts of an hour of a weekday; `strength` 0 to 9 is the shade."""

    count: int
    strength: int


@dataclass(frozen=True)
class RuleBar:
    """A rule's alerts, before and after, as percentages of the busiest one's."""

    rule_id: str
    old: int
    new: int
    old_share: float
    new_share: float


@dataclass(frozen=True)
class TimelineDot:
    """An article of an alert, at its place on the line."""

    x: float
    verdict: str
    text: str


@dataclass(frozen=True)
class ShownDifference:
    """One entry of the list."""

    one: AlertDifference
    headline: str
    """Empty if it is the title of the article, as of a watch's alert."""
    title: tuple[Segment, ...]
    quotes: tuple[str, ...]
    outlet: str
    spread: str
    """How many outlets and origins."""
    url: str | None
    """Only http and https: anything else is no link."""
    old_reason: str
    new_reason: str
    changes: tuple[tuple[str, str, str], ...]
    dots: tuple[TimelineDot, ...]
    duration: str
    search: str
    """What the filter looks in."""


def bars(found: Backtest) -> tuple[str, list[BarPair]]:
    """The unit of time, and its bars."""
    days = found.range.days
    unit, label_of = next(
        ((unit, label_of) for unit, label_of in _UNITS if len(set(map(label_of, days))) <= BARS_AT_MOST), _UNITS[-1]
    )
    counts = zip(days, found.old.by_day, found.new.by_day, strict=True)
    groups = [(label, list(each)) for label, each in groupby(counts, lambda one: label_of(one[0]))]
    sums = [(label, sum(old for _, old, _ in group), sum(new for _, _, new in group)) for label, group in groups]
    most = max((max(old, new) for _, old, new in sums), default=0) or 1
    return unit, [
        BarPair(label, old, new, round(CHART_HEIGHT * old / most, 1), round(CHART_HEIGHT * new / most, 1))
        for label, old, new in sums
    ]


def _week_of(day: str) -> str:
    """The Monday of the week."""
    found = date.fromisoformat(day)
    return (found - timedelta(days=found.weekday())).isoformat()


_UNITS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("day", str),
    ("week", _week_of),
    ("month", lambda day: day[:7]),
    ("year", lambda day: day[:4]),
)


def heat(by_hour: Sequence[Sequence[int]]) -> list[list[HeatCell]]:
    """The rows of the heat map, Monday first."""
    most = max((count for row in by_hour for count in row), default=0) or 1
    return [[HeatCell(count, -(-9 * count // most)) for count in row] for row in by_hour]


def rule_bars(found: Backtest) -> list[RuleBar]:
    """The busiest rules."""
    rules = found.rules[:RULES_SHOWN]
    most = max((max(one.old, one.new) for one in rules), default=0) or 1
    return [
        RuleBar(one.rule_id, one.old, one.new, round(100 * one.old / most, 1), round(100 * one.new / most, 1))
        for one in rules
    ]


def shown(one: AlertDifference) -> ShownDifference:
    """An alert with its evidence marked."""
    headline, outlet = short_text(one.headline), short_text(one.lead.source or "unknown outlet")
    return ShownDifference(
        one=one,
        headline="" if headline == short_text(one.lead.title) else headline,
        title=_marked(one.lead.title, one.evidence),
        quotes=tuple(short_text(span.text) for span in one.evidence if span.field != "title")[:QUOTES_SHOWN],
        outlet=outlet,
        spread=f"{counted(one.outlets, 'outlet')}, {counted(one.origins, 'origin')}",
        url=_link(one.lead.url),
        old_reason=short_text(one.old_reason),
        new_reason=short_text(one.new_reason),
        changes=tuple(
            (each.what.replace("_", " "), short_text(each.old), short_text(each.new)) for each in one.changes
        ),
        dots=_dots(one.reports[:REPORTS_SHOWN]),
        duration=_duration(one.reports[:REPORTS_SHOWN]),
        search=" ".join((headline, outlet, one.rule_id, *map(short_text, one.tags[:REPORTS_SHOWN]))).lower(),
    )


def short_text(text: str) -> str:
    """On one line, harmless and cut."""
    return cut(one_line(text[: 2 * TEXT_CHARACTERS]), TEXT_CHARACTERS)


def side_facts(side: BacktestSide) -> list[tuple[str, str]]:
    """What one set of rules tells, in numbers with their names."""
    return [
        ("alerts", f"{side.alerts:,}"),
        ("per day", f"{side.alerts_per_day:,.2f}"),
        ("days without any", f"{side.quiet_days:,}"),
        ("busiest day", side.busiest_day or "–"),
        ("alerts on it", f"{side.busiest_day_alerts:,}"),
        ("in shadow", f"{side.shadow_alerts:,}"),
        ("messages", f"{side.messages:,}"),
    ]


def _marked(title: str, evidence: Sequence[Span]) -> tuple[Segment, ...]:
    """The title in parts; without marks where its spans do not fit it."""
    segments: list[Segment] = []
    done = 0
    spans = sorted((span.start, span.end) for span in evidence if span.field == "title")
    for start, end in spans:
        if done <= start < end <= min(len(title), TEXT_CHARACTERS):
            segments += [(title[done:start], False), (title[start:end], True)]
            done = end
    segments.append((cut(title[done:], max(1, TEXT_CHARACTERS - done)), False))
    # White space between the parts matters, so that only what lies inside is put on one line
    return tuple((_inside(text), is_marked) for text, is_marked in segments if text)


def _inside(text: str) -> str:
    inner = one_line(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return f"{before}{inner}{after}"


def _link(url: str | None) -> str | None:
    if url is None or len(url) > 2 * TEXT_CHARACTERS:
        return None
    try:
        return url if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _dots(reports: Sequence[AlertReport]) -> tuple[TimelineDot, ...]:
    if len(reports) < 2:
        return ()
    first, last = reports[0].fetched_at, reports[-1].fetched_at
    whole = max(seconds_between(first, last), 1.0)
    return tuple(
        TimelineDot(
            x=round(TIMELINE_WIDTH * min(1.0, max(0.0, seconds_between(first, each.fetched_at) / whole)), 1),
            verdict=each.verdict.value,
            text=", ".join(
                (
                    short_text(each.source or "unknown outlet"),
                    each.fetched_at[:16].replace("T", " "),
                    each.verdict.value,
                )
            ),
        )
        for each in reports
    )


def _duration(reports: Sequence[AlertReport]) -> str:
    if len(reports) < 2:
        return ""
    whole = seconds_between(reports[0].fetched_at, reports[-1].fetched_at)
    return f"{counted(len(reports), 'article')} in {span_of_time(max(0.0, whole))}"

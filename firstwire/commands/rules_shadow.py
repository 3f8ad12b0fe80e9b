"""What a shadow rule would have said, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from firstwire.core.text.wording import counted, one_line
from firstwire.rules.shadow import ShadowAlert, ShadowReport


def shadow_lines(report: ShadowReport, limit: int) -> Iterator[str]:
    """A summary, then the newest alerts with what live rules said of the same articles."""
    span = f"{_minute(report.since)} to {_minute(report.until)}"
    yield f"{report.rule_id}, in shadow, {span} UTC"
    if not report.alerts:
        yield "It would have said nothing."
        return
    yield f"{counted(len(report.alerts), 'alert')}, {report.a_day:.1f} a day; {report.alone} told by no live rule"
    for receiver, count in report.messages.items():
        yield f"  {receiver}: {counted(count, 'message')}"
    if not report.messages:
        yield "  no route would have told anybody"
    for each in report.alerts[:limit]:
        yield from _alert_lines(each)
    if len(report.alerts) > limit:
        yield f"and {len(report.alerts) - limit:,} earlier"


def _alert_lines(each: ShadowAlert) -> Iterator[str]:
    alert = each.alert
    yield f"{_minute(alert.times.fetched_at)}  {alert.alert_id[:12]}  {one_line(alert.headline)}"
    for live in each.live:
        yield f"{'':18}also told by {live.rule_id}: {one_line(live.headline)}"


def shadow_json(report: ShadowReport) -> Iterator[dict[str, Any]]:
    """An object for each alert."""
    for each in report.alerts:
        yield {
            "alert_id": each.alert.alert_id,
            "fetched_at": each.alert.times.fetched_at,
            "headline": each.alert.headline,
            "state": each.alert.state,
            "live": [{"alert_id": live.alert_id, "rule_id": live.rule_id} for live in each.live],
        }


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")

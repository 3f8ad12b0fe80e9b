"""Writes a backtest: `diff.json` for programs, `report.html` for people, one file that needs no network."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from firstwire.files.atomic import make_folder, write_whole
from firstwire.replay.report_view import (
    CHART_HEIGHT,
    TIMELINE_WIDTH,
    bars,
    heat,
    rule_bars,
    short_text,
    shown,
    side_facts,
)
from schemas.backtest import AlertDifference, Backtest, BacktestSide

PAGE_LIMIT_BYTES = 1_500_000
"""A page that a phone still opens; what does not fit is in diff.json."""
DIFFERENCES_AT_MOST = 1_000
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_HERE = Path(__file__).parent


def write_report(found: Backtest, folder: Path) -> list[Path]:
    """Write both files; their paths. Raises ConfigError if the folder cannot be written, or the disk is full."""
    make_folder(folder)
    texts = {
        "diff.json": msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n",
        "report.html": page_of(found),
    }
    for name, text in texts.items():
        write_whole(folder / name, text)
    return [folder / name for name in texts]


def page_of(found: Backtest) -> str:
    """The page, with as many differences as fit: what is added or removed goes before what is only changed."""
    ordered = sorted(found.differences, key=lambda one: one.difference == "changed")
    count = min(len(ordered), DIFFERENCES_AT_MOST)
    while True:
        kept = sorted(ordered[:count], key=lambda one: (one.raised_at, one.rule_id, one.alert_id))
        page = _rendered(found, kept)
        if len(page.encode()) <= PAGE_LIMIT_BYTES or not count:
            return page
        count = count * 3 // 4


def _rendered(found: Backtest, kept: Sequence[AlertDifference]) -> str:
    unit, pairs = bars(found)
    counts = Counter(one.difference for one in found.differences)
    script = (_HERE / "report.js").read_text(encoding="utf-8")
    return _template().render(
        found=found,
        failed=[short_text(reason) for reason in found.failed],
        read=found.range,
        source=short_text(found.range.source),
        old_name=short_text(found.old.name),
        new_name=short_text(found.new.name),
        facts=_facts(found.old, found.new),
        counts={kind: f"{counts[kind]:,}" for kind in ("added", "removed", "changed")},
        unit=unit,
        bars=pairs,
        most=max((max(pair.old, pair.new) for pair in pairs), default=0),
        height=CHART_HEIGHT,
        width=TIMELINE_WIDTH,
        rules=rule_bars(found),
        heat=heat(found.new.by_hour),
        weekdays=WEEKDAYS,
        shown=[shown(one) for one in kept],
        rule_ids=sorted({one.rule_id for one in kept}),
        left_out=len(found.differences) - len(kept),
        script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("report.html.jinja")


def _facts(old: BacktestSide, new: BacktestSide) -> list[tuple[str, str, str]]:
    rows = [
        [("watches and event rules", f"{side.watches:,} and {side.events:,}"), *side_facts(side)] for side in (old, new)
    ]
    return [(name, before, after) for (name, before), (_, after) in zip(*rows, strict=True)]

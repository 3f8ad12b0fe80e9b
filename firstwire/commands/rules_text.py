"""Output of the rules commands: findings, failed examples and rates, readable at 80 columns and in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from firstwire.core.text.wording import counted, cut, one_line
from firstwire.rules.examples import FailedExample, TriedExamples
from firstwire.rules.lint import LintFinding
from firstwire.rules.rates import Rates

TITLE_LIMIT = 200
NAMED_AT_MOST = 20
INDENT = "    "
_STYLES = {"error": "bold red", "warning": "yellow"}


def print_tried(console: Console, tried: TriedExamples) -> None:
    """Print each failed example with its reason, then the totals."""
    for failed in tried.failed:
        _print_failed(console, failed)
    if tried.untested:
        console.print(_named("without examples", tried.untested))
    rules, examples = counted(tried.rules, "rule"), counted(tried.examples, "example")
    console.print(f"{rules}, {examples}, {len(tried.failed):,} failed")


def print_findings(console: Console, findings: Sequence[LintFinding], rules: int) -> None:
    """Print each finding, then the totals."""
    for finding in findings:
        label = Text.assemble((finding.level, _STYLES[finding.level]), f" {finding.kind}")
        _print(console, finding.place, finding.rule_id, label, [finding.message])
    errors = sum(finding.level == "error" for finding in findings)
    warnings = counted(len(findings) - errors, "warning")
    console.print(f"{counted(rules, 'rule')}: {counted(errors, 'error')}, {warnings}")


def print_rates(console: Console, rates: Rates, limit: int) -> None:
    """Print a table of the rules with matches, the archive's time span, and the rules without matches."""
    matched = rates.matched()
    if matched:
        shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
        shown.add_column("Rule", overflow="fold", ratio=3)
        for name, width in (("Per day", 8), ("Matches", 9), ("Share", 6)):
            shown.add_column(name, justify="right", no_wrap=True, width=width)
        shown.add_column("Last match", no_wrap=True, overflow="ellipsis", ratio=4)
        for rate in matched[:limit]:
            per_day = rates.per_day(rate)
            title = Text(cut(one_line(rate.last_title), TITLE_LIMIT))
            figures = _per_day(per_day), f"{rate.count:,}", f"{rates.share(rate):.1%}"
            shown.add_row(Text(rate.rule_id), *figures, title)
        console.print(shown)
        if len(matched) > limit:
            console.print(f"and {counted(len(matched) - limit, 'rule')} with fewer matches: see --limit")
    length = f"{rates.days:.1f} days" if rates.days >= 1 else f"{rates.days * 24:.1f} hours"
    span = f"fetched {_moment(rates.first_at)} to {_moment(rates.last_at)}, {length}"
    over = f"archive: {counted(rates.articles, 'article')}"
    console.print(f"{over}, {span}" if rates.articles else over)
    if rates.articles and rates.days < 1:
        why = f"it spans {length}, less than a day" if rates.days else "all were fetched at the same time"
        console.print(f"no rates per day: {why}")
    unmatched = rates.unmatched()
    if unmatched and rates.articles:
        console.print(_named("no matches", unmatched))


def _print_failed(console: Console, failed: FailedExample) -> None:
    label = "must match, but does not" if failed.wanted else "must not match, but does"
    lines = [f"“{cut(one_line(failed.title), TITLE_LIMIT)}”", one_line(failed.why)]
    _print(console, failed.place, failed.rule_id, Text(label, style=_STYLES["error"]), lines)


def _print(console: Console, place: str, rule_id: str, label: Text, lines: Iterable[str]) -> None:
    """Print the place first and unbroken, for editors and grep, and the explanation below, wrapped."""
    head = Text.assemble(f"{one_line(place)}: ", (rule_id, "bold"), ": ", label)
    console.print(head, soft_wrap=True)
    for line in lines:
        for row in Text(one_line(line)).wrap(console, max(20, console.width - len(INDENT))):
            row.rstrip()
            console.print(Text.assemble(INDENT, row), soft_wrap=True)


def _named(what: str, rule_ids: Sequence[str]) -> Text:
    more = f" and {len(rule_ids) - NAMED_AT_MOST:,} more" if len(rule_ids) > NAMED_AT_MOST else ""
    return Text(f"{what} ({len(rule_ids):,}): {', '.join(rule_ids[:NAMED_AT_MOST])}{more}")


def _per_day(rate: float | None) -> str:
    if rate is None:
        return "—"
    if rate < 0.01:
        return "<0.01"
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}" if rate >= 1 else f"{rate:.2f}"


def _moment(timestamp: str) -> str:
    return timestamp[:16].replace("T", " ")

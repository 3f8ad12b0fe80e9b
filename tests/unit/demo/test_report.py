"""The demonstration's report: what became of what was handed to alerting."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from firstwire.demo.report import verdict_table
from schemas.alert import Verdict, VerdictKind


def verdict(article_id: str, kind: VerdictKind, reason: str) -> Verdict:
    return Verdict(rule_id="r", rule_version=1, article_id=article_id, verdict=kind, reason=reason)


def test_every_verdict_is_counted_by_articles_with_its_most_frequent_reasons() -> None:
    held = [verdict(f"a{number}", VerdictKind.HELD_BACK, f"reason {min(number, 6)}") for number in range(8)]
    console = Console(file=StringIO(), width=100, highlight=False)
    console.print(verdict_table([verdict("b", VerdictKind.RAISED, "no earlier actor"), *held, held[0]]))
    assert isinstance(console.file, StringIO)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert "raised 1 no earlier actor" in lines
    assert "held back 8 reason 0; reason 6; reason 1; reason 2; 3 more" in lines

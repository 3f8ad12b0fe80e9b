"""The rules in `seeds/rules`: their examples hold, nothing is wrong with them, and the docs show them as they are."""

from __future__ import annotations

import re
from pathlib import Path

from firstwire.core.rules.rulebook import EventRule
from firstwire.core.watches.canonical import canonical_text
from firstwire.core.watches.watch import Watch
from firstwire.files.rules import written_rules
from firstwire.rules.examples import try_examples
from firstwire.rules.lint import findings_of
from tests.support.knowledge import shipped_knowledge

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
KNOWLEDGE, SEEDS = shipped_knowledge()
SHIPPED = written_rules([ROOT / "seeds" / "rules"], KNOWLEDGE.gazetteer)
NOW = "2025-07-03T00:00:00.000Z"


def test_every_rule_has_examples_of_both_kinds_and_they_hold() -> None:
    lacking = [each.line.id for each in SHIPPED if not (each.line.examples.match and each.line.examples.no_match)]
    assert lacking == []
    assert try_examples(SHIPPED, KNOWLEDGE, SEEDS, NOW).failed == ()


def test_nothing_is_wrong_with_any_rule() -> None:
    assert findings_of(SHIPPED, KNOWLEDGE.gazetteer) == []


def test_only_the_first_to_recognize_is_told() -> None:
    live = [(each.line.id, each.line.severity) for each in SHIPPED if each.line.state == "live"]
    assert live == [("first-to-recognize", "critical")]


def test_the_rules_page_lists_every_shipped_rule_and_no_other() -> None:
    section = PAGE.split("## Shipped rules\n")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `([a-z-]+)` \| (live|shadow) \| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(listed) == sorted((each.line.id, each.line.state, each.line.severity) for each in SHIPPED)


def test_a_rule_of_a_page_that_bears_a_shipped_name_is_the_shipped_rule(tmp_path: Path) -> None:
    pages = PAGE + (ROOT / "README.md").read_text(encoding="utf-8")
    shipped = {each.line.id: each.rule for each in SHIPPED}
    shown = 0
    for number, block in enumerate(re.findall(r"```yaml\n((?:watches|events):\n.*?)```", pages, re.DOTALL)):
        file = tmp_path / f"{number}.yaml"
        file.write_text(block, encoding="utf-8")
        for each in written_rules([file], KNOWLEDGE.gazetteer):
            if each.line.id in shipped:
                shown += 1
                assert asked(each.rule) == asked(shipped[each.line.id]), each.line.id
    assert shown == 4


def asked(rule: Watch | EventRule) -> object:
    """Everything that a rule asks for and says; of a query its meaning."""
    if isinstance(rule, EventRule):
        return rule
    return canonical_text(rule.query.root), rule.version, rule.tags, rule.severity, rule.tell, rule.state

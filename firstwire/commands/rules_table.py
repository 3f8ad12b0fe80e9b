"""The rules in force as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from firstwire.core.text.wording import counted
from schemas.rules import RuleVersion


def in_force(versions: Sequence[RuleVersion]) -> list[RuleVersion]:
    """The newest version of each rule that was not taken away, by id; `versions` is the whole history in order."""
    newest = {version.rule_id: version for version in versions}
    return [newest[rule_id] for rule_id in sorted(newest) if newest[rule_id].definition is not None]


def table(versions: Sequence[RuleVersion], now: str) -> RenderableType:
    """A row for each rule of the newest release; `versions` is the whole history in the order of releases."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Rule", overflow="fold", ratio=1)
    for name, width in (("Kind", 5), ("Version", 7), ("State", 6), ("Effective", 19)):
        shown.add_column(name, no_wrap=True, width=width)
    found = in_force(versions)
    for version in found:
        assert version.definition is not None
        since = version.effective_at[:19].replace("T", " ")
        if version.effective_at > now:
            since = "soon"
        elif version.release == 1:
            since = "from the start"
        state = str(version.definition.get("state", "live"))
        shown.add_row(Text(version.rule_id), version.kind, str(version.rule_version), state, since)
    count = f"release {versions[-1].release}, {counted(len(found), 'rule')}"
    return Group(shown, Text(count))

"""Drafts of rules of files: their own lines, another form of them, and what checks have against that. Files stay."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Literal

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.errors import ConfigError
from firstwire.files.atomic import write_whole
from firstwire.files.rules import WrittenRule, written_rules
from firstwire.rules.lint import findings_of

if TYPE_CHECKING:
    from firstwire.rules.examples import FailedExample

Section = Literal["watches", "events"]


@dataclass(frozen=True)
class CheckedRule:
    """A rule that may be put in force, and what lint has against it."""

    written: WrittenRule
    warnings: tuple[str, ...]


class RuleDraftError(ConfigError):
    """What is wrong with a rule, and under which of its keys, if that is known."""

    def __init__(self, message: str, *, key: str = "") -> None:
        super().__init__(message)
        self.key = key


def lines_of(written: WrittenRule) -> str:
    """A rule as its file has it, with its comments, without the dash and the indent of the list."""
    span = written.document.span(written.section, written.number)
    assert span is not None
    text = written.document.text[: span[1]]
    start = text.rfind("\n", 0, span[0]) + 1
    lines = (" " * (span[0] - start) + text[span[0] :]).split("\n")
    while not lines[-1].strip() or lines[-1].lstrip().startswith("#"):
        lines.pop()  # what stands before the next rule
    return dedent("\n".join(lines)) + "\n"


def checked_rule(text: str, section: Section, knowledge: Knowledge, seeds: Seeds, now: str) -> CheckedRule:
    """One rule of lines as `lines_of` gives them, which parses, has no error in lint, and whose examples hold.

    Raises ConfigError, with the line in the text where that is known.
    """
    return checked_file(f"{section}:\n  -\n{indent(text, '    ')}", knowledge, seeds, now, lines_before=2)


def checked_file(
    text: str, knowledge: Knowledge, seeds: Seeds, now: str, *, lines_before: int | None = None
) -> CheckedRule:
    """The one rule of a rule file, the same. Places in errors are counted without the lines before.

    Without `lines_before` nobody sees the file, and errors name no line. Raises RuleDraftError.
    """
    from firstwire.rules.examples import try_examples

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.yaml"
        write_whole(path, text)
        try:
            written = written_rules([path], knowledge.gazetteer, seeds.groups)
        except ConfigError as err:
            raise _fault(err, text, lines_before) from err
        if len(written) != 1:
            raise RuleDraftError("write one rule, as it stands in its file")
        findings = findings_of(written, knowledge.gazetteer)
        tried = try_examples(written, knowledge, seeds, now)
    rule_id = written[0].line.id
    if errors := [finding.message for finding in findings if finding.level == "error"]:
        raise RuleDraftError(f"{rule_id}: {'; '.join(errors)}", key="query")
    if tried.failed:
        key = "match" if any(each.wanted for each in tried.failed) else "no_match"
        raise RuleDraftError(f"{rule_id}: {'; '.join(map(_failure, tried.failed))}", key=key)
    return CheckedRule(written[0], tuple(finding.message for finding in findings))


def _failure(failed: FailedExample) -> str:
    wanted = "must match, but does not" if failed.wanted else "must not match, but does"
    return f"the example “{failed.title}” {wanted}: {failed.why}"


def _fault(err: ConfigError, text: str, lines_before: int | None) -> RuleDraftError:
    """The error with its key, and with its line if it has one among those that were written."""
    _, _, place = (err.place or "").partition("draft.yaml:")
    number = int(place.partition(":")[0] or 0)
    at = text.splitlines()[max(number - 1, 0) : number]  # a text that ends too early is wrong after its last line
    key = at[0].lstrip(" -").partition(":")[0] if at else ""
    line = 0 if lines_before is None else number - lines_before
    return RuleDraftError(f"line {line}: {err.message}" if line > 0 else err.message, key=key)

"""How sure an act is that no reading of the parse has graded: by the form of its sentence."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.findings import FoundAct, Grade


def grade_of(finding: FoundAct) -> Grade:
    """The certainty of one act in one sentence."""
    if finding.grade is not None:
        return finding.grade
    if finding.status not in {"asserted", "negated"}:
        return Grade("unsure", f"its status is {finding.status}")
    sentence = finding.sentence
    if sentence.field != "title" and sentence.number > 0 and not _is_headline(sentence):
        return Grade("unsure", "not in the title or a first sentence")
    if finding.foreign is not None:
        obstacle = finding.foreign.obstacle
        return Grade("unsure", obstacle) if obstacle else Grade("sure", "actor, verb, target in this order")
    return Grade("unsure", "one reading alone")


def _is_headline(sentence: Sentence) -> bool:
    """Whether a sentence is the headline in a text: its second line, after a standfirst, whole and without a full stop.

    Later lines of this kind are mostly links to other articles.
    """
    before, after = sentence.source[: sentence.start], sentence.source[sentence.end :]
    is_whole = before.rstrip(" ").endswith("\n") and after.lstrip(" ").startswith("\n")
    is_second = len([line for line in before.splitlines() if line.strip()]) == 1
    return is_whole and is_second and not sentence.text.rstrip().endswith((".", "!", "?", "…", ":"))


def best_of(grades: Iterable[Grade]) -> Grade:
    """The best of the readings of one act: the first sure one, else the first."""
    ordered = list(grades)
    return next((grade for grade in ordered if grade.certainty == "sure"), ordered[0])

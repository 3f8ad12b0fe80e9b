"""Subject and object of a recognition in a masked sentence: the rows of names around it, in the order of its form.

The object is the row that only words of statehood separate from the act; the subject is the first row of names of the
nearest clause that has one, or the addressee of a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.events.foreign_grammar import Grammar
from firstwire.core.events.foreign_text import Masked


class Row(NamedTuple):
    """A list of names with its range of characters: "Spain, Norway and Ireland"."""

    start: int
    end: int
    names: tuple[Mention, ...]


class RecognitionWord(NamedTuple):
    """A word of recognition and the structure of its sentence."""

    kind: str
    start: int
    end: int


class Read(NamedTuple):
    """The subject and object of an act. `since`: the beginning of the words that may decide the status."""

    subject: Row
    target: Row
    since: int
    explicit: bool = False
    """Whether the agent is next to the noun."""


class ForeignSentence:
    """One sentence and its rows of names."""

    def __init__(self, grammar: Grammar, masked_sentence: Masked) -> None:
        self.grammar = grammar
        self.text = masked_sentence.text
        self.rows = [
            Row(match.start(), match.end(), masked_sentence.named(*match.span()))
            for match in grammar.row.finditer(masked_sentence.text)
        ]

    def read(self, act: RecognitionWord, begin: int) -> Read | None:
        """The subject and object of an act, given the end of the previous act."""
        after = [row for row in self.rows if row.start >= act.end][:3]
        before = [row for row in self.rows if begin <= row.start and row.end <= act.start]
        if act.kind == "passive" and (read := self._passive(act, before, after)) is not None:
            return read
        if act.kind == "noun" and (read := self._with_agent(act, before, after)) is not None:
            return read
        read = self._verb_first(act, before, after)
        if read is not None:
            return read
        target = self._object_after(act.end, after)
        if target is None and (not self.grammar.spaced if act.kind == "noun" else self.grammar.verb_last):
            target = self._object_before(act, before)
        if target is None:
            return self._own(act, before)
        return self._with_subject(
            act, [row for row in before if row.end <= target.start or row.start >= act.end], target
        )

    def _with_subject(self, act: RecognitionWord, before: list[Row], target: Row) -> Read | None:
        limit = min(act.start, target.start)
        for low in self._clause_starts(limit):
            rows = [row for row in before if low <= row.start]
            if (demand := self.grammar.demanded.search(self.text, low, limit)) is not None:
                asked = [row for row in rows if row.start >= demand.start() and _acts(row)]
                if asked:
                    return Read(asked[0], target, demand.start())
            subjects = [row for row in rows if _acts(row) and not self._is_aside(row, low)]
            if subjects:
                return Read(subjects[0], target, low)
        capitals = [row for row in before if row.names[0].role == "capital"]  # "in Warsaw they rule out"
        return Read(capitals[0], target, 0) if capitals else None

    def _clause_starts(self, limit: int) -> Iterator[int]:
        """Possible beginnings of an act's clause, the nearest first; never inside a row of names."""
        starts = [match.end() for match in self.grammar.clause.finditer(self.text, 0, limit)]
        yield from (at for at in reversed(starts) if not any(row.start < at < row.end for row in self.rows))
        yield 0

    def _object_after(self, at: int, rows: Sequence[Row]) -> Row | None:
        for row in (rows[1:2], rows[:1]):
            if row and self.grammar.over_gap.fullmatch(self.text, at, row[0].start):
                return self._as_object(row[0])
        if not rows or not self.grammar.gap.fullmatch(self.text, at, rows[0].start):
            return None
        if self.grammar.mark and not self.grammar.mark.search(self.text, at, rows[0].start):
            return None
        following = rows[1] if len(rows) > 1 and not self.text[rows[0].end : rows[1].start].strip(" 的") else None
        if following is not None and following.names[0].country == rows[0].names[-1].entity:
            return self._as_object(following)  # Afghanistan's Taliban
        return self._as_object(rows[0])

    def _as_object(self, row: Row, *, last: bool = False) -> Row:
        """The row without names joined by commas only, which may begin another clause."""
        if "," in self.text[row.start : row.end] and not self.grammar.join.search(self.text, row.start, row.end):
            return Row(row.end - 1, row.end, row.names[-1:]) if last else Row(row.start, row.start + 1, row.names[:1])
        return row

    def _object_before(self, act: RecognitionWord, before: Sequence[Row]) -> Row | None:
        for row in reversed(before):
            if not self.grammar.tail.fullmatch(self.text, row.end, act.start):
                return None
            if (last := self._as_object(row, last=True)) is not row or self.grammar.lead_in.search(
                self.text, max(0, row.start - 60), row.start
            ):
                return last
        return None

    def _verb_first(self, act: RecognitionWord, before: Sequence[Row], after: Sequence[Row]) -> Read | None:
        """ "In 2008 recognized Russia Abkhazia": without a subject before, or in languages that mark the object."""
        if len(after) < 2 or (self._has_subject(before, act.start) and not self.grammar.mark) or not _acts(after[0]):
            return None
        if not self.grammar.gap.fullmatch(self.text, act.end, after[0].start):
            return None
        if self.grammar.mark and self.grammar.mark.search(self.text, act.end, after[0].start):
            return None
        target = self._object_after(after[0].end, after[1:])
        return Read(after[0], target, self._since(act.start), explicit=True) if target is not None else None

    def _has_subject(self, before: Sequence[Row], limit: int) -> bool:
        return any(not self._is_aside(row, 0) and row.end < limit for row in before)

    def _is_aside(self, row: Row, low: int) -> bool:
        """Whether a row follows a preposition: "in Berlin", but not "the government in Berlin"."""
        begin = max(low, row.start - 60)
        if self.grammar.aside.search(self.text, begin, row.start) is None:
            return False
        return self.grammar.seat.search(self.text, begin, row.start) is None

    def _since(self, at: int) -> int:
        return next(iter(self._clause_starts(at)))

    def _passive(self, act: RecognitionWord, before: list[Row], after: list[Row]) -> Read | None:
        """ "The Taliban recognized by Russia", in either order."""
        agent = next((row for row in after[:1] if self._is_agent(act.end, row)), None)
        if agent is None:
            agent = next((row for row in reversed(before) if self._is_agent(None, row)), None)
        if agent is None or not _acts(agent):
            return None
        targets = [row for row in before if row is not agent]
        if not targets and agent in after and (first := self._as_object(agent)) is not agent:
            targets = [Row(agent.end - 1, agent.end, agent.names[-1:])]  # "Recognized by Russia, the Taliban …"
            agent = first
        if not targets:
            return None
        return Read(agent, targets[-1], self._since(targets[-1].start), explicit=True)

    def _with_agent(self, act: RecognitionWord, before: list[Row], after: list[Row]) -> Read | None:
        """ "Recognition of the Taliban by Russia", "Russia's recognition of the Taliban"."""
        if not after:
            return None
        first = after[0]
        second = after[1] if len(after) > 1 else None
        plain = self.grammar.gap.fullmatch(self.text, act.end, first.start) is not None
        if self._is_agent(act.end, first) and second is not None:
            target = self._object_after(first.end, after[1:])
            return Read(first, target, self._since(act.start), explicit=True) if target is not None else None
        if plain and second is not None and self._is_agent(first.end, second):
            return Read(second, first, self._since(act.start), explicit=True)
        if second is not None and first.names[-1].role == "demonym" and self.text[act.end : first.start] == " ":
            target = self._object_after(first.end, after[1:])
            return Read(first, target, self._since(act.start), explicit=True) if target is not None else None
        owner = before[-1] if before else None
        if (
            owner is not None
            and plain
            and owner.end + 1 == act.start
            and (owner.names[-1].role == "demonym" or (self.grammar.genitive and owner.names[-1].text.endswith("s")))
        ):
            return Read(owner, first, self._since(owner.start), explicit=True)
        return None

    def _is_agent(self, at: int | None, row: Row) -> bool:
        """Whether a row is the agent: by the word before it, else by its case directly after `at`."""
        if self.grammar.by.search(self.text, max(0, row.start - 40) if at is None else at, row.start):
            return at is None or len(self.text[at : row.start].split()) < 5
        if at is None or self.text[at : row.start].strip():
            return False
        return self.grammar.agent.search(row.names[0].text.casefold()) is not None

    def _own(self, act: RecognitionWord, before: Sequence[Row]) -> Read | None:
        """ "The Taliban ask Russia to recognize their government"."""
        demand = self.grammar.demanded.search(self.text, 0, act.start)
        if demand is None or not (
            self.grammar.own.match(self.text, act.end)
            or (self.grammar.verb_last and self.grammar.own.search(self.text, demand.end(), act.start))
        ):
            return None
        asking = [row for row in before if row.end <= demand.start()]
        asked = [row for row in before if row.start >= demand.start()]
        return Read(asked[0], asking[0], demand.start()) if asking and asked and _acts(asked[0]) else None


def _acts(row: Row) -> bool:
    return row.names[0].entity.kind != "subnational"

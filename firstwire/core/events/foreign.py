"""Recognition in languages other than English, in the forms of headlines. The words are in `foreign_forms.py`.

A sentence is masked, then read around each act: the object is the row of names that only words of statehood part from
it; the subject is the first row of names of the nearest clause that has one; the status is what the verb's form says,
unless a word beside it says otherwise. Everything else of an article in these languages is left to watches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from firstwire.core.events.entities import Mention
from firstwire.core.events.findings import Finding
from firstwire.core.events.foreign_forms import FORMS, HEADS, SPOILED
from firstwire.core.events.foreign_grammar import Grammar
from firstwire.core.events.foreign_status import judge, ranked
from firstwire.core.events.foreign_text import NAME, Masked, masked
from firstwire.core.events.sentence import Sentence, read_sentence
from firstwire.core.text.sentences import split_sentences
from schemas.record import Entity, Field

SENTENCES_READ = 3
_ACTS_READ = 4

_HEADS = re.compile(rf"[\w {NAME}]{{0,20}}(?:{HEADS})")
_SPOILED = re.compile(SPOILED)
_BREAK = re.compile(r"[,:;.!?—]")


class Row(NamedTuple):
    """Names in a row, from one character to another: "Spain, Norway and Ireland"."""

    start: int
    end: int
    names: tuple[Mention, ...]


class Act(NamedTuple):
    """A word of recognition and how its sentence is built."""

    kind: str
    start: int
    end: int


class Read(NamedTuple):
    """Who recognizes whom. `since`: where the words begin that say how."""

    subject: Row
    target: Row
    since: int
    explicit: bool = False
    """The agent of a noun stands beside it."""


@lru_cache(maxsize=len(FORMS))
def grammar_of(language: str) -> Grammar | None:
    """The grammar of a listed language."""
    return Grammar(FORMS[language]) if language in FORMS else None


def find_foreign(
    field: Field, text: str, mentions: Sequence[Mention], published_on: str, language: str
) -> list[Finding]:
    """The recognitions that a text in a listed language reports in its first sentences."""
    grammar = grammar_of(language.partition("-")[0].lower())
    if grammar is None or len(mentions) < 2:
        return []
    found: list[Finding] = []
    for number, span in enumerate(split_sentences(text)[:SENTENCES_READ]):
        told = masked(text, *span, mentions)
        if len(told.names) > 1 and grammar.act.search(told.text) is not None:
            sentence = read_sentence(field, text, number, span, mentions)
            found += _Reader(grammar, told, sentence, published_on).findings()
    return found


class _Reader:
    """One sentence."""

    def __init__(self, grammar: Grammar, told: Masked, sentence: Sentence, published_on: str) -> None:
        self.grammar = grammar
        self.told = told
        self.text = told.text
        self.sentence = sentence
        self.published_on = published_on
        self.rows = [
            Row(match.start(), match.end(), told.named(*match.span())) for match in grammar.row.finditer(told.text)
        ]

    def findings(self) -> Iterator[Finding]:
        begin = 0
        for number, match in enumerate(self.grammar.act.finditer(self.text)):
            if number == _ACTS_READ:
                return
            act = Act(match.lastgroup or "", *match.span())
            read = self._read(act, begin)
            finding = self._finding(act, read, begin) if read is not None else None
            if read is not None and finding is not None:
                yield finding
                begin = max(act.end, read.target.end)

    def _read(self, act: Act, begin: int) -> Read | None:
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

    def _with_subject(self, act: Act, before: list[Row], target: Row) -> Read | None:
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
        """Where the clause of an act may begin, the nearest first; never inside a row of names."""
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

    def _as_object(self, row: Row) -> Row | None:
        """The row without what a comma only joins: that may be another clause."""
        if "," in self.text[row.start : row.end] and not self.grammar.join.search(self.text, row.start, row.end):
            row = Row(row.start, row.start + 1, row.names[:1])
        return row

    def _object_before(self, act: Act, before: Sequence[Row]) -> Row | None:
        for row in reversed(before):
            if not self.grammar.tail.fullmatch(self.text, row.end, act.start):
                return None
            if self.grammar.lead_in.search(self.text, max(0, row.start - 60), row.start):
                return row
        return None

    def _verb_first(self, act: Act, before: Sequence[Row], after: Sequence[Row]) -> Read | None:
        """ "In 2008 recognized Russia Abkhazia": where no subject stands before, or the language marks the object."""
        if len(after) < 2 or (self._subject_stands(before, act.start) and not self.grammar.mark) or not _acts(after[0]):
            return None
        if not self.grammar.gap.fullmatch(self.text, act.end, after[0].start):
            return None
        if self.grammar.mark and self.grammar.mark.search(self.text, act.end, after[0].start):
            return None
        target = self._object_after(after[0].end, after[1:])
        return Read(after[0], target, self._since(act.start), explicit=True) if target is not None else None

    def _subject_stands(self, before: Sequence[Row], limit: int) -> bool:
        return any(not self._is_aside(row, 0) and row.end < limit for row in before)

    def _is_aside(self, row: Row, low: int) -> bool:
        """Whether a preposition stands before a row: "in Berlin", but not "the government in Berlin"."""
        begin = max(low, row.start - 60)
        if self.grammar.aside.search(self.text, begin, row.start) is None:
            return False
        return self.grammar.seat.search(self.text, begin, row.start) is None

    def _since(self, at: int) -> int:
        return next(iter(self._clause_starts(at)))

    def _passive(self, act: Act, before: list[Row], after: list[Row]) -> Read | None:
        """ "The Taliban recognized by Russia", in either order."""
        agent = next((row for row in after[:1] if self._is_agent(act.end, row)), None)
        if agent is None:
            agent = next((row for row in reversed(before) if self._is_agent(None, row)), None)
        if agent is None or not _acts(agent):
            return None
        targets = [row for row in before if row is not agent]
        if not targets and self.grammar.verb_last is False:
            return None
        if not targets:
            return None
        return Read(agent, targets[-1], self._since(targets[-1].start), explicit=True)

    def _with_agent(self, act: Act, before: list[Row], after: list[Row]) -> Read | None:
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
        """Whether a row is who does it: by the word before it, else by its case right behind `at`."""
        if self.grammar.by.search(self.text, max(0, row.start - 40) if at is None else at, row.start):
            return at is None or len(self.text[at : row.start].split()) < 5
        if at is None or self.text[at : row.start].strip():
            return False
        return self.grammar.agent.search(row.names[0].text.casefold()) is not None

    def _own(self, act: Act, before: Sequence[Row]) -> Read | None:
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

    def _finding(self, act: Act, read: Read, begin: int) -> Finding | None:
        subject, target = read.subject, read.target
        if not self._is_recognizable(act, target) or {each.entity.id for each in subject.names} & {
            each.entity.id for each in target.names
        }:
            return None
        end = max(act.end, target.end, subject.end if read.explicit else 0)
        rank = ranked(self.grammar, self.told, self.sentence, begin)
        verdict = judge(
            self.grammar, self.text, act.kind, (read.since, act.start, end), self.published_on, rank.ordinal
        )
        if verdict is None and not read.explicit:
            return None
        status, cue, action, day = verdict or ("historical", "taken for granted", "recognize", None)
        low = min(self.told.original(at, at + 1)[0] for at in (subject.start, act.start, target.start))
        high = max(self.told.original(at - 1, at)[1] for at in (subject.end, act.end, target.end))
        verb = self.told.places[act.start if self.text[act.start] != " " else act.start + 1]
        places = [at for at, word in enumerate(self.sentence.words) if word.start < high and word.end > low]
        if not places:
            return None
        return Finding(
            action=action,
            actors=tuple(dict.fromkeys(_actors(subject))),
            targets=tuple(dict.fromkeys(each.entity for each in target.names)),
            status=status,
            cue=cue,
            sentence=self.sentence,
            verb=next((at for at in places if self.sentence.words[at].end > verb), places[0]),
            first=places[0],
            last=places[-1],
            act_date=day or self.published_on,
            ordinal=rank.ordinal,
            ordinal_scope=rank.scope,
            claims_first=rank.claims_first,
        )

    def _is_recognizable(self, act: Act, target: Row) -> bool:
        """Whether the row names states or governments, and is not recognized as something else."""
        low, high = min(act.start, target.start), max(act.end, target.end)
        stop = _BREAK.search(self.text, high)
        if _SPOILED.search(self.text, low, min(stop.start() if stop else len(self.text), high + 80)):
            return False
        kinds = {each.entity.kind for each in target.names}
        gap = (
            self.text[act.end : target.start]
            if target.start >= act.end
            else self.text[max(0, target.start - 40) : target.start]
        )
        has_state = self.grammar.statehood.search(gap) or self.grammar.statehood.match(self.text, target.end + 1)
        if kinds & {"leader", "person"}:
            return _HEADS.match(self.text, target.end) is not None
        regions = [each for each in target.names if each.entity.kind == "subnational" and not each.text.isupper()]
        if regions or any(each.role == "demonym" for each in target.names):
            return has_state is not None  # "ДНР" is a state by its name
        genitive = (
            self.grammar.genitive
            and target.names[-1].text.endswith("s")
            and not target.names[-1].entity.name.endswith("s")
        )
        return not genitive or has_state is not None or act.kind == "noun"


def _acts(row: Row) -> bool:
    return row.names[0].entity.kind != "subnational"


def _actors(row: Row) -> Iterator[Entity]:
    for each in row.names:
        yield each.entity
        if each.nation is not None:
            yield each.nation

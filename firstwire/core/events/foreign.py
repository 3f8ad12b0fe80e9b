"""Recognition in languages other than English, in the forms of headlines. The words are in `foreign_forms`.

A sentence is masked (`foreign_text`), then parsed around each act: subject and object (`foreign_clauses`), and
the status by the verb's form or a nearby word (`foreign_status`). All other content of articles in these
languages is left to watches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.entities.sentence import Sentence, read_sentence
from firstwire.core.events.findings import ForeignOrder, FoundAct
from firstwire.core.events.foreign_clauses import ForeignSentence, Read, RecognitionWord, Row
from firstwire.core.events.foreign_forms import FORMS, HEADS, LAWFUL, SPOILED
from firstwire.core.events.foreign_grammar import Grammar
from firstwire.core.events.foreign_order import obstacle_in
from firstwire.core.events.foreign_status import judge, ranked
from firstwire.core.events.foreign_text import NAME, Masked, masked
from firstwire.core.text.folding import fold_text
from firstwire.core.text.sentences import split_sentences
from schemas.record import Entity, Field

SENTENCES_READ = 3
_ACTS_READ = 4

_LAWFUL = re.compile(fold_text(LAWFUL))
_HEADS = re.compile(rf"[\w {NAME}]{{0,20}}(?:{fold_text(HEADS)})")
_SPOILED = re.compile(fold_text(SPOILED))
_CLAUSE_BREAK = re.compile(r"[,:;.!?—]")


@lru_cache(maxsize=len(FORMS))
def grammar_of(language: str) -> Grammar | None:
    """The grammar of a language; None for an unlisted one."""
    return Grammar(FORMS[language]) if language in FORMS else None


def find_foreign(
    field: Field, text: str, mentions: Sequence[Mention], published_on: str, language: str
) -> list[FoundAct]:
    """The recognitions that a text in a listed language reports in its first sentences."""
    grammar = grammar_of(language.partition("-")[0].lower())
    if grammar is None or len(mentions) < 2:
        return []
    found: list[FoundAct] = []
    for number, span in enumerate(split_sentences(text, SENTENCES_READ)):
        masked_sentence = masked(text, *span, mentions)
        if len(masked_sentence.names) > 1 and grammar.act.search(masked_sentence.text) is not None:
            sentence = read_sentence(field, text, number, span, mentions)
            found += _SentenceReader(grammar, masked_sentence, sentence, published_on).findings()
    return found


class _SentenceReader:
    """Parses one sentence."""

    def __init__(self, grammar: Grammar, masked_sentence: Masked, sentence: Sentence, published_on: str) -> None:
        self.grammar = grammar
        self.masked_sentence = masked_sentence
        self.text = masked_sentence.text
        self.sentence = sentence
        self.published_on = published_on
        self.clauses = ForeignSentence(grammar, masked_sentence)

    def findings(self) -> Iterator[FoundAct]:
        begin = 0
        for number, match in enumerate(self.grammar.act.finditer(self.text)):
            if number == _ACTS_READ:
                return
            act = RecognitionWord(match.lastgroup or "", *match.span())
            read = self.clauses.read(act, begin)
            finding = self._finding(act, read, begin) if read is not None else None
            if read is not None and finding is not None:
                yield finding
                begin = max(act.end, read.target.end)

    def _finding(self, act: RecognitionWord, read: Read, begin: int) -> FoundAct | None:
        subject, target = read.subject, read.target
        if not self._is_recognizable(act, target) or {each.entity.id for each in subject.names} & {
            each.entity.id for each in target.names
        }:
            return None
        end = max(act.end, target.end, subject.end if read.explicit else 0)
        rank = ranked(self.grammar, self.masked_sentence, self.sentence, begin)
        verdict = judge(
            self.grammar, self.text, act.kind, (read.since, act.start, end), self.published_on, rank.ordinal
        )
        if verdict is None and not read.explicit:
            return None
        status, cue, action, day = verdict or ("historical", "taken for granted", "recognize", None)
        low = min(self.masked_sentence.original(at, at + 1)[0] for at in (subject.start, act.start, target.start))
        high = max(self.masked_sentence.original(at - 1, at)[1] for at in (subject.end, act.end, target.end))
        verb = self.masked_sentence.places[act.start if self.text[act.start] != " " else act.start + 1]
        places = [at for at, word in enumerate(self.sentence.words) if word.start < high and word.end > low]
        if not places:
            return None
        found = FoundAct(
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
        obstacle = obstacle_in(self.grammar, self.masked_sentence, act, read, found)
        return msgspec.structs.replace(found, foreign=ForeignOrder(obstacle))

    def _is_recognizable(self, act: RecognitionWord, target: Row) -> bool:
        """Whether the row has states or governments that are not recognized as something else."""
        low, high = min(act.start, target.start), max(act.end, target.end)
        stop = _CLAUSE_BREAK.search(self.text, high)
        if _SPOILED.search(self.text, low, min(stop.start() if stop else len(self.text), high + 80)):
            return False
        if self.grammar.role.match(self.text, target.end) and not self._is_as_state(target.end):
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

    def _is_as_state(self, at: int) -> bool:
        """Whether words of statehood follow: "as an independent state", "as the lawful government"."""
        stop = _CLAUSE_BREAK.search(self.text, at)
        limit = min(stop.start() if stop else len(self.text), at + 60)
        wanted = (self.grammar.statehood, self.grammar.rank, _LAWFUL)
        return any(each.search(self.text, at, limit) for each in wanted)


def _actors(row: Row) -> Iterator[Entity]:
    for each in row.names:
        yield each.entity
        if each.nation is not None:
            yield each.nation

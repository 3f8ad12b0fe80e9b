"""The acts of a parsed sentence: a class of verb or noun with a class of object, between the right kinds of parties."""

from __future__ import annotations

from collections.abc import Iterator

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.framed_acts import framed_acts
from firstwire.core.events.nominal_recognitions import is_honor, nominal_recognitions
from firstwire.core.events.parsed_sentence import ParsedAct, ParsedSentence
from firstwire.core.events.recognizing_clauses import is_of_recognition, is_other, recognitions
from firstwire.core.events.terror_lists import terror_lists
from firstwire.core.language.clauses import Clause, clauses_of
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import Tree


class Reader:
    """Reads the acts of one parsed sentence; `before` may have the referent of "it"."""

    def __init__(self, tree: Tree, before: Sentence | None, lexicon: Lexicon) -> None:
        self.sentence = ParsedSentence(tree, before, lexicon)

    def clauses(self) -> Iterator[Clause]:
        return clauses_of(self.sentence.tree, self.sentence.lexicon)

    def refused(self) -> frozenset[int]:
        """The words of recognition that are read and name no recognition of a state: an honor, a trade license."""
        clauses = [each for each in self.clauses() if is_of_recognition(each)]
        told = {act.at for each in clauses for act in self._recognitions(each)}
        return frozenset(each.at for each in clauses if each.at not in told and self._is_other(each))

    def acts(self) -> Iterator[ParsedAct]:
        for clause in self.clauses():
            yield from self._recognitions(clause)
            yield from framed_acts(self.sentence, clause)
            yield from terror_lists(self.sentence, clause)

    def _is_other(self, clause: Clause) -> bool:
        if clause.kind == "noun":
            return is_honor(self.sentence, clause)
        return is_other(self.sentence, clause)

    def _recognitions(self, clause: Clause) -> Iterator[ParsedAct]:
        yield from recognitions(self.sentence, clause)
        yield from nominal_recognitions(self.sentence, clause)

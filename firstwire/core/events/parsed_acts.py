"""The acts of a parsed sentence: a class of verb or noun with a class of object, between the right kinds of parties."""

from __future__ import annotations

from collections.abc import Iterator

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.framed_acts import framed_acts
from firstwire.core.events.nominal_recognitions import nominal_recognitions
from firstwire.core.events.parsed_sentence import ParsedAct, ParsedSentence
from firstwire.core.events.recognizing_clauses import recognitions
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

    def acts(self) -> Iterator[ParsedAct]:
        for clause in self.clauses():
            yield from recognitions(self.sentence, clause)
            yield from nominal_recognitions(self.sentence, clause)
            yield from framed_acts(self.sentence, clause)
            yield from terror_lists(self.sentence, clause)

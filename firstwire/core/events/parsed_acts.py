"""The acts of a parsed sentence: a class of verb or noun with a class of object, between the right kinds of parties."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.framed_acts import framed_acts
from firstwire.core.events.nominal_recognitions import is_honor, nominal_recognitions
from firstwire.core.events.parsed_sentence import ParsedAct, ParsedSentence
from firstwire.core.events.recognizing_clauses import is_of_recognition, is_other, recognitions
from firstwire.core.events.terror_lists import terror_lists
from firstwire.core.language.clauses import Clause, clauses_of
from firstwire.core.language.lexicon import Lexicon, singular
from firstwire.core.language.parses import Tree
from firstwire.core.language.phrases import is_held_back

_OTHER_ACTORS = ("organization_noun", "place_noun", "person_noun", "not_acting")


class Reader:
    """Reads the acts of one parsed sentence; `before` may have the referent of "it"."""

    def __init__(self, tree: Tree, before: Sentence | None, lexicon: Lexicon) -> None:
        self.sentence = ParsedSentence(tree, before, lexicon)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clauses_of(self.sentence.tree, self.sentence.lexicon))

    @cached_property
    def acts(self) -> tuple[ParsedAct, ...]:
        return tuple(self._acts())

    def _acts(self) -> Iterator[ParsedAct]:
        for clause, recognized in self._recognized:
            yield from recognized
            yield from framed_acts(self.sentence, clause)
            yield from terror_lists(self.sentence, clause)

    def is_done_by_another(self, action: str, at: int) -> bool:
        """Whether all who do what a verb or noun tells are named, and none can act for a nation: a party, a club."""
        places = {at, *(act.at for act in self.acts if act.action == action)}
        heads = [head for each in self.clauses if each.at in places for head in each.agents]
        return bool(heads) and all(self._cannot_act(head) for head in heads)

    def _cannot_act(self, head: int) -> bool:
        sentence = self.sentence
        if is_held_back(sentence.tree, head, sentence.lexicon):
            return True
        is_other = any(sentence.is_a(head, kind) for kind in _OTHER_ACTORS) and not sentence.is_a(head, "body")
        return is_other and sentence.tree.mention(head) is None

    def is_done_to_another(self, action: str, at: int) -> bool:
        """Whether the object of a verb is of no class that makes the act: "expels diplomats' families"."""
        clause = next((each for each in self.clauses if each.at == at), None)
        if clause is None or clause.kind == "noun" or not clause.objects:
            return False
        if is_of_recognition(clause):
            return clause.complement is None and self.sentence.any_is(clause.objects, "paper")
        frames = [each for each in self.sentence.lexicon.frames if each.act == action and each.verb in clause.classes]
        nouns = self.sentence.lexicon.nouns
        classes = {kind for each in clause.objects for kind in nouns.get(singular(self.sentence.tree.low(each)), ())}
        is_named = any(self.sentence.tree.mention(each) is not None for each in clause.objects)
        return bool(frames) and not is_named and not any(each.noun in classes for each in frames)

    def refused(self) -> frozenset[int]:
        """The words of recognition that are read and name no recognition of a state: an honor, a trade license."""
        told = {act.at for _, recognized in self._recognized for act in recognized}
        return frozenset(
            clause.at for clause, _ in self._recognized if clause.at not in told and _is_other(self.sentence, clause)
        )

    @cached_property
    def _recognized(self) -> tuple[tuple[Clause, tuple[ParsedAct, ...]], ...]:
        """Each clause with the recognitions that it tells."""
        return tuple(
            (clause, (*recognitions(self.sentence, clause), *nominal_recognitions(self.sentence, clause)))
            for clause in self.clauses
        )


def _is_other(sentence: ParsedSentence, clause: Clause) -> bool:
    if not is_of_recognition(clause):
        return False
    return is_honor(sentence, clause) if clause.kind == "noun" else is_other(sentence, clause)

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
from firstwire.core.language.phrases import is_held_back, owner, sayer_of, speaker_of

_SAYERS = frozenset({"it", "they"})
"""Pronouns that mean who says what they do: "the synod said *it* recognized"."""
_NATIONS = frozenset({"capitals", "sides"})
"""What several nations are called that do something: "EU *capitals* recognize", "the two *sides* restore ties"."""
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
        told = [each for each in self.clauses if each.at in places or places.intersection(each.objects)]
        heads = [head for each in told for head in each.agents]
        return bool(heads) and all(self._cannot_act(head) for head in heads)

    def _cannot_act(self, head: int) -> bool:
        sentence = self.sentence
        speaker = speaker_of(sentence.tree, head, sentence.lexicon)
        if speaker is None and sentence.tree.low(head) in _SAYERS:
            speaker = sayer_of(sentence.tree, head)
        if speaker is not None and speaker != head:
            return self._cannot_act(speaker)
        if is_held_back(sentence.tree, head, sentence.lexicon) or self._is_named_beside(head):
            return True
        if sentence.is_a(head, "person_noun") and owner(sentence.tree, head) is not None:
            return False  # "Nigeria's new man in Pretoria"
        if sentence.tree.low(head) in _NATIONS:
            return False
        is_other = any(sentence.is_a(head, kind) for kind in _OTHER_ACTORS)
        is_other = is_other and not any(sentence.is_a(head, kind) for kind in ("body", "state"))
        return is_other and sentence.tree.mention(head) is None

    def _is_named_beside(self, head: int) -> bool:
        """ "The Danish *brewer* Carlsberg": an unlisted name with what it is, which is no office."""
        sentence, tree = self.sentence, self.sentence.tree
        if tree.mention(head) is not None or not tree.tag(head).startswith("NNP"):
            return False
        beside = {*tree.children(head, "compound", "nmod"), head - 1}  # however the parser takes the word before
        nouns = [each for each in beside if each >= 0 and tree.tag(each) in {"NN", "NNS"}]
        plain = [each for each in nouns if tree.mention(each) is None and tree.word(each).text.islower()]
        return bool(plain) and not any(
            sentence.is_a(each, kind) for each in plain for kind in ("office", "body", "state")
        )

    def is_done_to_another(self, action: str, at: int, *, is_likely: bool) -> bool:
        """Whether the object of a verb is of no class that makes the act: "expels diplomats' *families*".

        Of a likely act only such an object counts that one of the class belongs to: no row knows "scraps oil *curbs*".
        """
        clause = next((each for each in self.clauses if each.at == at or at in each.agents), None)
        if clause is None or clause.kind == "noun" or not clause.objects:
            return False
        if is_of_recognition(clause):
            return clause.complement is None and self.sentence.any_is(clause.objects, "paper")
        wanted = {
            each.noun for each in self.sentence.lexicon.frames if each.act == action and each.verb in clause.classes
        }
        tree = self.sentence.tree
        if not wanted or any(tree.mention(each) is not None or wanted & self._classes(each) for each in clause.objects):
            return False
        parts = (one for each in clause.objects for one in (each - 1, *tree.children(each, "poss", "compound", "nmod")))
        return not is_likely or any(wanted & self._classes(each) for each in parts)

    def _classes(self, at: int) -> frozenset[str]:
        return self.sentence.lexicon.nouns.get(singular(self.sentence.tree.low(at)), frozenset())

    def refuses_recognition(self) -> bool:
        """Whether words of recognition are read, and none of them recognizes a state: an honor, a trade license."""
        is_told = any(acts for _, acts in self._recognized)
        return not is_told and any(_is_other(self.sentence, clause) for clause, _ in self._recognized)

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

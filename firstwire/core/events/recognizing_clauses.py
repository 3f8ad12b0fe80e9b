"""Recognitions told by a verb: "recognizes", "regards as the government", "derecognizes"."""

from __future__ import annotations

from collections.abc import Iterator

from firstwire.core.events.parsed_sentence import ParsedAct, ParsedSentence
from firstwire.core.events.parties import bodies_of
from firstwire.core.events.recognized_phrases import is_claim, recognized_in
from firstwire.core.language.clauses import Clause, phrases_after, verb_clause
from firstwire.core.text.closed_words import ordinal_of

RECOGNIZING = frozenset({"recognize", "acknowledge", "derecognize", "regard", "call"})
"""Classes of verbs."""
_ALONE = frozenset({"recognize", "acknowledge", "derecognize"})
"""Of these, the ones that need no "as"."""
_PREDICATES = ("oprd", "ccomp", "xcomp", "attr", "acomp")
_NEAR_OBJECT = 4


def recognitions(sentence: ParsedSentence, clause: Clause) -> Iterator[ParsedAct]:
    if clause.kind == "noun" or not clause.classes & RECOGNIZING or _names_papers(sentence, clause):
        return
    as_what, objects = clause.complement, clause.objects
    if as_what is None and "call" in clause.classes:
        as_what, objects = _bare_complement(sentence, clause)
    if not _is_diplomatic(sentence, clause, as_what):
        return
    actors = sentence.actors_of(clause.agents)
    is_mutual = any(_is_each_other(sentence, each) for each in objects)
    targets = bodies_of(actors) if is_mutual else recognized_in(sentence, objects, as_what)
    if not targets:
        return
    ending = _ended_by(sentence, clause)
    action = "withdraw_recognition" if ending is not None or _is_withdrawn(sentence, clause) else "recognize"
    status = sentence.status(clause if ending is None else ending)
    yield from sentence.act(action, clause.at, targets if is_mutual else actors, targets, status)


def is_of_recognition(clause: Clause) -> bool:
    return "recognize" in clause.classes


def is_other(sentence: ParsedSentence, clause: Clause) -> bool:
    """ "Recognizes Kosovo as a candidate country", "for its efforts", "its right to", "its federation"."""
    if clause.complement is None:
        return _is_honor(sentence, clause) or any(_is_no_body(sentence, each) for each in clause.objects)
    named = sentence.tree.below(clause.complement)
    return any(sentence.lexicon.begins_as(sentence.tree.low(each), "no_state") for each in named)


def _is_no_body(sentence: ParsedSentence, head: int) -> bool:
    is_firm = sentence.tree.mention(head) is None and sentence.is_a(head, "organization_noun")
    return is_claim(sentence, head) or (is_firm and not sentence.is_a(head, "body"))


def _ended_by(sentence: ParsedSentence, clause: Clause) -> Clause | None:
    """The verb of "stops recognizing" or "reverses its decision to recognize"."""
    tree = sentence.tree
    heads = clause.governors[:2]
    if not heads:
        return None
    head, above = heads[0], heads[-1]
    if tree.is_verb(head):
        ending = verb_clause(tree, head, sentence.lexicon)
        return ending if sentence.lexicon.is_a(ending.lemma, "cease") and tree.tag(clause.at) == "VBG" else None
    if not tree.is_verb(above) or not sentence.is_a(head, "instrument"):
        return None
    ending = verb_clause(tree, above, sentence.lexicon)
    return ending if "withdraw" in ending.classes and head in ending.objects else None


def _is_each_other(sentence: ParsedSentence, at: int) -> bool:
    around = f"{sentence.tree.low(at - 1)} {sentence.tree.low(at)} {sentence.tree.low(at + 1)}"
    return any(each in around for each in ("each other", "one another"))


def _is_diplomatic(sentence: ParsedSentence, clause: Clause, as_what: int | None) -> bool:
    if as_what is not None:
        return is_state(sentence, as_what)
    if "acknowledge" in clause.classes and not _is_formal(sentence, clause):
        return False
    if not clause.classes & _ALONE:
        return False
    return clause.is_passive or not _is_honor(sentence, clause)


def _is_honor(sentence: ParsedSentence, clause: Clause) -> bool:
    honored_for = clause.after("for")
    return bool(honored_for) and not sentence.any_is(honored_for, "time")


def _is_formal(sentence: ParsedSentence, clause: Clause) -> bool:
    """ "Formally acknowledges", "acknowledges the independence of"."""
    tree = sentence.tree
    if sentence.any_is(tree.children(clause.at, "advmod"), "formal"):
        return True
    return any(sentence.is_a(each, "quality") or sentence.is_a(each, "state") for each in clause.objects)


def is_state(sentence: ParsedSentence, at: int) -> bool:
    """Whether somebody is called a state, a government, its head or its territory, and nothing else."""
    tree = sentence.tree
    if any(sentence.lexicon.begins_as(tree.low(each), "no_state") for each in tree.below(at)):
        return False
    mention = tree.mention(at)
    if mention is not None and sentence.lexicon.is_a(mention.text.split()[-1].casefold(), "state"):
        return True  # "the Afghan government" as one name
    apposed = [one for each in tree.children(at, "appos") for one in tree.row(each)]
    return sentence.any_is([*tree.row(at), *apposed, *phrases_after(tree, at, "of")], "state")


def _names_papers(sentence: ParsedSentence, clause: Clause) -> bool:
    """ "Recognizes Kosovo driving licenses", which the parser may take for an object and a clause."""
    last = max(clause.objects, default=-1)
    return last > clause.at and sentence.any_is(range(last, min(last + _NEAR_OBJECT, len(sentence.tree))), "paper")


def _bare_complement(sentence: ParsedSentence, clause: Clause) -> tuple[int | None, tuple[int, ...]]:
    """What somebody is called without "as", and who: "declares Kosovo an independent state"."""
    tree = sentence.tree
    for each in tree.children(clause.at, *_PREDICATES):
        is_ranked = any(ordinal_of(tree.low(one)) is not None for one in tree.children(each, "amod"))
        if is_state(sentence, each) and not is_ranked:  # "declares Kosovo the first country free of malaria"
            called = tree.children(each, "nsubj")
            return each, tuple(one for head in called for one in tree.row(head)) or clause.objects
    return None, clause.objects


def _is_withdrawn(sentence: ParsedSentence, clause: Clause) -> bool:
    return "derecognize" in clause.classes or ("no" in sentence.lows and "longer" in clause.auxiliaries)

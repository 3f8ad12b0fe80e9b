"""Who is put on a list of terrorists or taken off it."""

from __future__ import annotations

from collections.abc import Iterator

from firstwire.core.events.parsed_sentence import ParsedAct, ParsedSentence
from firstwire.core.language.clauses import Clause
from firstwire.core.language.lexicon import singular
from firstwire.core.language.phrases import holders, parties, unique, unlisted
from schemas.record import Entity

_BESIDE = ("oprd", "xcomp", "ccomp", "prep", "dobj", "acomp", "attr", "conj", "npadvmod")
_OFF = frozenset({"from", "off"})


def terror_lists(sentence: ParsedSentence, clause: Clause) -> Iterator[ParsedAct]:
    if clause.kind == "noun" or not clause.classes & {"list", "unlist"} or not _is_of_terror(sentence, clause):
        return
    lexicon, tree = sentence.lexicon, sentence.tree
    named = [each for each in clause.objects if singular(tree.low(each)) not in lexicon.nouns]
    targets = tuple(one for head in named for one in _listed(sentence, head))
    actors = sentence.actors_of(clause.agents) or _owners_of_list(sentence, clause)
    if not targets or not actors:
        return
    is_off = bool(_OFF & {tree.low(each) for each in tree.children(clause.at, "prep", "prt")})
    is_taken_off = "unlist" in clause.classes and ("list" not in clause.classes or is_off)
    action = "delist_terror" if is_taken_off else "list_terror"
    yield from sentence.act(action, clause.at, actors, targets, sentence.status(clause))


def _owners_of_list(sentence: ParsedSentence, clause: Clause) -> tuple[Entity, ...]:
    """ "Is struck from the EU's list of terrorists": the list is kept by whoever owns it."""
    lexicon = sentence.lexicon
    lists = [
        each.at for each in clause.obliques if "list" in lexicon.nouns.get(singular(sentence.tree.low(each.at)), ())
    ]
    return unique(one for each in lists for one in holders(sentence.tree, each)) if clause.is_passive else ()


def _is_of_terror(sentence: ParsedSentence, clause: Clause) -> bool:
    tree = sentence.tree
    beside = [*tree.children(clause.at, *_BESIDE), *(each.at for each in clause.obliques)]
    return any(sentence.lexicon.begins_as(tree.low(one), "terror") for each in beside for one in tree.below(each))


def _listed(sentence: ParsedSentence, head: int) -> list[Entity]:
    tree = sentence.tree
    found = parties(tree, head, sentence.lexicon, sentence.before)
    if found:
        return found[:1]
    inside = [tree.mention(each) for each in tree.children(head, "compound", "nmod", "appos")]
    named = [one.entity for one in inside if one is not None and one.entity.kind != "leader"]
    if named:
        return named[-1:]
    return [unlisted(tree, head, "organization")] if tree.word(head).text[:1].isupper() else []

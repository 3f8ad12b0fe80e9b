"""Personal acts of office-holders, which are no firsts of their nations: a test, a game, a book, an award, a trial."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.events.ranks import Ordinal, RankedParty, acted_by, repeats_act

_MODIFIERS = frozenset({"amod", "compound", "nmod"})
_PLAIN_BEFORE_NOUNS = frozenset({"final", "gold"})
"""Words of sport that are none before a noun: "the final vote", "gold traders"."""


def is_of_no_nation(sentence: ParsedSentence, rank: Ordinal, party: RankedParty) -> bool:
    """Whether what somebody is the first to do is no act of a nation: sport, and personal acts of office-holders."""
    verb = acted_by(sentence, rank, party)
    positions = range(len(sentence.tree)) if verb is None else sentence.tree.below(verb)
    if any(_is_sport(sentence, at) for at in positions):
        return True
    return _is_personal(sentence, rank, party)


def _is_sport(sentence: ParsedSentence, at: int) -> bool:
    tree = sentence.tree
    if tree.mention(at) is not None or not sentence.is_a(at, "sport"):
        return False
    return tree.low(at) not in _PLAIN_BEFORE_NOUNS or tree.relation(at) not in _MODIFIERS


def _is_personal(sentence: ParsedSentence, rank: Ordinal, party: RankedParty) -> bool:
    """Whether what an office-holder is the first to do is no act of his office."""
    if not any(_is_holder(sentence, head) for head in party.heads):
        return False
    is_repeated = repeats_act(sentence.tree, rank.verb)
    verb = acted_by(sentence, rank, party)
    if is_repeated and sentence.before is not None and verb is not None and sentence.does(verb, "becoming"):
        words = [word.low for word in sentence.before.words if word.mention is None]
        return any(sentence.lexicon.is_a(low, "personal") for low in words)
    if verb is None:
        return _has_personal(sentence, range(len(sentence.tree)))
    if sentence.does(verb, "of_office"):
        return False
    return _has_personal(sentence, sentence.tree.below(verb))


def _has_personal(sentence: ParsedSentence, positions: Iterable[int]) -> bool:
    return any(
        sentence.tree.mention(at) is None and (sentence.is_a(at, "personal") or sentence.does(at, "personal"))
        for at in positions
    )


def _is_holder(sentence: ParsedSentence, head: int) -> bool:
    tree = sentence.tree
    mention = tree.mention(head)
    if mention is not None:
        return mention.entity.kind in {"leader", "person"}
    return any(sentence.is_a(each, "office") for each in (head, *tree.children(head, "compound", "appos", "amod")))

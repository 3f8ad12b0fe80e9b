"""What a phrase that is recognized names: its head's entity, never a name inside it that it does not mean."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from firstwire.core.entities.unlisted_names import is_headline, name_unlisted
from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.language.clauses import phrases_after
from firstwire.core.language.phrases import owner, pointed_at, unique, unlisted, unlisted_phrase
from firstwire.core.text.closed_words import MONTHS, TIME_WORDS
from schemas.record import Entity, EntityKind

_INSIDE = ("compound", "poss", "nmod", "amod", "appos")
_CLAIMS_OVER = frozenset({"over", "on", "to"})
_PERSONS = frozenset({"leader", "person"})


def recognized_in(sentence: ParsedSentence, heads: Iterable[int], as_what: int | None) -> tuple[Entity, ...]:
    """The entities that phrases name; `as_what`: the head of the phrase that says as what they are recognized."""
    return unique(one for head in heads for one in _recognized(sentence, head, as_what))


def _recognized(sentence: ParsedSentence, head: int, as_what: int | None) -> list[Entity]:
    tree, lexicon = sentence.tree, sentence.lexicon
    mention = tree.mention(head)
    if mention is not None and mention.role != "demonym" and not tree.word(head).bound:
        return [] if mention.entity.kind in _PERSONS and as_what is None else [mention.entity]
    if mention is not None:
        return [mention.entity] if as_what is not None or tree.relation(head) != "amod" else []
    if tree.tag(head).startswith("PRP"):
        return pointed_at(tree, head, lexicon, sentence.before)[:1]
    if is_claim(sentence, head):
        return []
    if sentence.is_a(head, "quality"):
        return _of_quality(sentence, head, as_what)
    if sentence.is_a(head, "state"):
        return _of_state(sentence, head, as_what)
    return _of_name(sentence, head, as_what)


def is_claim(sentence: ParsedSentence, head: int) -> bool:
    """ "Sovereignty over the islands", "the right to return"."""
    if not sentence.is_a(head, "claim"):
        return False
    tree = sentence.tree
    has_clause = any(not sentence.is_a(each, "existing") for each in tree.children(head, "acl", "relcl"))
    return has_clause or any(
        tree.low(each) in _CLAIMS_OVER and tree.relation(each) == "prep" for each in tree.below(head)
    )


def _of_quality(sentence: ParsedSentence, head: int, as_what: int | None) -> list[Entity]:
    """ "The independence of Kosovo", "Kosovo's statehood": who has the quality."""
    holders = phrases_after(sentence.tree, head, "of", "in", "for", "to")
    direct = [entity for each in holders for entity in _named(sentence, each)]
    if direct:
        return direct
    if any(sentence.is_a(each, "pointing") for each in sentence.tree.children(head, "poss")):
        return pointed_at(sentence.tree, head, sentence.lexicon, sentence.before)[:1]  # "recognizes its independence"
    inner = [each for each in holders if not sentence.is_a(each, "quality")]
    held = [one for each in inner for one in _recognized(sentence, each, as_what)]
    return (held or _inside(sentence, head))[:1]


def _of_state(sentence: ParsedSentence, head: int, as_what: int | None) -> list[Entity]:
    """ "The breakaway region of Abkhazia", "the Taliban government", "Libya's rebel council"."""
    if sentence.is_a(head, "land"):
        found = _of_land(sentence, head)
        if found:
            return found
    direct = _inside(sentence, head, "compound", "nmod", "appos")
    if direct and not _is_demonym_only(sentence, head):
        return direct[:1]
    if sentence.is_a(head, "office"):
        return _of_office(sentence, head)
    if _has_own_name(sentence, head):
        return [_unlisted(sentence, head, "organization")]
    if _is_contested(sentence, head):
        return [unlisted_phrase(sentence.tree, _first_modifier(sentence, head), head, "organization")]
    inside = _inside(sentence, head)
    if inside:
        return inside[:1]
    return _of_owner(sentence, head, as_what)


def _of_land(sentence: ParsedSentence, head: int) -> list[Entity]:
    """ "The Georgian region of South Ossetia" is South Ossetia, and "its region Abkhazia" Abkhazia."""
    tree = sentence.tree
    for each in [*tree.children(head, "appos"), *phrases_after(tree, head, "of")]:
        found = _named(sentence, each)
        if found:
            return found
    of = phrases_after(tree, head, "of")
    if of and _has_capital(sentence, of[0]):
        return [_unlisted(sentence, of[0], "other")]
    return []


def _of_office(sentence: ParsedSentence, head: int) -> list[Entity]:
    """ "Opposition leader Mario Quispe" is the person; a bare "leader" is nobody."""
    tree = sentence.tree
    apposed = tree.children(head, "appos")
    if apposed:
        return _named(sentence, apposed[0]) or [_unlisted(sentence, apposed[0], "person")]
    return []


def _of_owner(sentence: ParsedSentence, head: int, as_what: int | None) -> list[Entity]:
    tree = sentence.tree
    held = owner(tree, head)
    owned = [each for each in tree.children(head, "poss", "compound", "amod") if _is_name(sentence, each)]
    if held is None and owned and not _has_capital(sentence, head):
        kind: EntityKind = "other" if sentence.is_a(head, "land") else "organization"
        return [unlisted_phrase(tree, owned[0], head, kind)]
    if _has_capital(sentence, head) or (sentence.is_a(head, "assembly") and (held is None or as_what is not None)):
        return [_unlisted(sentence, head, "organization")]
    return [held] if held is not None else []


def _of_name(sentence: ParsedSentence, head: int, as_what: int | None) -> list[Entity]:
    """An unlisted name, or a description that only "as" tells to be somebody."""
    if sentence.tree.low(head) in TIME_WORDS | MONTHS:
        return []
    if not _has_capital(sentence, head):
        held = owner(sentence.tree, head) if as_what is not None else None
        return [held] if held is not None else []
    if as_what is None and (_inside(sentence, head) or not _stands_alone(sentence, head)):
        return []
    return [_unlisted(sentence, head, _kind_of(sentence, head, as_what))]


def _kind_of(sentence: ParsedSentence, head: int, as_what: int | None) -> EntityKind:
    if sentence.is_a(head, "body") or sentence.is_a(head, "state"):
        return "organization"
    is_office = as_what is not None and sentence.any_is(sentence.tree.below(as_what), "office")
    return "person" if is_office else "other"


def _named(sentence: ParsedSentence, at: int) -> list[Entity]:
    mention = sentence.tree.mention(at)
    return [] if mention is None else [mention.entity]


def _inside(sentence: ParsedSentence, head: int, *relations: str) -> list[Entity]:
    """Names that modify the head directly, the nearest first: it is what the phrase means ("Afghanistan's Taliban
    government")."""
    tree = sentence.tree
    found = [(each, tree.mention(each)) for each in tree.children(head, *(relations or _INSIDE))]
    named = sorted(((each, one) for each, one in found if one is not None), key=lambda pair: -pair[0])
    return [one.entity for _, one in named if one.entity.kind != "leader"]


def _is_demonym_only(sentence: ParsedSentence, head: int) -> bool:
    tree = sentence.tree
    named = [tree.mention(each) for each in tree.children(head, "compound", "nmod", "appos")]
    return all(one is None or one.role == "demonym" for one in named)


def _has_own_name(sentence: ParsedSentence, head: int) -> bool:
    """ "Haiti's Transitional Presidential Council": capitals of its own between the owner and the noun."""
    if is_headline(sentence.tree.sentence) or not _has_capital(sentence, head):
        return False
    return any(_is_name(sentence, each) for each in sentence.tree.children(head, "compound", "amod", "nmod"))


def _is_contested(sentence: ParsedSentence, head: int) -> bool:
    """ "Libya's rebel council", "Myanmar's shadow government": not the government of the nation that is named."""
    return sentence.any_is(sentence.tree.children(head, "amod", "compound", "nmod"), "not_acting")


def _first_modifier(sentence: ParsedSentence, head: int) -> int:
    modifiers = sentence.tree.children(head, "amod", "compound", "nmod")
    plain = [each for each in modifiers if each < head and sentence.tree.mention(each) is None]
    return min(plain, default=head)


def _unlisted(sentence: ParsedSentence, head: int, kind: EntityKind) -> Entity:
    """The unlisted entity at a position, by the same name as other readers give it."""
    at = sentence.tree.word(head)
    for word in name_unlisted(sentence.tree.sentence).words:
        if word.mention is not None and word.mention.role == "unlisted" and word.start <= at.start < word.end:
            return msgspec.structs.replace(word.mention.entity, kind=kind)
    return unlisted(sentence.tree, head, kind)


def _is_name(sentence: ParsedSentence, at: int) -> bool:
    word = sentence.tree.word(at)
    return word.mention is None and word.text[:1].isupper() and not word.is_punctuation


def _has_capital(sentence: ParsedSentence, head: int) -> bool:
    is_capital = sentence.tree.word(head).text[:1].isupper()
    return is_capital and (sentence.tree.tag(head).startswith("NNP") or head > 0)


def _stands_alone(sentence: ParsedSentence, head: int) -> bool:
    tree = sentence.tree
    return not tree.children(head, "det") or sentence.any_is(tree.children(head, "compound", "amod"), "state")

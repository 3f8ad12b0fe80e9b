"""Noun phrases of a parsed sentence: who acts, for which nation, and what a phrase names."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.entities.sentence import Sentence
from firstwire.core.entities.unlisted_names import unknown_entity
from firstwire.core.language.clauses import governors_of, phrases_after
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import Tree
from firstwire.core.language.verb_subjects import SUBJECTS, own_subject
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity, EntityKind

_MODIFIERS = ("compound", "amod", "nmod", "poss", "nummod", "advmod")
_OWNERS = ("poss", "amod", "compound", "nmod", "nsubj", "dep", "npadvmod")
_NAME_LINKS = word_set("of for and the al el bin de da von van")
"""Small words inside an unlisted name."""
_DEPTH = 8
"""Phrases inside phrases: text may nest them without end."""
_POINTED = 2
"""Words that stand for words that stand for a name: a row may name the very word that stands for it, without end."""
_INDEFINITE = frozenset({"a", "an"})
_ENVOYS = frozenset({"envoy", "mission"})
"""Classes of nouns that act abroad."""
_SPEAKER = 6
"""Words before the colon behind which a headline quotes somebody."""
_STATES = frozenset({"nation", "organization"})


def parties(
    tree: Tree, head: int, lexicon: Lexicon, before: Sentence | None = None, depth: int = _POINTED
) -> list[Entity]:
    """The entities that a phrase acts as: a nation itself, or a minister and the nation it acts for; none if it cannot
    act for one."""
    if is_held_back(tree, head, lexicon):
        return []
    mention = tree.mention(head)
    if mention is not None and mention.role != "demonym" and not tree.word(head).bound:
        above = _listed_owner(tree, head) if mention.entity.kind == "organization" else None
        if mention.entity.kind == "leader" and _is_out_of_office(tree, head, lexicon):
            return [mention.entity]
        return [above] if above is not None else _as_named(tree, head, mention)
    if mention is not None:  # "the Swiss", not "Iranian and Saudi ministers"
        return [mention.entity] if tree.relation(head) not in {"amod", "compound"} else []
    if lexicon.is_a(tree.low(head), "body") or _has_office(tree, head, lexicon):
        held = owner(tree, head)
        if held is not None:
            return [held]
        for each in tree.children(head, "poss"):  # "its government"
            if _points(tree, each, lexicon):
                return pointed_at(tree, each, lexicon, before, depth)
    if lexicon.is_a(tree.low(head), "state"):  # "ten states including Kenya and Ghana"
        inside = [one for each in phrases_after(tree, head, "including") for one in _as_listed(tree, each)]
        if inside:
            return inside
    if _points(tree, head, lexicon) and (found := pointed_at(tree, head, lexicon, before, depth)):
        return found
    if tree.sentence.home is not None and _is_of_home(tree, head, lexicon):
        return [tree.sentence.home]
    if _points(tree, head, lexicon):
        return []
    apposed = (one for each in tree.children(head, "appos") for one in _named_at(tree, each, lexicon))
    return next(([one] for one in apposed), [])


def _is_of_home(tree: Tree, head: int, lexicon: Lexicon) -> bool:
    """ "The government" below "KABUL, July 3": a body that belongs to nobody named, and is no mission of another."""
    if not lexicon.is_a(tree.low(head), "body") or tree.tag(head) in {"NNS", "NNPS"}:
        return False
    is_of_another = bool(_ENVOYS & lexicon.nouns.get(tree.low(head), frozenset()))
    return not is_of_another and not any(tree.low(each) in _INDEFINITE for each in tree.children(head, "det"))


def _as_listed(tree: Tree, at: int) -> list[Entity]:
    mention = tree.mention(at)
    return [] if mention is None else _as_named(tree, at, mention)


def _points(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """Whether a word stands for a name said elsewhere: "it", "our", "the country"."""
    return tree.low(at) in lexicon.words["pointing"] or tree.low(at) in lexicon.words["speaking"]


def _named_at(tree: Tree, at: int, lexicon: Lexicon) -> list[Entity]:
    """Who a phrase in apposition is: "its ally, Kenya", "the minister, Kenya's envoy"."""
    mention = tree.mention(at)
    if mention is not None:
        return _as_named(tree, at, mention)
    if not (lexicon.is_a(tree.low(at), "office") or lexicon.is_a(tree.low(at), "body")):
        return []
    held = owner(tree, at)
    return holders(tree, at) if held is None else [held]


def _as_named(tree: Tree, head: int, mention: Mention) -> list[Entity]:
    if mention.entity.kind != "leader":
        return [mention.entity]
    nation = mention.nation or owner(tree, head)
    return [mention.entity] if nation is None else [mention.entity, nation]


def _listed_owner(tree: Tree, head: int) -> Entity | None:
    """ "The African Union's Security Council" acts for the Union."""
    return next((one for each in tree.children(head, "poss") for one in _state_at(tree, each)), None)


def is_held_back(tree: Tree, head: int, lexicon: Lexicon) -> bool:
    """Whether a word beside the head says that it cannot act for its nation: "former", "opposition", "city"."""
    beside = any(lexicon.is_a(tree.low(each), "not_acting") for each in tree.children(head, *_MODIFIERS))
    return beside or any(lexicon.is_a(tree.low(each), "not_acting") for each in tree.children(head, "appos"))


def _is_out_of_office(tree: Tree, head: int, lexicon: Lexicon) -> bool:
    """ "Former French President Sarkozy": the word stands beside the office."""
    return any(is_held_back(tree, each, lexicon) for each in tree.children(head, "compound", "nmod"))


def _has_office(tree: Tree, head: int, lexicon: Lexicon) -> bool:
    return any(lexicon.is_a(tree.low(each), "office") for each in tree.children(head, "compound", "appos", "amod"))


def owner(tree: Tree, head: int) -> Entity | None:
    """The nation or organization that a body or office belongs to: "Kenya's", "Kenyan", "of Kenya", "in Nairobi"."""
    found = owners(tree, head)
    return found[0] if found else None


def owners(tree: Tree, head: int, depth: int = _DEPTH) -> list[Entity]:
    """All nations and organizations that a phrase belongs to or stands in."""
    if depth == 0:
        return []
    found: list[Entity] = []
    for each in tree.children(head, *_OWNERS):
        for one in tree.row(each):
            found += owners(tree, one, depth - 1) if tree.mention(one) is None else _state_at(tree, one)
    for each in phrases_after(tree, head, "of", "in", "from"):
        found += owners(tree, each, depth - 1) if tree.mention(each) is None else _listed_state_at(tree, each)
    return list(unique(found))


def holders(tree: Tree, head: int) -> list[Entity]:
    """The nations that a noun belongs to, not those it stands in."""
    before = tree.children(head, "poss", "amod", "compound", "nmod")
    if noun_after_name(tree, head):
        before = [*before, *(tree.children(head - 1, "poss") or [head - 1])]  # "Sweden's NATO bid"
    return list(unique(entity for each in before for one in tree.row(each) for entity in _state_at(tree, one)))


def noun_after_name(tree: Tree, head: int) -> bool:
    """ "Cuts Iran ties": a parser may take the name for an object of its own."""
    is_beside = head > 0 and tree.mention(head - 1) is not None and tree.head(head - 1) == tree.head(head)
    return is_beside and tree.relation(head - 1) in {"dobj", "dative"} and tree.relation(head) == "dobj"


def _state_at(tree: Tree, at: int) -> list[Entity]:
    mention = tree.mention(at)
    if mention is None:
        return []
    nation = mention.nation if mention.entity.kind == "leader" else mention.entity
    return [nation] if nation is not None and nation.kind in _STATES else []


def _listed_state_at(tree: Tree, at: int) -> list[Entity]:
    mention = tree.mention(at)
    return [mention.entity] if mention is not None and mention.entity.kind in _STATES else []


def unique(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple({each.id: each for each in entities}.values())


def pointed_at(tree: Tree, at: int, lexicon: Lexicon, before: Sentence | None, depth: int = _POINTED) -> list[Entity]:
    """The nation that a pronoun or "the country" stands for: the last subject before it, else the one named last.

    A subject that cannot act for its nation is what the pronoun stands for as well: then nobody is meant.
    """
    if depth == 0:
        return []
    if lexicon.is_a(tree.low(at), "speaking"):
        speaker = speaker_of(tree, at, lexicon)
        is_named = speaker is not None and (tree.mention(speaker) is not None or bool(holders(tree, speaker)))
        return parties(tree, speaker, lexicon, None, depth - 1) if is_named and speaker is not None else []
    for place in range(at - 1, -1, -1):
        if tree.relation(place) not in SUBJECTS or _acts_on(tree, place, at):
            continue
        if tree.mention(place) is not None:
            return [one for each in tree.row(place) for one in parties(tree, each, lexicon, None, depth - 1)]
        if holders(tree, place) or lexicon.is_a(tree.low(place), "state"):
            is_empty = _points(tree, place, lexicon) and not holders(tree, place)
            return [] if is_empty else parties(tree, place, lexicon, None, depth - 1)
    if before is None:
        return []
    nations = (word.mention.entity for word in before.words if word.mention is not None)
    return next(([nation] for nation in nations if nation.kind in _STATES), [])


def speaker_of(tree: Tree, at: int, lexicon: Lexicon) -> int | None:
    """The head of who says "we" or "I"; None for another word."""
    return _speaker(tree, at) if lexicon.is_a(tree.low(at), "speaking") else None


def _speaker(tree: Tree, at: int) -> int | None:
    """Who says "we": "Kenya's president: we recognize Kosovo", " "We recognize Kosovo," Kenya's president said"."""
    colon = next((each for each in range(1, min(_SPEAKER, len(tree))) if tree.low(each) == ":"), 0)
    if colon and (tree.mention(colon - 1) is not None or holders(tree, colon - 1)):
        return colon - 1
    return sayer_of(tree, at)


def sayer_of(tree: Tree, at: int) -> int | None:
    """The subject of the verb above the clause of a word: "*Kenya* said it recognized"."""
    verb = next((each for each in governors_of(tree, at)[1:] if tree.is_verb(each)), None)
    return None if verb is None else own_subject(tree, verb)


def _acts_on(tree: Tree, subject: int, at: int) -> bool:
    """Whether a subject and a pronoun are subject and object of one verb: then they are not the same."""
    if tree.relation(at) in {"poss", *SUBJECTS}:
        return False
    verb = tree.head(tree.head(at)) if tree.relation(at) == "pobj" else tree.head(at)
    return tree.head(subject) == verb


def unlisted(tree: Tree, head: int, kind: EntityKind) -> Entity:
    """The entity of a phrase that no list knows, with an id made of its words: "National Salvation Council"."""
    first = last = head
    words = tree.sentence.words
    while first > 0 and _in_name(tree, first - 1):
        first -= 1
    while last + 1 < len(words) and _in_name(tree, last + 1):
        last += 1
    while first < head and words[first].low in _NAME_LINKS:
        first += 1
    while last > head and words[last].low in _NAME_LINKS:
        last -= 1
    return unknown_entity(tree.sentence.source[words[first].start : words[last].end], kind)


def unlisted_phrase(tree: Tree, first: int, last: int, kind: EntityKind) -> Entity:
    """The entity of a whole phrase that no list knows: "West Papua's provisional government"."""
    words = tree.sentence.words
    while first > 0 and _is_capital_modifier(tree, first - 1):
        first -= 1
    return unknown_entity(tree.sentence.source[words[first].start : words[last].end], kind)


def _is_capital_modifier(tree: Tree, at: int) -> bool:
    is_modifier = tree.head(at) == at + 1 and tree.relation(at) in {"compound", "amod"}
    return is_modifier and tree.word(at).text[:1].isupper()


def _in_name(tree: Tree, at: int) -> bool:
    word = tree.word(at)
    return word.mention is None and (word.text[:1].isupper() or word.low in _NAME_LINKS)

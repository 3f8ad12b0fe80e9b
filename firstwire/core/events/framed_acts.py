"""Acts of a class of verb with a class of object: "severs" and "ties", "closure" and "embassy"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firstwire.core.events.parsed_sentence import ParsedAct, ParsedSentence
from firstwire.core.events.parties import actors_on, bodies_of, pairs_of
from firstwire.core.language.clauses import Clause, phrases_after
from firstwire.core.language.lexicon import Frame, PartyPlace, singular
from firstwire.core.language.phrases import holders, unique
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_BESIDE = word_set("near outside at around opposite inside beside behind by from")
"""Prepositions of place: what stands behind them is not what is opened or closed."""
PARTY = "party"
"""The class that stands in a frame for a party as object."""


def framed_acts(sentence: ParsedSentence, clause: Clause) -> Iterator[ParsedAct]:
    if not clause.classes:
        return
    yield from _party_acts(sentence, clause)
    for noun in _object_nouns(sentence, clause):
        classes = _noun_classes(sentence, noun)
        for frame in sentence.lexicon.frames:
            if frame.verb in clause.classes and frame.noun in classes and _fits(sentence, frame, noun, clause):
                yield from _act(sentence, frame, clause, noun)
                break


def _party_acts(sentence: ParsedSentence, clause: Clause) -> Iterator[ParsedAct]:
    """Acts whose object is the other party itself: "Oman sanctions Chile", "breaks with Chile"."""
    for frame in sentence.lexicon.frames:
        if frame.noun != PARTY or frame.verb not in clause.classes or _is_of_terror(sentence, clause):
            continue
        named = sentence.side_of if frame.sides == "one" else (lambda head: sentence.actors_of([head]))
        targets = unique(one for head in clause.objects for one in named(head))
        actors = sentence.actors_of(clause.agents)
        if actors and targets:
            yield from sentence.act(frame.act, clause.at, actors, targets, sentence.status(clause))


def _is_of_terror(sentence: ParsedSentence, clause: Clause) -> bool:
    return "list" in clause.classes and sentence.has("terror")


def _object_nouns(sentence: ParsedSentence, clause: Clause) -> list[int]:
    """What it is done to; the subject of a verb without object, as in "the embassy reopens"."""
    tree = sentence.tree
    nouns = list(clause.objects)
    if clause.kind != "noun":
        nouns += tree.children(clause.at, "oprd")
    if clause.complement is not None and "appoint" in clause.classes:
        nouns.append(clause.complement)  # "names her as ambassador to"
    is_alone = clause.kind != "noun" and not clause.is_passive and not tree.children(clause.at, "dobj")
    if is_alone and clause.own_subject is not None:
        nouns += [each for each in tree.row(clause.own_subject) if "envoy" not in _noun_classes(sentence, each)]
    if not nouns:
        nouns = clause.after("of", "with")
    return [_meant(sentence, each) for each in nouns]


def _is_title(sentence: ParsedSentence, noun: int) -> bool:
    """ "*Ambassador* Robin Doe"."""
    tree = sentence.tree
    return "envoy" in _noun_classes(sentence, noun) and tree.tag(tree.head(noun)).startswith("NNP")


def _meant(sentence: ParsedSentence, noun: int) -> int:
    """The noun that a phrase is about: "doors of its *embassy*", "the level of *ties*", "*ambassador* Robin Doe"."""
    tree = sentence.tree
    if sentence.is_a(noun, "container"):
        return next(iter(phrases_after(tree, noun, "of", "over", "at")), noun)
    if tree.mention(noun) is None and tree.tag(noun).startswith("NNP") and not _noun_classes(sentence, noun):
        titles = [each for each in tree.children(noun, "compound", "amod") if "envoy" in _noun_classes(sentence, each)]
        return titles[-1] if titles else noun
    return noun


def _noun_classes(sentence: ParsedSentence, noun: int) -> frozenset[str]:
    low, nouns = sentence.tree.low(noun), sentence.lexicon.nouns
    named = (f"{sentence.tree.low(noun - 1)}-{singular(low)}", singular(low), low)
    return next((nouns[each] for each in named if each in nouns), frozenset())


def _are_other_ties(sentence: ParsedSentence, noun: int) -> bool:
    """Ties of trade, families, roads: "severs trade links"."""
    return sentence.any_is(sentence.tree.children(noun, "amod", "compound", "nmod"), "other_ties")


def has_object_of(sentence: ParsedSentence, action: str) -> bool:
    """Whether what an act is done to may be in the sentence: not if all ties are of trade or the like, or all embassies
    only places ("near the embassy")."""
    if action.endswith("_relations"):
        ties = _of_class(sentence, "ties")
        return not ties or not all(_are_other_ties(sentence, at) for at in ties)
    if action.endswith("_embassy"):
        tree, missions = sentence.tree, _of_class(sentence, "mission")
        return not missions or not all(
            tree.relation(at) == "pobj" and tree.low(tree.head(at)) in _BESIDE for at in missions
        )
    return True


def _of_class(sentence: ParsedSentence, kind: str) -> list[int]:
    nouns = sentence.lexicon.nouns
    return [at for at, low in enumerate(sentence.lows) if kind in nouns.get(singular(low), frozenset())]


def _fits(sentence: ParsedSentence, frame: Frame, noun: int, clause: Clause) -> bool:
    tree = sentence.tree
    if frame.noun == "ties" and _are_other_ties(sentence, noun):
        return False
    if clause.kind != "noun" and tree.relation(noun) == "compound" and not _is_title(sentence, noun):
        return False
    return not frame.near or sentence.has(frame.near)


def _act(sentence: ParsedSentence, frame: Frame, clause: Clause, noun: int) -> Iterator[ParsedAct]:
    actors, targets = _sides(sentence, frame, clause, noun)
    if not actors or (not targets and not _may_lack_target(frame, actors)):
        return
    status = sentence.status(clause)
    sides: Sequence[tuple[tuple[Entity, ...], tuple[Entity, ...]]] = [(actors, targets)]
    if frame.sides == "both" and targets:
        sides = list(pairs_of(actors, targets))
    for side, other in sides:
        kept = side if frame.sides == "both" else actors_on(side, other)
        if kept is not None:
            yield ParsedAct(frame.act, kept, other, status, clause.at, (noun, *sentence.places_of(kept, other)))


def _may_lack_target(frame: Frame, actors: tuple[Entity, ...]) -> bool:
    return not frame.needs_target or (frame.act == "sign" and len(bodies_of(actors)) > 1)


def _sides(
    sentence: ParsedSentence, frame: Frame, clause: Clause, noun: int
) -> tuple[tuple[Entity, ...], tuple[Entity, ...]]:
    owned = tuple(holders(sentence.tree, noun)) or tuple(
        holders(sentence.tree, sentence.tree.head(noun)) if _is_title(sentence, noun) else ()
    )
    is_subject = clause.kind != "noun" and not clause.is_passive and noun == clause.own_subject
    actors = owned if is_subject else sentence.actors_of(clause.agents)
    if not actors and frame.verb == "expel":  # "declared persona non grata in Ghana"
        actors = tuple(one for one in _hosts(sentence, clause) if one not in owned)
    targets = _targets(sentence, frame, clause, noun, actors, owned)
    if frame.sides == "one":
        return actors, targets
    if not targets and len(bodies_of(actors)) > 1:
        return actors, actors
    if not actors and len(targets) > 1:
        return targets, targets
    if not actors and len(owned) > 1:
        return owned, owned
    return actors, targets


def _hosts(sentence: ParsedSentence, clause: Clause) -> tuple[Entity, ...]:
    """The nations that somebody is thrown out of."""
    tree = sentence.tree
    inside = [each for each in tree.below(clause.at) if each > clause.at and tree.low(each) in {"in", "from", "of"}]
    return unique(one for each in inside for head in tree.children(each, "pobj") for one in sentence.side_of(head))


def _targets(
    sentence: ParsedSentence,
    frame: Frame,
    clause: Clause,
    noun: int,
    actors: tuple[Entity, ...],
    owned: tuple[Entity, ...],
) -> tuple[Entity, ...]:
    for place in frame.places:
        found = owned if place.source == "owner" else _at_place(sentence, frame, place, clause, noun)
        found = tuple(one for one in found if one not in actors or place.after == "between")
        if found:
            return found
    return ()


def _at_place(
    sentence: ParsedSentence, frame: Frame, place: PartyPlace, clause: Clause, noun: int
) -> tuple[Entity, ...]:
    heads = clause.after(place.after) if place.source == "verb" else phrases_after(sentence.tree, noun, place.after)
    if frame.sides == "one":
        return unique(one for head in heads for one in sentence.side_of(head))
    return sentence.actors_of(heads)

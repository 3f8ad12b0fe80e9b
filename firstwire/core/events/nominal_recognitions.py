"""Recognitions told by a noun: "extends recognition to", "recognition of Kosovo by Oman", "wins recognition from"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firstwire.core.events.parsed_sentence import ParsedAct, ParsedSentence
from firstwire.core.events.recognized_phrases import recognized_in
from firstwire.core.language.clauses import Clause, verb_clause
from firstwire.core.language.parses import ROOT
from firstwire.core.language.phrases import owners
from firstwire.core.language.status import PLAIN, ClauseStatus
from schemas.record import Entity

_CARRYING = frozenset({"give", "restore", "recognize", "sign", "ratify", "withdraw"})
"""Classes of verbs whose subject recognizes, if recognition is their object."""
_OWN = frozenset({"its", "their", "his", "her"})
_DEPTH = 6
"""Nouns and prepositions between the noun and its verb."""


@dataclass(frozen=True)
class _Named:
    """Who is named beside the noun: after "by", after "of", and before it."""

    by: tuple[Entity, ...]
    of: tuple[Entity, ...]
    owners: tuple[Entity, ...]


Sides = tuple[tuple[Entity, ...], tuple[Entity, ...]]
"""Actors and targets."""


def nominal_recognitions(sentence: ParsedSentence, clause: Clause) -> Iterator[ParsedAct]:
    """The recognition that a noun clause tells, with the verb that it depends on."""
    if "recognize" not in clause.classes or clause.kind != "noun":
        return
    verb = _light_verb(sentence, clause.at)
    actors, targets = _sides(sentence, clause, verb)
    if not targets:
        return
    action = "recognize"
    if verb is not None and "withdraw" in verb.classes and "give" not in verb.classes:
        action, actors = "withdraw_recognition", actors or sentence.actors_of(verb.agents)
    yield from sentence.act(action, clause.at, actors, targets, _status(sentence, clause, verb))


def _sides(sentence: ParsedSentence, clause: Clause, verb: Clause | None) -> Sides:
    named = _named(sentence, clause)
    classes = verb.classes if verb is not None else frozenset()
    if verb is not None and "get" in classes and not verb.is_passive:
        return _won(sentence, verb, named)
    by = named.by or (sentence.actors_of(verb.after("by")) if verb is not None and not verb.is_passive else ())
    if verb is not None and verb.subject is not None and by and not named.of and not named.owners:
        winners = sentence.tree.row(verb.subject)  # "Kosovo announces recognition by Oman"
        return by, recognized_in(sentence, winners, None)
    is_given_alone = named.owners and not named.of and not named.by
    if verb is not None and "give" in classes and is_given_alone and not verb.after("to", "on", "upon"):
        return sentence.actors_of(verb.agents), named.owners  # "grants Palestine statehood recognition"
    if verb is not None and classes & _CARRYING:
        return _given(sentence, clause, verb, named)
    if not named.of and named.owners and by:
        return by, named.owners
    if verb is None or verb.is_passive:
        return named.by or named.owners, named.of
    return by or named.owners or sentence.actors_of(verb.agents), named.of


def _named(sentence: ParsedSentence, clause: Clause) -> _Named:
    tree = sentence.tree
    own = tree.children(clause.at, "poss", "amod", "compound")
    named = [each for each in own if tree.mention(each) is not None]
    acting = [each for each in own if each in named or sentence.is_a(each, "body") or tree.low(each) in _OWN]
    return _Named(
        by=sentence.actors_of(clause.after("by", "from")),
        of=recognized_in(sentence, clause.after("of", "for", "to"), None),
        owners=sentence.actors_of(acting) or tuple(owners(tree, clause.at) if named else []),
    )


def _won(sentence: ParsedSentence, verb: Clause, named: _Named) -> Sides:
    """ "Kosovo wins recognition from Oman"."""
    winners = sentence.tree.row(verb.subject) if verb.subject is not None else []
    targets = named.of or recognized_in(sentence, winners, None)
    return named.by or sentence.actors_of(verb.after("from", "by")) or named.owners, targets


def _given(sentence: ParsedSentence, clause: Clause, verb: Clause, named: _Named) -> Sides:
    """ "Oman extends recognition to Kosovo", "grants Kosovo recognition"."""
    tree = sentence.tree
    receivers: Sequence[int] = [
        *verb.after("to", "on", "upon", "from"),
        *(
            each
            for each in tree.children(verb.at, "dative", "dobj")
            if each != clause.at and tree.tag(each) not in {"IN", "TO"}
        ),
    ]
    targets = named.of or recognized_in(sentence, receivers, None)
    return named.by or named.owners or sentence.actors_of(verb.agents), targets


def _status(sentence: ParsedSentence, clause: Clause, verb: Clause | None) -> ClauseStatus:
    """Recognition that nobody gives in the sentence is spoken of as known."""
    status = sentence.status(clause)
    if status != PLAIN:
        return status
    if verb is None:
        return ClauseStatus("historical", "no verb")
    if verb.classes & (_CARRYING | {"get"}) or _is_announced(sentence, verb):
        return status
    return ClauseStatus("historical", f"{sentence.tree.low(verb.at)} recognition")


def _is_announced(sentence: ParsedSentence, verb: Clause) -> bool:
    governors = sentence.lexicon.governors
    return any(governors.get(name) == "asserted" for name in verb.names)


def _light_verb(sentence: ParsedSentence, at: int) -> Clause | None:
    """The verb that a noun is the object or subject of, through "decree of", "letter of", "decision on"."""
    tree = sentence.tree
    for _ in range(_DEPTH):
        head = tree.head(at)
        if head == ROOT:
            return None
        if tree.is_verb(head):
            return verb_clause(tree, head, sentence.lexicon)
        is_link = tree.relation(head) == "prep" or tree.relation(at) == "pobj" or sentence.is_a(head, "instrument")
        if not is_link:
            return None
        at = head
    return None

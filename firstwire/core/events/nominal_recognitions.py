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
from schemas.event import Status
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
    inside: tuple[Entity, ...]
    """Of the names before it, those that stand beside it without an ending: "Kosovo recognition"."""


Sides = tuple[tuple[Entity, ...], tuple[Entity, ...]]
"""Actors and targets."""


def nominal_recognitions(sentence: ParsedSentence, clause: Clause) -> Iterator[ParsedAct]:
    """The recognition that a noun clause tells, with the verb that it depends on."""
    if "recognize" not in clause.classes or clause.kind != "noun":
        return
    verb = _light_verb(sentence, clause.at)
    if is_honor(sentence, clause):
        return
    if verb is not None and sentence.lexicon.is_a(verb.lemma, "switch"):
        yield from _switched(sentence, clause, verb)
        return
    actors, targets = _sides(sentence, clause, verb)
    if not targets:
        return
    action = "recognize"
    if verb is not None and "withdraw" in verb.classes and "give" not in verb.classes:
        action, actors = "withdraw_recognition", actors or sentence.actors_of(verb.agents)
    yield from sentence.act(action, clause.at, actors, targets, _status(sentence, clause, verb, actors))


def is_honor(sentence: ParsedSentence, clause: Clause) -> bool:
    """ "Wins recognition from Oman for its harvest", "recognition of Jerusalem as the capital of Israel"."""
    called = [low for at in clause.after("as") for low in map(sentence.tree.low, sentence.tree.below(at))]
    if any(sentence.lexicon.begins_as(low, "no_state") for low in called):
        return True
    verb = _light_verb(sentence, clause.at)
    if verb is None or "get" not in verb.classes:
        return False
    praised = [*clause.after("for"), *verb.after("for")]
    kinds = ("quality", "state", "time")
    return any(
        sentence.tree.mention(at) is None and not any(sentence.is_a(at, kind) for kind in kinds) for at in praised
    )


def _switched(sentence: ParsedSentence, clause: Clause, verb: Clause) -> Iterator[ParsedAct]:
    """ "Switches recognition from Taiwan to China" is two acts."""
    actors, status = sentence.actors_of(verb.agents), sentence.status(clause)
    for action, preposition in (("recognize", "to"), ("withdraw_recognition", "from")):
        targets = recognized_in(sentence, [*clause.after(preposition), *verb.after(preposition)], None)
        if actors and targets:
            yield from sentence.act(action, clause.at, actors, targets, status)


def _sides(sentence: ParsedSentence, clause: Clause, verb: Clause | None) -> Sides:
    named = _named(sentence, clause)
    classes = verb.classes if verb is not None else frozenset()
    if verb is not None and "get" in classes and not verb.is_passive:
        return _won(sentence, verb, named)
    if verb is not None and _is_sought(sentence, verb):
        return _sought(sentence, verb, named)
    if verb is not None and clause.at in verb.after("for") and not verb.is_passive:
        praised = sentence.actors_of(verb.objects)  # "thanks Kenya for recognition"
        if praised:
            return praised, named.of or _of_subject(sentence, verb)
    if verb is not None and named.inside and not named.of and not named.by and _tells_of(sentence, verb):
        return sentence.actors_of(verb.agents), named.inside  # "revokes Kosovo recognition"
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
        inside=recognized_in(sentence, [each for each in named if _is_beside(sentence, each)], None),
    )


def _is_beside(sentence: ParsedSentence, at: int) -> bool:
    mention = sentence.tree.mention(at)
    return mention is not None and mention.role != "demonym" and sentence.tree.relation(at) in {"compound", "nmod"}


def _tells_of(sentence: ParsedSentence, verb: Clause) -> bool:
    """Whether the subject of a verb may be who recognizes: not of "condemns Kenya recognition"."""
    return bool(verb.classes & {"withdraw"}) or _status_by(sentence, verb) in {"negated", "planned", "unconfirmed"}


def _status_by(sentence: ParsedSentence, verb: Clause) -> Status | None:
    governors = sentence.lexicon.governors
    return next((governors[name] for name in verb.names if name in governors), None)


def _is_sought(sentence: ParsedSentence, verb: Clause) -> bool:
    """ "Calls for recognition", "seeks recognition from Kenya"."""
    status = _status_by(sentence, verb)
    return not verb.is_passive and (status == "demanded" or (status == "planned" and bool(verb.after("from"))))


def _sought(sentence: ParsedSentence, verb: Clause, named: _Named) -> Sides:
    """ "Kosovo asks Kenya for recognition", "Iran calls for recognition of Kosovo"."""
    asked = sentence.actors_of([*verb.objects, *verb.after("from", "on", "upon", "of")])
    return named.by or named.owners or asked, named.of or _of_subject(sentence, verb)


def _of_subject(sentence: ParsedSentence, verb: Clause) -> tuple[Entity, ...]:
    return recognized_in(sentence, sentence.tree.row(verb.subject) if verb.subject is not None else [], None)


def _won(sentence: ParsedSentence, verb: Clause, named: _Named) -> Sides:
    """ "Kosovo wins recognition from Oman"."""
    return named.by or sentence.actors_of(verb.after("from", "by")) or named.owners, named.of or _of_subject(
        sentence, verb
    )


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


def _status(sentence: ParsedSentence, clause: Clause, verb: Clause | None, actors: tuple[Entity, ...]) -> ClauseStatus:
    """Recognition that nobody gives in the sentence is spoken of as known, so is that of others which is rejected."""
    status = sentence.status(clause)
    if verb is not None and status.status == "planned" and _is_sought(sentence, verb):
        return ClauseStatus("demanded", status.cue)
    if verb is not None and status.status == "negated" and _status_by(sentence, verb) == "negated" and actors:
        rejecting = sentence.actors_of(verb.agents)
        if rejecting and not verb.is_passive and not {one.id for one in rejecting} & {one.id for one in actors}:
            return ClauseStatus("historical", status.cue)
    if status != PLAIN:
        return status
    if verb is None:
        return ClauseStatus("historical", "no verb")
    if verb.classes & (_CARRYING | {"get"}) or _is_announced(sentence, verb):
        return status
    return ClauseStatus("historical", f"{sentence.tree.low(verb.at)} recognition")


def _is_announced(sentence: ParsedSentence, verb: Clause) -> bool:
    return _status_by(sentence, verb) == "asserted"


def _light_verb(sentence: ParsedSentence, at: int) -> Clause | None:
    """The verb that a noun is the object or subject of, through "decree of", "letter of", "decision on"."""
    tree = sentence.tree
    for _ in range(_DEPTH):
        head = tree.head(at)
        if head == ROOT:
            return None
        if tree.is_verb(head):
            return verb_clause(tree, head, sentence.lexicon)
        is_noun = sentence.is_a(head, "instrument") or sentence.is_a(head, "container")
        is_link = tree.relation(head) == "prep" or tree.relation(at) == "pobj" or is_noun
        if not is_link:
            return None
        at = head
    return None

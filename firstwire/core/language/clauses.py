"""Clauses of a parsed sentence: a verb, or a noun that names an act, with its subject, objects, and what governs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from firstwire.core.language.lexicon import Lexicon, singular
from firstwire.core.language.parses import ROOT, Tree
from firstwire.core.language.verb_subjects import is_passive, own_subject, subject_of

ClauseKind = Literal["main", "relative", "conditional", "reported", "participial", "noun"]

_AFTER_OTHER_AS = frozenset({"of", "from", "well", "soon"})
_PARTICLE_REACH = 8
"""Words from a verb to its particle, behind a short object: "brings its new envoy home"."""
_PREPOSITIONS = frozenset({"IN", "TO"})
_FINITE = frozenset({"VBZ", "VBD", "VBP"})
_KINDS: dict[str, ClauseKind] = {"relcl": "relative", "acl": "participial", "ccomp": "reported", "pcomp": "participial"}


class Oblique(msgspec.Struct, frozen=True):
    """A phrase after a preposition; `at` is its head."""

    after: str
    at: int


class Clause(msgspec.Struct, frozen=True):
    """What a verb or a noun of action says, and of whom. All positions are those of the words of the sentence."""

    at: int
    lemma: str
    names: tuple[str, ...]
    """The verb with each of its particles, and without: `cut-off`, `cut`."""
    classes: frozenset[str]
    """Of the longest listed name."""
    kind: ClauseKind
    is_passive: bool
    auxiliaries: tuple[str, ...]
    """Modals, auxiliaries, negations and adverbs, as written."""
    own_subject: int | None
    subject: int | None
    """The head of the grammatical subject: its own, or that of the clause it depends on."""
    agents: tuple[int, ...]
    """Who does it: the subject, or after "by" in a passive."""
    objects: tuple[int, ...]
    """What it is done to: the direct object, or the subject of a passive."""
    obliques: tuple[Oblique, ...]
    complement: int | None
    """What the object is called or made: the head of the phrase after "as", or of a bare complement."""
    governors: tuple[int, ...]
    """What the clause depends on, up to the root."""

    def after(self, *prepositions: str) -> list[int]:
        """The heads of phrases after one of the prepositions."""
        return [each.at for each in self.obliques if each.after in prepositions]


def clauses_of(tree: Tree, lexicon: Lexicon) -> Iterator[Clause]:
    """The clauses of all verbs of a sentence, and of the nouns that name an act."""
    for at in range(len(tree)):
        if tree.is_verb(at) and tree.relation(at) not in {"aux", "auxpass", "amod", "compound"}:
            yield verb_clause(tree, at, lexicon)
        elif singular(tree.low(at)) in lexicon.nominals and tree.mention(at) is None and not tree.is_verb(at):
            yield noun_clause(tree, at, lexicon)


def verb_clause(tree: Tree, at: int, lexicon: Lexicon) -> Clause:
    names = _names(tree, at, lexicon)
    passive = is_passive(tree, at)
    subject = subject_of(tree, at, lexicon)
    objects = _objects(tree, at, subject, names, is_passive=passive, lexicon=lexicon)
    return Clause(
        at=at,
        lemma=names[-1],
        names=names,
        classes=next((lexicon.verbs[name] for name in names if name in lexicon.verbs), frozenset()),
        kind=_kind(tree, at, lexicon),
        is_passive=passive,
        auxiliaries=tuple(tree.low(each) for each in tree.children(at, "aux", "auxpass", "neg", "advmod", "mark")),
        own_subject=own_subject(tree, at),
        subject=subject,
        agents=(*_agents(tree, at, subject, is_passive=passive), *_companions(tree, at, subject, lexicon)),
        objects=objects,
        obliques=obliques_of(tree, at),
        complement=_complement(tree, at, lexicon),
        governors=governors_of(tree, at),
    )


def noun_clause(tree: Tree, at: int, lexicon: Lexicon) -> Clause:
    """A noun that names an act: "the closure of its embassy in Oslo by Chile"."""
    low = singular(tree.low(at))
    obliques = obliques_of(tree, at)
    by = tuple(each.at for each in obliques if each.after == "by")
    owned = tuple(tree.children(at, "poss"))
    subject = None if by or owned else subject_of(tree, at, lexicon)
    inside = tuple(tree.children(at, "compound", "nmod"))
    return Clause(
        at=at,
        lemma=low,
        names=(low,),
        classes=lexicon.nominals.get(low, frozenset()),
        kind="noun",
        is_passive=False,
        auxiliaries=tuple(tree.low(each) for each in tree.children(at, "neg", "det")),
        own_subject=None,
        subject=subject,
        agents=by or owned or (() if subject is None else (subject,)),
        objects=(*(each.at for each in obliques if each.after == "of"), *inside),
        obliques=obliques,
        complement=None,
        governors=governors_of(tree, at),
    )


def as_text(clause: Clause, tree: Tree) -> str:
    """A clause on one line, for people."""

    def words(positions: tuple[int, ...]) -> str:
        return ", ".join(tree.word(each).text for each in positions) or "–"

    voice = "passive" if clause.is_passive else "active"
    parts = [f"{clause.names[0]}: {clause.kind}, {voice}", f"by {words(clause.agents)}", f"to {words(clause.objects)}"]
    if clause.auxiliaries:
        parts.append(f"with {' '.join(clause.auxiliaries)}")
    parts += [f"{each.after} {tree.word(each.at).text}" for each in clause.obliques]
    if clause.complement is not None:
        parts.append(f"as {tree.word(clause.complement).text}")
    if clause.governors:
        parts.append(f"under {words(clause.governors)}")
    return "; ".join(parts)


def phrases_after(tree: Tree, at: int, *prepositions: str) -> list[int]:
    """The heads of phrases that depend on a word by one of the prepositions."""
    return [each.at for each in obliques_of(tree, at) if each.after in prepositions]


def obliques_of(tree: Tree, at: int) -> tuple[Oblique, ...]:
    found: list[Oblique] = []
    for each in tree.children(at, "prep", "agent", "dative", "prt", "advmod"):
        low = tree.low(each)
        within = [*tree.children(each, "pobj", "pcomp", "dobj")]
        for nested in tree.children(each, "prep"):  # "from among", "back to"
            within += tree.children(nested, "pobj")
        found += [Oblique(low, one) for head in within for one in tree.row(head)]
    return tuple(found)


def governors_of(tree: Tree, at: int) -> tuple[int, ...]:
    found = []
    while tree.head(at) != ROOT:
        at = tree.head(at)
        found.append(at)
    return tuple(found)


def _names(tree: Tree, at: int, lexicon: Lexicon) -> tuple[str, ...]:
    lemma = lexicon.verb(tree.low(at))
    particles = [tree.low(each) for each in tree.children(at, "prt", "advmod") if tree.low(each).isalpha()]
    particles.append(tree.low(at + 1))
    end = min(len(tree), at + 1 + _PARTICLE_REACH)
    particles += [tree.low(each) for each in range(at + 1, end) if tree.tag(each) not in _PREPOSITIONS]
    listed = [f"{lemma}-{each}" for each in dict.fromkeys(particles) if each]
    return (*(each for each in listed if each in lexicon.verbs or each in lexicon.governors), lemma)


def _kind(tree: Tree, at: int, lexicon: Lexicon) -> ClauseKind:
    marks = (tree.low(each) for each in tree.children(at, "mark", "advmod"))
    if any(lexicon.cues[each].kind == "condition" for each in marks if each in lexicon.cues):
        return "conditional"
    return _KINDS.get(tree.relation(at), "main")


def _agents(tree: Tree, at: int, subject: int | None, *, is_passive: bool) -> tuple[int, ...]:
    if not is_passive:
        return () if subject is None else tuple(tree.row(subject))
    by = phrases_after(tree, at, "by")
    if not by:  # "recognized as president by Oman": the phrase may hang deeper
        below = [each for each in tree.below(at) if each > at and tree.low(each) == "by"]
        by = [
            one
            for each in below
            for head in tree.children(each, "pobj")
            if tree.mention(head)
            for one in tree.row(head)
        ]
    return tuple(by)


def _companions(tree: Tree, at: int, subject: int | None, lexicon: Lexicon) -> tuple[int, ...]:
    """ "Kenya, along with Ghana, recognized": who stands beside the subject, before the verb."""
    if subject is None or is_passive(tree, at):
        return ()
    found: list[int] = []
    for link in (*tree.children(subject, "prep", "advmod"), *tree.children(at, "prep", "advmod")):
        if link < at and (lexicon.is_a(tree.low(link), "beside") or lexicon.is_a(tree.low(link - 1), "beside")):
            found += [each for each in tree.below(link) if tree.relation(each) in {"pobj", "conj"}]
    return tuple(found)


def _objects(
    tree: Tree, at: int, subject: int | None, names: tuple[str, ...], *, is_passive: bool, lexicon: Lexicon
) -> tuple[int, ...]:
    if is_passive:
        if subject is None and tree.relation(at) in {"acl", "relcl"}:
            subject = tree.head(at)
        return () if subject is None else tuple(tree.row(subject))
    nouns = [each for each in tree.children(at, "dobj", "attr", "dative") if tree.tag(each) not in _PREPOSITIONS]
    heads = [_before_particle(tree, each, names, lexicon) for each in nouns]
    found = [one for each in heads for one in tree.row(each)]
    if not found:  # the parser may take a particle for a preposition: "calls in the envoy"
        particle = at + 1
        if f"{names[-1]}-{tree.low(particle)}" in lexicon.verbs and tree.relation(particle) == "prep":
            found = [one for each in tree.children(particle, "pobj") for one in tree.row(each)]
    return tuple(found)


def _before_particle(tree: Tree, at: int, names: tuple[str, ...], lexicon: Lexicon) -> int:
    """The noun before a particle that the parser takes for the object: "brings its envoy home"."""
    inside = [each for each in tree.children(at, "compound", "nmod") if tree.mention(each) is None]
    return inside[-1] if inside and f"{names[-1]}-{tree.low(at)}" in lexicon.verbs else at


def _complement(tree: Tree, at: int, lexicon: Lexicon) -> int | None:
    """The head of the phrase after the first "as" that no comma or finite verb separates from the verb."""
    for each in range(at + 1, len(tree)):
        if tree.low(each) in {",", ";", ":"} or tree.tag(each) in _FINITE:
            return None
        if tree.low(each) == "as" and tree.low(each + 1) not in _AFTER_OTHER_AS:  # "as of today"
            return _after_as(tree, each, lexicon)
    return None


def _after_as(tree: Tree, at: int, lexicon: Lexicon) -> int | None:
    found = tree.children(at, "pobj", "amod", "acomp", "pcomp")
    if found:
        return found[0]
    head = tree.head(at)
    is_state = head > at and lexicon.is_a(tree.low(head), "state")
    return head if is_state and tree.relation(at) == "mark" else None

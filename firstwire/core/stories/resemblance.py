"""Resemblance: how alike two articles are in words and facts, as features of a model; and what rules it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, log1p
from typing import TypeVar

import numpy as np

from firstwire.core.stories.fact_words import ACT_BITS, ACTS, APART, OPPOSITES
from firstwire.core.stories.roles import are_swapped
from firstwire.core.stories.sketches import Sketch
from firstwire.core.stories.story_marks import conflicting
from firstwire.core.stories.story_terms import HASH_SHIFT, RARITIES, RARITY_MASK, hash_of, rarity_of
from firstwire.core.stories.word_vectors import Vectors, WordVectors
from firstwire.core.text.rarities import stem_of

T = TypeVar("T")

FEATURES = (
    *("days", "rarest name", "names' weight", "rare names"),
    *("title names known", "title names known back", "strange", "strange back", "both strange", "rarest title name"),
    *("meaning of titles", "meaning without names", "meaning of leads"),
    *("rarest word", "rarest title word", "rare words"),
    *("same act", "different acts", "same act in leads", "acts in common"),
    *(
        "equal tolls",
        "different tolls",
        "figures in common",
        "title figures apart",
        "same title figure",
        "share of figures",
    ),
    *("negation", "magnitude", "expected", "explainer", "reaction", "no names"),
    *("nations apart", "nation in common"),
    *("title covered", "title covered back", "title meant", "title meant back"),
    *("length", "same outlet", "same subject", "subjects apart", "subjects in common"),
    *("phrases apart", "actors apart", "places apart", "qualifiers apart", "toll ratio", "one name apart"),
    *("names apart in leads", "strangest in lead", "strangest in lead back", "nations of titles apart"),
    *("lead shared", "lead shared back", "title names in common"),
)
"""The features of two articles, in the order of `features`."""

RARE_NAME = 6.0
RARE_WORD = 6.5
DAYS_AT_MOST = 3.0
OTHER_MAGNITUDE = 0.25

SHARED_AT_LEAST = 15.0
"""Rarities of the words that two leads share, in total: two rare names, or four words of the subject."""
NATION_WEIGHT = 4.0
"""Of a nation that both name, in whatever word."""
PART_RARITY = 22
"""Least rarity step of a word of the title that the other has."""

SAME_TITLE_TERMS = 3
SAME_TITLE_SHARE = 0.6
"""Of each title's words, by rarity."""
SAME_TITLE_HOURS = 24

_ACT_HASHES = frozenset(hash_of(f"en {stem_of(word, 'en')}") for word in ACTS)
_APART = frozenset(map(hash_of, APART))
_ALWAYS_OPPOSITE = frozenset({ACT_BITS["rise"], ACT_BITS["open"]})
"""Markets that open and that close: even if both rise."""


@dataclass(frozen=True, eq=False)
class Compared:
    """A sketch with what comparing it takes. `rarities`: of its terms, in general and in the news of the time; only of
    the article that is compared with earlier ones."""

    sketch: Sketch
    lead_terms: frozenset[int]
    title: Vectors
    lead: Vectors
    directions: Vectors | None
    """None for an article in a language without vectors."""
    rarities: Mapping[int, float]

    @classmethod
    def of(cls, sketch: Sketch, vectors: WordVectors, rarities: Mapping[int, float] | None = None) -> Compared:
        has_vectors = any(sketch.vectors)
        return cls(
            sketch=sketch,
            lead_terms=frozenset(sketch.lead),
            title=vectors.of(sketch.title),
            lead=vectors.of(sketch.lead),
            directions=sketch.directions() if has_vectors else None,
            rarities=rarities if rarities is not None else {},
        )


def ruled_out(one: Sketch, other: Sketch) -> str | None:
    """Why two articles cannot be on one happening, however alike they are; None if they may be."""
    if one.is_round_up or other.is_round_up:
        return "a round-up is a happening of its own"
    if one.is_denial != other.is_denial:
        return "one denies, the other asserts"
    for bit, opposite in OPPOSITES:
        mine, theirs = one.acts & (bit | opposite), other.acts & (bit | opposite)
        if mine and theirs and not mine & theirs and (bit in _ALWAYS_OPPOSITE or not one.acts & other.acts):
            return "opposite directions"
    clash = conflicting(one.marks, other.marks)
    if clash is not None:
        return f"{clash[0]}, not {clash[1]}"
    if are_swapped(one.order, other.order):
        return "actor and target are the other way round"
    if not _APART.isdisjoint(one.qualifiers ^ other.qualifiers):
        return "women's and men's"
    mine_only, theirs_only = _nations(one) - other.nations, _nations(other) - one.nations
    if mine_only and theirs_only:
        return "another nation's"
    if _is_bare(one, other):
        return "nothing in common but a nation and the kind of act"
    size, other_size = one.tolls.get("magnitude"), other.tolls.get("magnitude")
    if size is not None and other_size is not None and abs(size - other_size) > 2 * OTHER_MAGNITUDE:
        return f"magnitude {size}, not {other_size}"
    return None


def have_same_title(one: Sketch, other: Sketch) -> bool:
    """Whether two titles of one day have nearly the same words, and no numbers apart."""
    shared = set(one.title) & set(other.title)
    if len(shared) < SAME_TITLE_TERMS or abs(one.hours - other.hours) > SAME_TITLE_HOURS:
        return False
    have_tolls = "dead" in one.tolls and "dead" in other.tolls
    are_numbers_apart = _are_apart(one.title_figures, other.title_figures, other.title_figures, one.title_figures)
    if one.qualifiers != other.qualifiers or (are_numbers_apart and not have_tolls):
        return False
    if _strangest(one.title_names, one, other) and _strangest(other.title_names, other, one):
        return False
    weight = sum(map(rarity_of, shared))
    return all(weight >= SAME_TITLE_SHARE * sum(map(rarity_of, each.title)) for each in (one, other))


def _nations(sketch: Sketch) -> set[int]:
    """The nations that a title names."""
    return set(filter(None, sketch.title_names.values()))


def _is_bare(one: Sketch, other: Sketch) -> bool:
    """Whether leads share no words but those of at most one nation and of acts."""
    lead = set(other.lead)
    for term in one.lead:
        is_nation = one.title_names.get(term) or other.title_names.get(term)
        if term in lead and not is_nation and term >> HASH_SHIFT not in _ACT_HASHES:
            return False
    return len(one.lead_nations & other.lead_nations) < 2


def may_be_alike(one: Compared, other: Compared) -> bool:
    """Whether two articles share enough in title and lead to be compared at all: a few rare words or names."""
    lead = other.lead_terms
    nations = len(one.sketch.lead_nations & other.sketch.lead_nations)
    shared = NATION_WEIGHT * nations + sum([RARITIES[term & RARITY_MASK] for term in one.sketch.lead if term in lead])
    if shared < SHARED_AT_LEAST:
        return False
    return _names_part(one.sketch.title, other.sketch.words) or _names_part(other.sketch.title, one.sketch.words)


def _names_part(title: Iterable[int], words: frozenset[int]) -> bool:
    return any(term in words and term & RARITY_MASK >= PART_RARITY for term in title)


def features(article: Compared, other: Compared) -> list[float]:
    """The features of an article and an earlier one, as `FEATURES` names them. Not symmetric in rarities only."""
    a, b = article.sketch, other.sketch
    rarity = article.rarities
    shared_names = [rarity[name] for name in a.names & b.names]
    strange, known = _strange(a, b, rarity)
    strange_back, known_back = _strange(b, a, None)
    directions = [0.0, 0.0, 0.0]
    if article.directions is not None and other.directions is not None:
        directions = np.einsum("ij,ij->i", article.directions, other.directions).tolist()
    common = [(term, rarity[term]) for term in a.words & b.words]
    others = [value for term, value in common if term not in a.names]
    title_others = [rarity[term] for term in a.title if term in b.title and term not in a.names]
    same_figures = a.figures & b.figures
    tolls = [(value, b.tolls[kind]) for kind, value in a.tolls.items() if kind in b.tolls and kind != "magnitude"]
    dead, dead_before = a.tolls.get("dead", 0), b.tolls.get("dead", 0)
    mine, theirs = a.tolls.get("magnitude"), b.tolls.get("magnitude")
    acts, subjects = a.lead_acts | b.lead_acts, a.lead_subjects | b.lead_subjects
    a_leading, b_leading = article.lead_terms, other.lead_terms
    away, away_back = _farthest(a, b_leading, b.lead_nations), _farthest(b, a_leading, a.lead_nations)
    nations, other_nations = _nations(a), _nations(b)
    return [
        min(DAYS_AT_MOST, abs(a.hours - b.hours) / 24),
        max(shared_names, default=0.0),
        log1p(sum(shared_names)),
        log1p(sum([value > RARE_NAME for value in shared_names])),
        known,
        known_back,
        strange,
        strange_back,
        min(strange, strange_back),
        max((rarity[name] for name in a.title_names if name in b.title_names), default=0.0),
        *directions,
        max(others, default=0.0),
        max(title_others, default=0.0),
        log1p(sum([value > RARE_WORD for _, value in common])),
        float(bool(a.acts & b.acts)),
        float(bool(a.acts and b.acts and not a.acts & b.lead_acts and not b.acts & a.lead_acts)),
        float(bool(a.lead_acts & b.lead_acts)),
        (a.lead_acts & b.lead_acts).bit_count() / acts.bit_count() if acts else 0.3,
        float(sum(one == two for one, two in tolls)),
        float(sum(one != two for one, two in tolls)),
        log1p(len(same_figures)),
        float(_are_apart(a.title_figures, b.title_figures | b.figures, b.title_figures, a.figures)),
        float(bool(a.title_figures & b.title_figures)),
        len(same_figures) / (len(a.figures) or 1),
        float(a.has_negation != b.has_negation),
        float(mine is not None and theirs is not None and abs(mine - theirs) > OTHER_MAGNITUDE),
        float(a.is_expected != b.is_expected),
        float(a.is_explainer),
        float(a.is_reaction),
        float(not a.title_names) + float(not b.title_names),
        float(_are_apart(a.lead_nations, b.nations, b.lead_nations, a.nations)),
        float(bool(a.lead_nations & b.lead_nations)),
        _covered(a.title, b.words, rarity),
        _covered(b.title, a.words, None),
        share_meant(article.title, a.title, map(rarity_of, a.title), other.lead, b.words) or 0.0,
        share_meant(other.title, b.title, map(rarity_of, b.title), article.lead, a.words) or 0.0,
        len(a.words) / 100,
        float(bool(a.source) and a.source == b.source),
        float(bool(a.subjects & b.subjects)),
        float(
            bool(a.subjects and b.subjects and not a.subjects & b.lead_subjects and not b.subjects & a.lead_subjects)
        ),
        (a.lead_subjects & b.lead_subjects).bit_count() / subjects.bit_count() if subjects else 0.3,
        float(sum(_are_other_phrases(name, a, b) for name in a.title_names)),
        min(_strangest(a.subject, a, b), _strangest(b.subject, b, a)),
        min(_strangest(a.places, a, b), _strangest(b.places, b, a)),
        float(_are_apart(a.qualifiers, b.qualifiers, b.qualifiers, a.qualifiers)),
        abs(log(dead / dead_before)) if dead > 0 and dead_before > 0 else -1.0,
        min(_strangest(a.title_names, a, b), _strangest(b.title_names, b, a)),
        min(away, away_back),
        away,
        away_back,
        float(bool(nations and other_nations and nations.isdisjoint(other_nations))),
        _covered(a.lead, b_leading, rarity),
        _covered(b.lead, a_leading, None),
        len(a.title_names.keys() & b.title_names.keys()) / (len(a.title_names.keys() | b.title_names.keys()) or 1),
    ]


def _is_known(name: int, of: Sketch, to: Sketch) -> bool:
    """Whether a name in one's title, or another word for its nation, is anywhere in the other."""
    if name in to.words or name in to.names:
        return True
    nation = of.title_names.get(name, 0)
    return nation != 0 and nation in to.nations


def _strange(of: Sketch, to: Sketch, rarity: Mapping[int, float] | None) -> tuple[float, float]:
    """The rarity of one's title names that the other lacks, and the share of those that it has."""
    total = missing = 0.0
    for name in of.title_names:
        value = rarity[name] if rarity is not None else rarity_of(name)
        total += value
        if not _is_known(name, of, to):
            missing += value
    return missing, 1 - missing / total if total else 0.5


def _strangest(names: Iterable[int], of: Sketch, to: Sketch) -> float:
    return max((rarity_of(name) for name in names if not _is_known(name, of, to)), default=0.0)


def _farthest(of: Sketch, lead: frozenset[int], nations: frozenset[int]) -> float:
    """The rarity of the rarest name in one's title that title and lead of the other lack."""
    return max(
        (
            rarity_of(name)
            for name, nation in of.title_names.items()
            if name not in lead and not (nation and nation in nations)
        ),
        default=0.0,
    )


def _are_apart(
    mine: frozenset[T], all_of_other: frozenset[T], of_other: frozenset[T], all_of_mine: frozenset[T]
) -> bool:
    return bool(mine and of_other and mine.isdisjoint(all_of_other) and of_other.isdisjoint(all_of_mine))


def _are_other_phrases(name: int, a: Sketch, b: Sketch) -> bool:
    if name not in b.title_names or name not in a.phrases or name not in b.phrases:
        return False
    return a.phrases[name].isdisjoint(b.phrases[name])


def _covered(title: Iterable[int], words: frozenset[int], rarity: Mapping[int, float] | None) -> float:
    """The share of a title's words, by rarity, that the other article has."""
    total = covered = 0.0
    for term in title:
        value = rarity[term] if rarity is not None else rarity_of(term)
        total += value
        if term in words:
            covered += value
    return covered / total if total else 0.0


def share_meant(
    rows: Vectors, terms: Sequence[int], values: Iterable[float], others: Vectors, words: frozenset[int]
) -> float | None:
    """The same, where a word that is not there counts as much as it is like the likest of other words.

    `rows` are the vectors of `terms`, `others` those of the other words. None if there is nothing to compare.
    """
    if not len(rows) or not len(others):
        return None
    likest = (rows @ others.T).max(axis=1).tolist()
    total = covered = 0.0
    for term, value, like in zip(terms, values, likest, strict=True):
        total += value
        covered += value if term in words else value * max(0.0, like)
    return covered / total if total else None

"""Resemblance: how alike two articles are in words and facts, as features of a model; and what rules it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import log, log1p
from operator import itemgetter
from typing import NamedTuple, TypeVar

import numpy as np

from firstwire.core.stories.fact_words import ACT_BITS, ACTS, APART, OPPOSITES, united
from firstwire.core.stories.roles import are_swapped
from firstwire.core.stories.sketches import Sketch
from firstwire.core.stories.story_marks import conflicting
from firstwire.core.stories.story_terms import HASH_SHIFT, RARITY_MASK, hash_of, rarity_of
from firstwire.core.stories.word_vectors import Vectors, WordVectors
from firstwire.core.text.rarities import STEP, stem_of

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

SWAPPED_WORDS = 3
"""An actor, an act and a target."""
OTHER_NAMES = 2
"""Words of a name, in a title that is another's but for the name."""
SAME_TITLE_TERMS = 3
SAME_TITLE_SHARE = 0.6
"""Of each title's words, by rarity."""
SAME_TITLE_HOURS = 24
TEXT_WORDS = 4
"""Of a text that is one."""
COPIED_WORDS, COPIED_SHARE, TITLE_IN_TEXT = 8, 0.6, 0.3
"""A short text is another's if it has so many words, so much of the other's, and so much of its own title."""

_ACT_HASHES = frozenset(hash_of(f"en {stem_of(word, 'en')}") for word in ACTS)
_HAVE_OPPOSITES = united(one | other for one, other in OPPOSITES)
_NOTHING = frozenset({0})
_by_rarity = itemgetter(1)
_UNKNOWN = [0.0, 0.0, 0.0]
_APART = frozenset(map(hash_of, APART))
_ALWAYS_OPPOSITE = frozenset({ACT_BITS["rise"], ACT_BITS["open"]})
"""Markets that open and that close: even if both rise."""


@dataclass(frozen=True, eq=False)
class Compared:
    """A sketch with what comparing it takes. `rarities`: of its terms, in general and in the news of the time; only of
    the article that is compared with earlier ones."""

    sketch: Sketch
    vectors: WordVectors
    rarities: Mapping[int, float]
    title_terms: frozenset[int]
    telling_title: frozenset[int]
    """The words of the title by which it may be on what another article tells."""
    lead_terms: frozenset[int]
    title_nations: frozenset[int]
    """The nations that the title names."""

    @classmethod
    def of(cls, sketch: Sketch, vectors: WordVectors, rarities: Mapping[int, float] | None = None) -> Compared:
        return cls(
            sketch=sketch,
            vectors=vectors,
            rarities=rarities if rarities is not None else {},
            title_terms=frozenset(sketch.title),
            telling_title=frozenset([term for term in sketch.title if term & RARITY_MASK >= PART_RARITY]),
            lead_terms=frozenset(sketch.lead),
            title_nations=frozenset(sketch.title_names.values()) - _NOTHING,
        )

    @cached_property
    def lead(self) -> Vectors:
        return self.vectors.of(self.sketch.lead)

    @cached_property
    def title(self) -> Vectors:
        """Of the title's terms, with which the lead begins."""
        return self.lead[: len(self.sketch.title)]

    @cached_property
    def weighed(self) -> _Weighed:
        return _Weighed.of(self.sketch, self.rarities)

    @cached_property
    def sought(self) -> _Sought:
        return _Sought.of(self.sketch, self.rarities)


class _Weighed(NamedTuple):
    """What of a sketch is weighed in both directions, by rarities in the news of the time if they are known."""

    title: list[tuple[int, float]]
    """Terms with their rarity in general."""
    of_title: float
    """The sum of the rarities."""
    of_lead: float
    names: list[tuple[int, int, float, float]]
    """Of the title: with its nation, or 0, its rarity, and that in general."""
    of_names: float
    directions: Vectors | None
    """None for an article in a language without vectors."""

    @classmethod
    def of(cls, sketch: Sketch, rarities: Mapping[int, float]) -> _Weighed:
        rarity = rarities.__getitem__ if rarities else rarity_of
        names = [(name, nation, rarity(name), rarity_of(name)) for name, nation in sketch.title_names.items()]
        return cls(
            title=[(term, rarity_of(term)) for term in sketch.title],
            of_title=sum(map(rarity, sketch.title)),
            of_lead=sum(map(rarity, sketch.lead)),
            names=names,
            of_names=sum([value for _, _, value, _ in names]),
            directions=sketch.directions() if any(sketch.vectors) else None,
        )


class _Sought(NamedTuple):
    """What of an article is sought in earlier ones, the rarest first: the first that is there is the rarest shared."""

    words: list[tuple[int, float]]
    """Those that are no names."""
    title: list[tuple[int, float]]
    rare_words: frozenset[int]

    @classmethod
    def of(cls, sketch: Sketch, rarities: Mapping[int, float]) -> _Sought:
        words = sorted(((term, rarities[term]) for term in sketch.words), key=_by_rarity, reverse=True)
        others = [one for one in words if one[0] not in sketch.names]
        title = frozenset(sketch.title)
        return cls(
            words=others,
            title=[one for one in others if one[0] in title],
            rare_words=frozenset([term for term, value in words if value > RARE_WORD]),
        )


class Pair(NamedTuple):
    """An article and an earlier one."""

    article: Compared
    other: Compared
    lead: frozenset[int]
    """The terms that both leads have."""


def paired(article: Compared, other: Compared) -> Pair:
    return Pair(article, other, article.lead_terms & other.lead_terms)


def ruled_out(pair: Pair) -> str | None:
    """Why two articles cannot be on one happening, however alike they are; None if they may be."""
    article, other, _ = pair
    one, two = article.sketch, other.sketch
    if one.is_round_up or two.is_round_up:
        return "a round-up is a happening of its own"
    if one.is_denial != two.is_denial:
        return "one denies, the other asserts"
    if None not in {one.is_demand, two.is_demand} and one.is_demand != two.is_demand and one.acts & two.acts:
        return "one demands what the other tells"
    if one.acts & _HAVE_OPPOSITES and two.acts & _HAVE_OPPOSITES and _are_opposite(one.acts, two.acts):
        return "opposite directions"
    clash = conflicting(one.marks, two.marks) if one.marks or two.marks else None
    if clash is not None:
        return f"{clash[0]}, not {clash[1]}"
    if len(article.title_terms & other.title_terms) >= SWAPPED_WORDS and are_swapped(one.order, two.order):
        return "actor and target are the other way round"
    if one.qualifiers != two.qualifiers and not _APART.isdisjoint(one.qualifiers ^ two.qualifiers):
        return "women's and men's"
    size, other_size = one.tolls.get("magnitude"), two.tolls.get("magnitude")
    if size is not None and other_size is not None and abs(size - other_size) > 2 * OTHER_MAGNITUDE:
        return f"magnitude {size}, not {other_size}"
    return None


def is_said_of_another(pair: Pair) -> bool:
    """Whether titles are alike but for a name each, of which the other article knows nothing: "Five dead in Lahore
    factory fire", "Five dead in Karachi factory fire". Means nothing where nouns have capitals."""
    one, two = pair.article.sketch, pair.other.sketch
    titles = pair.article.title_terms, pair.other.title_terms
    shared = titles[0] & titles[1]
    if len(shared) < SWAPPED_WORDS:
        return False
    for of, to, title in ((one, two, titles[0]), (two, one, titles[1])):
        other = title - shared
        if not 0 < len(other) <= OTHER_NAMES or not other <= of.title_names.keys():
            return False
        if any(_is_known(name, of.title_names[name], to) for name in other):
            return False
    return True


def seem_apart(pair: Pair) -> str | None:
    """Why two articles look like two happenings, None if they do not. A second look may find otherwise."""
    if is_of_another_nation(pair.article, pair.other):
        return "another nation's"
    return "nothing in common but a nation and the kind of act" if _is_bare(pair) else None


def is_of_another_nation(article: Compared, other: Compared) -> bool:
    """Whether each title names a nation that the other article does not."""
    return not article.title_nations <= other.sketch.nations and not other.title_nations <= article.sketch.nations


def _are_opposite(acts: int, others: int) -> bool:
    for bit, opposite in OPPOSITES:
        mine, theirs = acts & (bit | opposite), others & (bit | opposite)
        if mine and theirs and not mine & theirs and (bit in _ALWAYS_OPPOSITE or not acts & others):
            return True
    return False


def have_same_title(one: Sketch, other: Sketch) -> bool:
    """Whether two titles of one day have nearly the same words, and no numbers apart."""
    shared = set(one.title) & set(other.title)
    if len(shared) < SAME_TITLE_TERMS or abs(one.hours - other.hours) > SAME_TITLE_HOURS:
        return False
    have_tolls = "dead" in one.tolls and "dead" in other.tolls
    are_numbers_apart = _are_apart(one.title_figures, other.title_figures, other.title_figures, one.title_figures)
    if one.qualifiers != other.qualifiers or (are_numbers_apart and not have_tolls):
        return False
    if _have_strange(one, other) and _have_strange(other, one):
        return False
    weight = sum(map(rarity_of, shared))
    return all(weight >= SAME_TITLE_SHARE * sum(map(rarity_of, each.title)) for each in (one, other))


def is_within(one: Sketch, other: Sketch) -> bool:
    """Whether an article has the title of the other, and a text of which the other has every word."""
    has_text = len(one.words) >= len(one.title) + TEXT_WORDS
    return has_text and one.words <= other.words and have_same_title(one, other)


def has_text_of(text: frozenset[int], one: Sketch, other: Sketch) -> bool:
    """Whether another article has every word of the text of `one` and little else, under any title.

    Another headline makes a copied text no news. A text that knows nothing of its title is boilerplate.
    """
    if len(text) < max(COPIED_WORDS, COPIED_SHARE * len(other.words)) or not text <= other.words:
        return False
    return len(text.intersection(one.title)) >= TITLE_IN_TEXT * len(one.title)


def _is_bare(pair: Pair) -> bool:
    """Whether leads share no words but those of at most one nation and of acts."""
    one, two = pair.article.sketch, pair.other.sketch
    for term in pair.lead:
        if term >> HASH_SHIFT not in _ACT_HASHES and not one.title_names.get(term) and not two.title_names.get(term):
            return False
    return len(one.lead_nations & two.lead_nations) < 2


def may_be_alike(pair: Pair) -> bool:
    """Whether two articles share enough in title and lead to be compared at all: a few rare words or names."""
    one, two = pair.article.sketch, pair.other.sketch
    if pair.article.telling_title.isdisjoint(two.words) and pair.other.telling_title.isdisjoint(one.words):
        return False
    return NATION_WEIGHT * len(one.lead_nations & two.lead_nations) + _rarity(pair.lead) >= SHARED_AT_LEAST


def _rarity(terms: Iterable[int]) -> float:
    """How rare words are together, in general."""
    return sum([term & RARITY_MASK for term in terms]) * STEP


def features(pairs: Sequence[Pair]) -> list[list[float]]:
    """The features of pairs of one article, as `FEATURES` names them. Not symmetric in rarities only."""
    article, others = pairs[0].article, [pair.other for pair in pairs]
    alike = _directions_alike(article, others)
    likest, likest_back = _titles_meant(article, others), _titles_meant_back(article, others)
    return [_row(*one) for one in zip(pairs, alike, likest, likest_back, strict=True)]


def _directions_alike(article: Compared, others: Sequence[Compared]) -> list[list[float]]:
    """How alike in meaning titles, titles without names, and leads are."""
    mine = article.weighed.directions
    theirs = [other.weighed.directions for other in others]
    known = [one for one in theirs if one is not None]
    if mine is None or not known:
        return [_UNKNOWN] * len(others)
    found = iter(np.einsum("ij,nij->ni", mine, np.stack(known)).tolist())
    return [next(found) if one is not None else _UNKNOWN for one in theirs]


def _titles_meant(article: Compared, others: Sequence[Compared]) -> list[list[float]]:
    """For each other article: how like the likest word of its lead each word of the title is. Empty without words."""
    leads = [other.lead for other in others if len(other.lead)]
    if not leads or not len(article.title):
        return [[]] * len(others)
    starts = np.cumsum([0, *map(len, leads[:-1])])
    likest = iter(np.maximum.reduceat(np.concatenate(leads) @ article.title.T, starts, axis=0).tolist())
    return [next(likest) if len(other.lead) else [] for other in others]


def _titles_meant_back(article: Compared, others: Sequence[Compared]) -> list[list[float]]:
    """For each other article: how like the likest word of the article's lead each word of its title is."""
    if not len(article.lead):
        return [[]] * len(others)
    likest = iter((np.concatenate([other.title for other in others]) @ article.lead.T).max(axis=1).tolist())
    return [list(islice(likest, len(other.title))) for other in others]


def _row(pair: Pair, directions: list[float], likest: list[float], likest_back: list[float]) -> list[float]:
    article, other, lead = pair
    a, b = article.sketch, other.sketch
    mine, theirs, sought = article.weighed, other.weighed, article.sought
    rarity = article.rarities
    words, other_words = a.words, b.words
    shared_names = [rarity[name] for name in a.names & b.names]
    apart, apart_back = _apart(a, mine, other), _apart(b, theirs, article)
    title_names = a.title_names.keys() & b.title_names.keys()
    same_figures = a.figures & b.figures
    tolls = _same_tolls(a.tolls, b.tolls) if a.tolls and b.tolls else _NO_TOLLS
    acts, other_acts, lead_acts, other_lead_acts = a.acts, b.acts, a.lead_acts, b.lead_acts
    subjects, other_subjects, lead_subjects, other_lead_subjects = (
        a.subjects,
        b.subjects,
        a.lead_subjects,
        b.lead_subjects,
    )
    every_act, every_subject = lead_acts | other_lead_acts, lead_subjects | other_lead_subjects
    nations, other_nations = article.title_nations, other.title_nations
    return [
        min(DAYS_AT_MOST, abs(a.hours - b.hours) / 24),
        max(shared_names, default=0.0),
        log1p(sum(shared_names)),
        log1p(sum([value > RARE_NAME for value in shared_names])),
        1 - apart.weight / mine.of_names if mine.of_names else 0.5,
        1 - apart_back.weight / theirs.of_names if theirs.of_names else 0.5,
        apart.weight,
        apart_back.weight,
        min(apart.weight, apart_back.weight),
        max([rarity[name] for name in title_names], default=0.0),
        *directions,
        _rarest_in(sought.words, other_words),
        _rarest_in(sought.title, other.title_terms),
        log1p(len(sought.rare_words & other_words)),
        acts & other_acts != 0,
        acts != 0 and other_acts != 0 and not acts & other_lead_acts and not other_acts & lead_acts,
        lead_acts & other_lead_acts != 0,
        (lead_acts & other_lead_acts).bit_count() / every_act.bit_count() if every_act else 0.3,
        tolls.equal,
        tolls.different,
        log1p(len(same_figures)),
        _are_apart(a.title_figures, b.title_figures | b.figures, b.title_figures, a.figures),
        not a.title_figures.isdisjoint(b.title_figures),
        len(same_figures) / (len(a.figures) or 1),
        a.has_negation != b.has_negation,
        tolls.has_other_magnitude,
        a.is_expected != b.is_expected,
        a.is_explainer,
        a.is_reaction,
        (not a.title_names) + (not b.title_names),
        _are_apart(a.lead_nations, b.nations, b.lead_nations, a.nations),
        not a.lead_nations.isdisjoint(b.lead_nations),
        sum([rarity[term] for term in a.title if term in other_words]) / mine.of_title if mine.of_title else 0.0,
        _rarity(other.title_terms & words) / theirs.of_title if theirs.of_title else 0.0,
        _meant(mine.title, likest, other_words),
        _meant(theirs.title, likest_back, words),
        len(words) / 100,
        a.source != 0 and a.source == b.source,
        subjects & other_subjects != 0,
        subjects != 0
        and other_subjects != 0
        and not subjects & other_lead_subjects
        and not other_subjects & lead_subjects,
        (lead_subjects & other_lead_subjects).bit_count() / every_subject.bit_count() if every_subject else 0.3,
        sum([_are_other_phrases(name, a, b) for name in title_names]),
        min(apart.subject, apart_back.subject),
        min(apart.place, apart_back.place),
        _are_apart(a.qualifiers, b.qualifiers, b.qualifiers, a.qualifiers),
        tolls.ratio_of_dead,
        min(apart.name, apart_back.name),
        min(apart.name_in_lead, apart_back.name_in_lead),
        apart.name_in_lead,
        apart_back.name_in_lead,
        bool(nations) and bool(other_nations) and nations.isdisjoint(other_nations),
        sum([rarity[term] for term in lead]) / mine.of_lead if mine.of_lead else 0.0,
        _rarity(lead) / theirs.of_lead if theirs.of_lead else 0.0,
        len(title_names) / (len(a.title_names) + len(b.title_names) - len(title_names) or 1),
    ]


def _rarest_in(sought: Iterable[tuple[int, float]], words: frozenset[int]) -> float:
    for term, value in sought:
        if term in words:
            return value
    return 0.0


class _Apart(NamedTuple):
    """The names in one's title that the other lacks: their weight, and the rarity of the rarest."""

    weight: float
    name: float
    subject: float
    place: float
    name_in_lead: float
    """Which title and lead lack, though the rest may have it."""


def _apart(of: Sketch, weighed: _Weighed, to: Compared) -> _Apart:
    weight = name_apart = subject = place = name_in_lead = 0.0
    lead_terms, lead_nations = to.lead_terms, to.sketch.lead_nations
    for name, nation, value, in_general in weighed.names:
        if name in lead_terms or (nation and nation in lead_nations):
            continue  # what the lead has, the whole has
        name_in_lead = max(name_in_lead, in_general)
        if not _is_known(name, nation, to.sketch):
            weight += value
            name_apart = max(name_apart, in_general)
            if name in of.subject:
                subject = max(subject, in_general)
            if name in of.places:
                place = max(place, in_general)
    return _Apart(weight, name_apart, subject, place, name_in_lead)


def _is_known(name: int, nation: int, to: Sketch) -> bool:
    """Whether a name in one's title, or another word for its nation, is anywhere in the other."""
    return name in to.words or name in to.names or (nation != 0 and nation in to.nations)


def _have_strange(of: Sketch, to: Sketch) -> bool:
    """Whether a name in one's title is unknown to the other."""
    return any(not _is_known(name, nation, to) for name, nation in of.title_names.items())


class _SameTolls(NamedTuple):
    """What two articles count both."""

    equal: int
    different: int
    ratio_of_dead: float
    """As a logarithm; -1 if one of them has none."""
    has_other_magnitude: bool


_NO_TOLLS = _SameTolls(0, 0, -1.0, False)


def _same_tolls(mine: Mapping[str, float], theirs: Mapping[str, float]) -> _SameTolls:
    same = [(value, theirs[kind]) for kind, value in mine.items() if kind in theirs and kind != "magnitude"]
    equal = sum([one == two for one, two in same])
    dead, dead_before = mine.get("dead", 0), theirs.get("dead", 0)
    size, other_size = mine.get("magnitude"), theirs.get("magnitude")
    return _SameTolls(
        equal=equal,
        different=len(same) - equal,
        ratio_of_dead=abs(log(dead / dead_before)) if dead > 0 and dead_before > 0 else -1.0,
        has_other_magnitude=size is not None and other_size is not None and abs(size - other_size) > OTHER_MAGNITUDE,
    )


def _are_apart(
    mine: frozenset[T], all_of_other: frozenset[T], of_other: frozenset[T], all_of_mine: frozenset[T]
) -> bool:
    return bool(mine and of_other and mine.isdisjoint(all_of_other) and of_other.isdisjoint(all_of_mine))


def _are_other_phrases(name: int, a: Sketch, b: Sketch) -> bool:
    if name not in a.phrases or name not in b.phrases:
        return False
    return a.phrases[name].isdisjoint(b.phrases[name])


def _meant(terms: Sequence[tuple[int, float]], likest: Sequence[float], words: frozenset[int]) -> float:
    """The share of some words, by rarity, that others have or mean: see `share_meant`."""
    total = covered = 0.0
    for (term, value), like in zip(terms, likest, strict=False):
        total += value
        covered += value if term in words else value * max(0.0, like)
    return covered / total if total else 0.0


def share_meant(
    rows: Vectors, terms: Sequence[int], values: Iterable[float], others: Vectors, words: frozenset[int]
) -> float | None:
    """The share of some words, by `values`, that others have or mean: a word that is not there counts as much as it is
    like the likest of them.

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

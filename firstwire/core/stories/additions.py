"""Additions: what an article adds to its story. The features of a model that decides it, and the addition in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log, log1p

from firstwire.core.stories.fact_words import ACT_BITS, ACT_NAMES, DECISIVE, FOLLOW_UPS, united
from firstwire.core.stories.resemblance import Compared, have_same_title, share_meant
from firstwire.core.stories.sketches import Sketch, Style
from firstwire.core.stories.story_terms import RARITY_MASK, rarity_of
from firstwire.core.stories.word_vectors import Vectors, WordVectors

FEATURES = (
    *("resemblance", "articles", "hours since the first", "hours since the last"),
    *("dead where none", "dead ratio", "hurt where none", "hurt ratio", "missing", "rescued", "detained", "displaced"),
    *("new acts", "new acts in lead", "title known", "title meant", "title covered by one"),
    *("explainer", "reaction", "question", "quotation", "personal", "advising", "trading", "changing"),
    *("first denial", "expected", "share expected", "happened", "new names", "new names in title"),
    *("length", "title length", "outlet known", "new title figures", "claimed", "rescue", "end", "arrest"),
    *("new subjects", "first person", "weight of new words", "same act", "lead known", "lead meant", "analysis"),
)
"""The features of an article and its story, in the order of `features`."""

SEVERAL_TIMES = 2.0
"""A toll that is this many times as high is news."""
OWN_WORDS = 6
"""With fewer words of its own than a short sentence has, the text of a copy tells nothing new."""
WORDS_NAMED = 4

_CLAIM, _RESCUE = ACT_BITS["claim"], ACT_BITS["rescue"]
_ENDINGS = ("resume", "cancel", "open", "lift", "free", "sign", "approve", "reject", "win", "lose", "draw")
_ENDS = sum(ACT_BITS[name] for name in _ENDINGS)
_ARRESTS = sum(ACT_BITS[name] for name in ["arrest", "charge", "resign", "dismiss", "convict", "sentence"])
_FACTS = _CLAIM | _RESCUE | _ENDS | _ARRESTS | FOLLOW_UPS
_NAME_RARITY = 6.0


def features(
    article: Compared,
    style: Style,
    story: Sequence[Sketch],
    likeness: float,
    vectors: WordVectors,
) -> list[float]:
    """The features of an article and its story's earlier articles, as `FEATURES` names them."""
    a, rarity = article.sketch, article.rarities
    words = frozenset().union(*(one.words for one in story))
    acts = _acts_told(story)
    new_acts, new_lead_acts = a.acts & ~acts, a.lead_acts & ~acts
    names = frozenset().union(*(one.names for one in story))
    figures = frozenset().union(*(one.figures | one.title_figures for one in story))
    terms = list(dict.fromkeys(term for one in story for term in one.lead))
    table = vectors.of(terms)
    known = _weight(a.title, rarity, words) / (_weight(a.title, rarity) or 1.0)
    best = max(_weight(a.title, rarity, one.words) for one in story) / (_weight(a.title, rarity) or 1.0)
    return [
        likeness,
        log1p(len(story)),
        a.hours - story[0].hours,
        a.hours - story[-1].hours,
        *_toll(a, story, "dead"),
        *_toll(a, story, "hurt"),
        *(_grown(a, story, kind) for kind in ("missing", "rescued", "detained", "displaced")),
        float(new_acts.bit_count()),
        float(new_lead_acts.bit_count()),
        known if a.title else 1.0,
        _known_share(article.title, a.title, [rarity[term] for term in a.title], table, words),
        best if a.title else 1.0,
        float(a.is_explainer),
        float(a.is_reaction),
        float(style.is_question),
        float(style.is_quoted),
        float(style.personal),
        float(style.advising),
        float(style.trading),
        float(style.changing),
        float(a.has_negation and not any(one.has_negation for one in story)),
        float(a.is_expected),
        sum(one.is_expected for one in story) / len(story),
        float(not a.is_expected and all(one.is_expected for one in story)),
        float(sum(rarity_of(name) > _NAME_RARITY for name in a.names - names)),
        float(len(a.title_names.keys() - names)),
        len(a.words) / 100,
        float(style.title_words),
        float(bool(a.source) and any(one.source == a.source for one in story)),
        float(len(a.title_figures - figures)),
        float(bool(new_lead_acts & _CLAIM)),
        float(bool(new_lead_acts & _RESCUE)) + float(bool(new_acts & _RESCUE)),
        float(bool(new_lead_acts & _ENDS)),
        float(bool(new_lead_acts & _ARRESTS)),
        float((a.subjects & ~united(one.lead_subjects for one in story)).bit_count()),
        style.first_person,
        _weight(a.title, rarity) - _weight(a.title, rarity, words),
        float(bool(a.acts & acts)),
        _weight(a.lead, rarity, words) / (_weight(a.lead, rarity) or 1.0),
        _known_share(article.lead, a.lead, [1.0] * len(a.lead), table, words),
        float(style.is_analysis),
    ]


def is_follow_up(article: Sketch, story: Sequence[Sketch]) -> bool:
    """Whether the title tells an act that carries the story on: an arrest, a trial, a funeral nobody told before."""
    return bool(_new_acts(article, story) & FOLLOW_UPS)


def brings_facts(
    article: Sketch, style: Style, story: Sequence[Sketch], *, is_copy: bool = False, is_repeated: bool = False
) -> bool:
    """Whether a text that is known for the most part brings a fact: dead where there were none, an arrest, a rescue.

    A copy may have another headline, whose acts are no facts as long as its text has no words of its own.
    `is_repeated`: a second look is sure that the story has said it all, an arrest or a rescue perhaps in other words.
    """
    for kind in ("dead", "hurt", "missing", "rescued"):
        before = max(one.tolls.get(kind, 0) for one in story)
        if article.tolls.get(kind, 0) > SEVERAL_TIMES * before:
            return True
    if is_copy and len(style.text.difference(*(one.words for one in story))) < OWN_WORDS:
        return False
    new_acts = _new_acts(article, story)
    if new_acts & DECISIVE and not (article.is_reaction or article.is_explainer):
        return True
    if not is_copy and _denies(article) and not any(map(_denies, story)):
        return True
    if not article.is_expected and all(one.is_expected for one in story):
        return True
    return bool(new_acts & _FACTS) and not is_repeated


def _denies(article: Sketch) -> bool:
    """Whether its title says that something is not so, or has not happened."""
    return article.is_denial or article.has_negation


def repeats_title(article: Sketch, story: Sequence[Sketch]) -> bool:
    """Whether the title is nearly that of an article of the story, and tells no other act."""
    if _new_acts(article, story):
        return False
    return any(have_same_title(article, one) for one in story)


def in_words(article: Sketch, style: Style, story: Sequence[Sketch]) -> str:
    """What the article adds, in a few words: "31 dead, 12 before", "arrest", "new: …"."""
    found = [*_tolls_in_words(article, story)]
    if not article.is_expected and all(one.is_expected for one in story):
        found.append("has happened, was expected")
    if article.is_denial and not any(one.is_denial for one in story):
        found.append("denied")
    acts = _new_acts(article, story)
    found += [name for at, name in enumerate(ACT_NAMES) if acts >> at & 1][:2]
    if found:
        return ", ".join(found)
    known = frozenset().union(*(one.words for one in story))
    new = [term for term in article.title if term not in known]
    rarest = sorted(new, key=lambda term: -(term & RARITY_MASK))[:WORDS_NAMED]
    named = [style.title_as_written[term] for term in article.title if term in rarest]
    return f"new: {', '.join(named)}" if named else "told in other words"


def holders(article: Sketch, story: Sequence[Sketch], likest: Sketch) -> tuple[str, ...]:
    """The articles that together said what this one repeats: the likest, and of each toll one that gave it."""
    found = [likest.article_id]
    for kind, value in article.tolls.items():
        if likest.tolls.get(kind, 0) * SEVERAL_TIMES >= value:
            continue
        gave = next((one for one in story if one.tolls.get(kind, 0) * SEVERAL_TIMES >= value), None)
        if gave is not None:
            found.append(gave.article_id)
    return tuple(dict.fromkeys(found))


def _tolls_in_words(article: Sketch, story: Sequence[Sketch]) -> list[str]:
    found = []
    for kind, value in article.tolls.items():
        before = max(one.tolls.get(kind, 0) for one in story)
        if kind != "magnitude" and value > before:
            found.append(f"{value:g} {kind}, {before:g} before" if before else f"{value:g} {kind}")
    return found


def _new_acts(article: Sketch, story: Sequence[Sketch]) -> int:
    """Of the title, those that no title or first sentence of the story has."""
    return article.acts & ~_acts_told(story)


def _acts_told(story: Sequence[Sketch]) -> int:
    return united(one.lead_acts for one in story)


def _toll(article: Sketch, story: Sequence[Sketch], kind: str) -> tuple[float, float]:
    value, before = article.tolls.get(kind, 0), max(one.tolls.get(kind, 0) for one in story)
    if not value:
        return 0.0, 0.0
    return (0.0, log(value / before)) if before else (1.0, 3.0)


def _grown(article: Sketch, story: Sequence[Sketch], kind: str) -> float:
    value, before = article.tolls.get(kind, 0), max(one.tolls.get(kind, 0) for one in story)
    if value and not before:
        return 1.0
    return 0.5 if value > SEVERAL_TIMES * before else 0.0


def _weight(terms: Iterable[int], rarity: Mapping[int, float], words: frozenset[int] | None = None) -> float:
    return sum(rarity[term] for term in terms if words is None or term in words)


def _known_share(
    rows: Vectors, terms: Sequence[int], values: Sequence[float], table: Vectors, words: frozenset[int]
) -> float:
    """What of some words the story has or means; all of it, if there is nothing to compare."""
    found = share_meant(rows, terms, values, table, words)
    return 1.0 if found is None else found

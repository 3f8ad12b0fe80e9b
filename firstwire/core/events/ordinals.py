"""Ordinal claims: "becomes the first Arab country to …", and what is none: first ladies, rounds and times."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firstwire.core.events.dates import past_cue
from firstwire.core.events.findings import Claim
from firstwire.core.events.sentence import Sentence
from firstwire.core.events.status import Judgement, judge
from firstwire.core.events.subjects import Subject, actors_of, is_holder_of_office, leading_subject, nearest_subject
from firstwire.core.events.vocabulary import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    DETERMINERS,
    LEADER_HEADS,
    NATION_HEADS,
    OTHER_HEADS,
    PREPOSITIONS,
    is_adverb,
    ordinal_of,
)
from firstwire.core.text.word_lists import word_set
from schemas.event import Status
from schemas.record import Entity

TRIGGER = re.compile(
    r"\b(?:first|second|third|fourth|fifth|\w+enth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+ieth|only|"
    r"(?:twenty|thirty|forty|fifty)-\w+|\d{1,3}(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)

_BECOME = word_set("become becomes became becoming")
_BE = word_set("is are was were be been remains remain")
_MAKE = word_set("make makes made making")
_WORLD = word_set("world world's globe earth anywhere history ever modern")
_UNSAID = word_set("prime foreign defense defence")
_OWN_OFFICE = word_set(
    """
    be become serve hold win lead give die wed marry bear resign retire step run stand elect
    """
)
_TRAITS = word_set(
    """
    female woman black gay lesbian openly muslim-born female-led jewish transgender
    """
)
_SPORT = re.compile(
    r"world cup|championship|tournament|olympic|medal|finals?\b|semi-?final|qualif|match\b|league|goal|trophy"
    r"|grand slam|grand prix|cricket|football|rugby|tennis|eurovision|test series|innings|six nations|euro 20|copa"
)
_ACT_LENGTH = 6
_VISITS = word_set("visit trip stopover tour")
_OWN = word_set("his her its their our my your")
"""An actor's first of his own is no rank among others."""

_ENDINGS_OF_GOVERNMENTS = word_set("fall collapse lose resign complete serve survive")


def find_claims(sentence: Sentence, published_on: str) -> Iterator[Claim]:
    """Every claim of a sentence that its actor is the first, the Nth or the only one to do something."""
    for at, word in enumerate(sentence.words):
        number = 1 if word.low == "only" else ordinal_of(word.low)
        if number is None or sentence.low(at + 1) == "time" or sentence.low(at - 1) in _OWN:
            continue
        claim = _claim(sentence, at, number, published_on)
        if claim is not None:
            yield claim


def _claim(sentence: Sentence, at: int, number: int, published_on: str) -> Claim | None:
    head = _head(sentence, at)
    if head is None or sentence.low(head) in _VISITS:
        return _visit(sentence, at, number, published_on)
    joined = _joined_body(sentence, at, head)
    start = joined if joined is not None else _act_start(sentence, head)
    if start is None or sentence.low(at - 1) == "of" or sentence.low(at - 2) == "of":  # "one of the first"
        return None
    placed = _subject(sentence, at, head, published_on)
    if placed is None:
        return None
    subject, judgement = placed
    if not subject.actors and sentence.low(head) in LEADER_HEADS:
        subject = Subject(_nations(sentence, at, head), at, head)
    if not subject.actors:
        return None
    words = [sentence.low(place) for place in range(at, len(sentence.words))]
    if _SPORT.search(" ".join(words[:30])):
        return None
    actors = _actors(sentence, subject, at, head, start)
    if not actors:
        return None
    end = _act_end(sentence, start) if joined is None else joined + 1
    phrase = _act(sentence, start, end) if joined is None else "join"
    return Claim(
        actors=actors,
        ordinal=number,
        scope=_scope(sentence, at, head),
        claims_first=number == 1 and sentence.low(at) != "only",
        status=judgement.status,
        cue=judgement.cue,
        act=phrase,
        act_verb=start if phrase else len(sentence.words),
        first=min(subject.first, at),
        last=max(head, end - 1),
    )


def _joined_body(sentence: Sentence, at: int, head: int) -> int | None:
    """The organization of "becomes the 31st member of NATO", "NATO's 31st member"."""
    if sentence.low(head) not in {"member", "members"} and sentence.low(head - 1) not in {"member", "members"}:
        return None
    after = range(head + 1, head + 5) if sentence.low(head + 1) == "of" else range(0)
    before = (at - 2,) if sentence.low(at - 1) == "'s" else ()
    for place in (*before, *after):
        mention = sentence.mention(place)
        if mention is not None and mention.entity.kind == "organization":
            return place if _act_start(sentence, head) is None else None
    return None


def _visit(sentence: Sentence, at: int, number: int, published_on: str) -> Claim | None:
    """ "The first visit by an Iranian president since": leaders are ranked, though the noun is their visit."""
    noun = next((place for place in range(at + 1, at + 5) if sentence.low(place) in _VISITS), None)
    if noun is None or sentence.low(noun + 1) not in {"by", "of", "to"}:
        return None
    by = next((place for place in range(noun + 1, noun + 8) if sentence.low(place) in {"by", "of"}), None)
    ranked = range(by + 1, by + 7) if by is not None else range(0)
    head = next((place for place in ranked if sentence.low(place) in LEADER_HEADS), None)
    if by is None or head is None:
        return None
    subject = leading_subject(sentence, at) or nearest_subject(sentence, at)
    actors = subject.actors if subject is not None else _nations(sentence, by, head)
    if not actors:
        return None
    first = subject.first if subject is not None else at
    judgement = _of_main_clause(sentence, subject.last if subject is not None else 0, at, published_on)
    return Claim(
        actors=actors,
        ordinal=number,
        scope=sentence.source[sentence.words[by + 1].start : sentence.words[head].end],
        claims_first=number == 1 and sentence.low(at) != "only",
        status=judgement.status,
        cue=judgement.cue,
        act="visit",
        act_verb=noun,
        first=min(first, at),
        last=head,
    )


def _nations(sentence: Sentence, start: int, end: int) -> tuple[Entity, ...]:
    """The nations whose leaders are ranked: "first *Spanish* minister"."""
    return tuple(
        mention.entity
        for place in range(start, end)
        if (mention := sentence.mention(place)) is not None
        and mention.entity.kind == "nation"
        and "administration" not in mention.text
    )


def _head(sentence: Sentence, at: int) -> int | None:
    """The noun that is ranked: "first Arab *country*", "first sitting U.S. *president*", or the ordinal itself."""
    if sentence.low(at + 1) == "to":
        return at
    if sentence.low(at + 1) in {"in", "among"}:  # "first in Africa to"
        return at if any(sentence.low(place) == "to" for place in range(at + 3, at + 8)) else None
    for place in range(at + 1, min(len(sentence.words), at + 8)):
        low = sentence.low(place)
        if low in NATION_HEADS | LEADER_HEADS | OTHER_HEADS:
            while sentence.low(place + 1) in NATION_HEADS | LEADER_HEADS | OTHER_HEADS:
                place += 1
            return place + 1 if sentence.low(place + 1) in _VISITS else place
        if low in PREPOSITIONS - {"of"} or low in AUXILIARIES or low in CLAUSE_OPENERS or low == "time":
            return None
    return None


def _act_start(sentence: Sentence, head: int) -> int | None:
    """Where "to recognize …" begins after the noun and what narrows it: "in the world", "after Ireland"."""
    for place in range(head + 1, min(len(sentence.words), head + 16)):
        low = sentence.low(place)
        if low == "to" and not _is_direction(sentence, place):
            return place + 1
        if low in {"that", "which", "who", "where", "with"}:
            return place + 1
        if low.endswith("ing") and sentence.low(place - 1) not in PREPOSITIONS and place == head + 1:
            return place
        if low in AUXILIARIES or low in {";", ":"}:
            return None
    return None


def _is_direction(sentence: Sentence, to: int) -> bool:
    return sentence.mention(to + 1) is not None or sentence.low(to + 1) in DETERMINERS


def _subject(sentence: Sentence, at: int, head: int, published_on: str) -> tuple[Subject, Judgement] | None:
    """Who is ranked and how surely, by the words before the ordinal."""
    place = at - 1
    negated = False
    while place >= 0 and (
        sentence.low(place) in DETERMINERS | {"world", "'s", "also", "as", "officially"}
        or is_adverb(sentence.low(place))
        or (sentence.low(place + 1) == "'s" and sentence.words[place].text[:1].isupper())
    ):
        negated = negated or sentence.low(place) in {"not", "never", "hardly"}
        place -= 1
    low = sentence.low(place)
    if low in _BECOME | _BE:
        return _of_verb(sentence, place, published_on)
    making = _making(sentence, place)
    if making is not None:
        return making
    if low == "," or (low in {"and", "-", "–", "—"} and place > 0):
        return _apposition(sentence, place, head, published_on)
    if sentence.mention(place) is not None:  # headline: "Norway first to …"
        found = nearest_subject(sentence, place + 1)
        return (found, _headline(sentence, negated=negated)) if found is not None else None
    return None


def _headline(sentence: Sentence, *, negated: bool) -> Judgement:
    if negated:
        return Judgement("negated", "not", 0)
    asked = sentence.text.rstrip().endswith("?")
    return Judgement("unconfirmed", "?", 0) if asked else Judgement("asserted", "headline", 0)


def _of_verb(sentence: Sentence, verb: int, published_on: str) -> tuple[Subject, Judgement] | None:
    low = sentence.low(verb)
    if low == "becoming":
        beside = actors_of(sentence, verb - 1)  # "with Ireland becoming the first"
        found = Subject(tuple(beside), verb - 1, verb - 1) if beside else leading_subject(sentence, verb)
        return (found, _of_main_clause(sentence, found.last, verb, published_on)) if found is not None else None
    past = low in {"became", "was", "were"}
    judgement = judge(sentence, verb, published_on, past=past)
    found = nearest_subject(sentence, judgement.subject_end) or Subject((), verb, verb)
    if (sentence.low(verb - 1) in {"would", "could", "might"} and sentence.low(verb + 1) == "been") or (
        low == "been" and {"would", "could"} & {sentence.low(verb - 2), sentence.low(verb - 3)}
    ):
        judgement = Judgement("negated", "would have been", judgement.subject_end)
    elif (
        (low in {"was", "were"} and judgement.status == "asserted")
        or low in {"remains", "remain"}
        or (low in {"is", "are"} and sentence.low(verb + 2) == "only")
    ):
        judgement = Judgement("historical", low, judgement.subject_end)
    return found, judgement


def _making(sentence: Sentence, place: int) -> tuple[Subject, Judgement] | None:
    """ "…, making Chile the first", "which would make it the first"."""
    for verb in range(place, max(-1, place - 8), -1):
        if sentence.low(verb) not in _MAKE:
            if sentence.low(verb) in CLAUSE_OPENERS:
                return None
            continue
        named = nearest_subject(sentence, place + 1) if sentence.mention(place) is not None else None
        if named is None or named.first < verb:
            actors = [entity for at in range(verb + 1, place + 1) for entity in actors_of(sentence, at)]
            named = Subject(tuple(actors), verb, place) if actors else leading_subject(sentence, verb)
        if named is None:
            return None
        before = sentence.low(verb - 1)
        statuses: dict[str, Status] = {
            "would": "conditional",
            "could": "conditional",
            "will": "planned",
            "may": "unconfirmed",
        }
        if before in statuses:
            return named, Judgement(statuses[before], before, verb)
        main = leading_subject(sentence, verb)
        judged = _of_main_clause(sentence, main.last if main is not None else 0, verb, None)
        return named, judged
    return None


def _apposition(sentence: Sentence, comma: int, head: int, published_on: str) -> tuple[Subject, Judgement] | None:
    """ "…, the first country to do so": of the clause. "Egypt, the first Arab nation to …,": an epithet, background."""
    found = leading_subject(sentence, comma)
    beside = sentence.mention(comma - 1)
    if beside is not None and not (
        sentence.low(head) in LEADER_HEADS and beside.role != "leader" and found is not None
    ):
        owner = Subject(tuple(actors_of(sentence, comma - 1)), comma - 1, comma - 1)
        if not (found is not None and found.last == comma - 1 and _does_so(sentence, head)):
            if _does_so(sentence, head) and found is not None:
                return found, _of_main_clause(sentence, found.last, comma, published_on)
            return owner, Judgement("historical", "an epithet", comma)
    if found is None:
        return None
    return found, _of_main_clause(sentence, found.last, comma, published_on)


def _does_so(sentence: Sentence, head: int) -> bool:
    start = _act_start(sentence, head)
    return start is not None and sentence.low(start) == "do" and sentence.low(start + 1) in {"so", "this", "it", "that"}


def _of_main_clause(sentence: Sentence, subject_end: int, end: int, published_on: str | None) -> Judgement:
    """The status of the clause that a participle or apposition belongs to: "will ban …, becoming the first"."""
    statuses: dict[str, Status] = {
        "will": "planned",
        "shall": "planned",
        "would": "conditional",
        "could": "conditional",
        "may": "unconfirmed",
        "might": "unconfirmed",
        "not": "negated",
        "plans": "planned",
        "vows": "planned",
        "pledges": "planned",
        "intends": "planned",
        "considers": "unconfirmed",
        "considering": "unconfirmed",
        "refuses": "negated",
        "hopes": "planned",
        "aims": "planned",
        "if": "conditional",
    }
    for place in range(subject_end + 1, end):
        low = sentence.low(place)
        if low in statuses:
            return Judgement(statuses[low], low, place)
        if low == "to" and place == subject_end + 1:
            return Judgement("planned", "to", place)
        if low in {",", ";"} and sentence.low(place + 1) not in AUXILIARIES:
            break
    if published_on is not None and (cue := past_cue(sentence, max(subject_end + 1, end - 1), published_on, past=True)):
        return Judgement("historical", cue, end)
    return Judgement("asserted", "said as a fact", end)


def _actors(sentence: Sentence, subject: Subject, at: int, head: int, start: int) -> tuple[Entity, ...]:
    """A leader stands for the nation, but not where the claim is about the office or the person."""
    ranked = sentence.low(head)
    if ranked.startswith("government") and sentence.low(start) in _ENDINGS_OF_GOVERNMENTS:
        return tuple(entity for entity in subject.actors if entity.kind != "nation")
    own = ranked in LEADER_HEADS | {"woman", "man", "person", "women", "people"} and (
        sentence.low(start) in _OWN_OFFICE
        or any(sentence.low(place) in _TRAITS for place in range(at, head + 1))
        or (sentence.low(head + 1) not in {"to", "of"} and start - head > 3)
    )
    if ranked in OTHER_HEADS - LEADER_HEADS - NATION_HEADS or own:
        return tuple(
            entity
            for entity in subject.actors
            if entity.kind != "nation" and not (own and is_holder_of_office(sentence, subject.first))
        )
    return subject.actors


def _scope(sentence: Sentence, at: int, head: int) -> str | None:
    """What narrows the claim: "Arab", "European Union", "since 1990". None for the whole world."""
    parts: list[str] = []
    before = [
        word for word in sentence.words[at + 1 : head] if word.low not in _UNSAID | _WORLD | {"'s", "ever", "the"}
    ]
    if before:
        parts.append(sentence.source[before[0].start : before[-1].end])
    elif at > 1 and sentence.low(at - 1) == "'s" and sentence.words[at - 2].text[:1].isupper():
        parts.append(sentence.words[at - 2].text)
    if sentence.low(head + 1) in {"in", "of"} and sentence.low(head + 2) in {"state", "government", "affairs"}:
        head += 2
    if sentence.low(head + 1) in {"in", "of", "since", "from", "outside", "among"}:
        for place in range(head + 2, min(len(sentence.words), head + 8)):
            low = sentence.low(place)
            if low == "to" or low in AUXILIARIES or sentence.words[place].is_punctuation:
                inside = sentence.words[head + 1 : place]
                if inside and not any(word.low in _WORLD for word in inside):
                    parts.append(sentence.source[inside[0].start : inside[-1].end])
                break
    return " ".join(parts) or None


def _act_end(sentence: Sentence, start: int) -> int:
    end = start
    while end < min(len(sentence.words), start + _ACT_LENGTH):
        word = sentence.words[end]
        if end > start and (word.is_punctuation or word.low in CLAUSE_OPENERS or word.low in PREPOSITIONS):
            break
        end += 1
    return end


def _act(sentence: Sentence, start: int, end: int) -> str:
    """`ban-plastic-bags`: the verb phrase up to its first preposition. Empty for "do so"."""
    if sentence.low(start) in {"do", "take"} and sentence.low(start + 1) in {"so", "this", "that", "it", "such"}:
        return ""
    words = [
        sentence.low(place)
        for place in range(start, end)
        if sentence.low(place) not in DETERMINERS and not is_adverb(sentence.low(place)) and sentence.low(place) != "'s"
    ]
    return re.sub(r"[^\w-]+", "-", "-".join(words)).strip("-")

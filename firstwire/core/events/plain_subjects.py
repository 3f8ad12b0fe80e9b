"""The subject of a plain sentence: listed actors at its beginning, after at most a label, a dateline, a day."""

from __future__ import annotations

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.noun_phrases import actors_of
from firstwire.core.text.closed_words import CONJUNCTIONS, MONTHS, TIME_WORDS
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

GOVERNMENT = word_set("government govt")
_LABELS = word_set("breaking news update urgent flash alert just in latest live exclusive world watch video photos now")
_LABEL_LENGTH = 3
_DATELINE_LENGTH = 9
_DASHES = frozenset("-–—")
_TIME = (
    TIME_WORDS | MONTHS | word_set("on late early earlier this morning evening afternoon night week jan feb mar apr")
)
_TIME = _TIME | word_set("jun jul aug sept sep oct nov dec")
_BEGINS_TIME = TIME_WORDS | word_set("on earlier late early this")
_ACTING_KINDS = frozenset({"nation", "organization", "leader"})


class PlainSubject(msgspec.Struct, frozen=True):
    """The actors, each with the nation that it acts for; `end` is the position after them."""

    entities: tuple[Entity, ...]
    names: int
    end: int
    is_leader: bool
    is_capital: bool
    """A capital named for its nation."""

    @property
    def is_plural(self) -> bool:
        """Whether a verb without an ending may follow: of a row, or of the members of an organization."""
        return self.names > 1 or any(each.kind == "organization" for each in self.entities)


def plain_subject(sentence: Sentence) -> PlainSubject | str:
    """The subject, or why there is none."""
    at = _opening_end(sentence)
    begin = at
    entities: list[Entity] = []
    names = 0
    is_leader = is_capital = False
    while True:
        at += sentence.low(at) == "the"
        if sentence.low(at) in GOVERNMENT and sentence.low(at + 1) == "of":
            at += 2
            at += sentence.low(at) == "the"
        mention = sentence.mention(at)
        if mention is None or sentence.words[at].bound or mention.role in {"unlisted", "within"}:
            if names:
                return "the row of actors has an unlisted one"
            word = sentence.low(at) or sentence.low(begin)
            return f"it begins with '{word}', not with a listed actor"
        if mention.entity.kind not in _ACTING_KINDS:
            return f"{mention.text} does not act for a state"
        end = _name_end(sentence, at)
        if end is None:
            return f"'{sentence.low(at + 1)}' follows {mention.text}"
        if mention.entity.kind == "leader":
            if mention.nation is None:
                return f"{mention.text} is not in office"
            is_leader = True
        is_capital = is_capital or mention.role == "capital"
        entities += actors_of(sentence, at)
        names += 1
        following = _next_name(sentence, end)
        if following is None:
            acting = tuple({each.id: each for each in entities}.values())
            return PlainSubject(acting, names, end, is_leader, is_capital)
        at = following


def _name_end(sentence: Sentence, at: int) -> int | None:
    """The position after "Kenya", "Kenya's government", "Kenyan government"; None of other bodies of the nation."""
    following = sentence.low(at + 1)
    if following in GOVERNMENT:
        return at + 2
    if following in {"'s", "'"}:
        return at + 3 if sentence.low(at + 2) in GOVERNMENT else None
    mention = sentence.mention(at)
    return None if mention is not None and mention.role == "demonym" else at + 1


def _next_name(sentence: Sentence, at: int) -> int | None:
    """The beginning of the next name of a row; None if the row ends here."""
    place = at
    while sentence.low(place) == "," or sentence.low(place) in CONJUNCTIONS:
        place += 1
    if place == at:
        return None
    name = place + (sentence.low(place) == "the")
    return place if sentence.mention(name) is not None else None


def _opening_end(sentence: Sentence) -> int:
    """The position after labels, a dateline and a day."""
    at = 0
    for end in range(1, _LABEL_LENGTH + 1):
        if sentence.low(end) in _DASHES | {":", "|", "!"} and all(sentence.low(each) in _LABELS for each in range(end)):
            at = end + 1
    at = _dateline_end(sentence, at)
    end = time_end(sentence, at)
    return end + (sentence.low(end) == ",") if end > at else at


def _dateline_end(sentence: Sentence, begin: int) -> int:
    """The position after "NAIROBI, March 3 -"."""
    for at in range(begin + 1, min(len(sentence.words), begin + _DATELINE_LENGTH)):
        word = sentence.words[at]
        if word.low in _DASHES:
            while sentence.low(at + 1) in _DASHES:
                at += 1
            return at + 1
        if not (word.text[:1].isupper() or word.text[:1].isdigit() or word.low in {",", "."} | MONTHS):
            return begin
    return begin


def time_end(sentence: Sentence, begin: int) -> int:
    """The position after "on Thursday", "on July 3, 2025", "earlier today"; `begin` if none begins there."""
    if sentence.low(begin) not in _BEGINS_TIME:
        return begin
    at = begin
    while sentence.low(at) in _TIME or sentence.low(at)[:1].isdigit():
        at += 1
    if sentence.low(at) == "," and len(sentence.low(at + 1)) == 4 and sentence.low(at + 1).isdigit():
        at += 2
    return at if at > begin + (sentence.low(begin) not in TIME_WORDS) else begin

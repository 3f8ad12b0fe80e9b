"""Names that are in no list, for ordinal claims: "Jane Doe becomes the first woman to …". Capitals identify them.

They are marked in a copy of the sentence only, so that acts between states are detected without them. Their kind is
person, organization, location or thing, by the ranked noun, and never nation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.text.closed_words import (
    ACTING_HEADS,
    AUXILIARIES,
    CLAUSE_OPENERS,
    CONJUNCTIONS,
    DETERMINERS,
    LEADER_HEADS,
    MONTHS,
    NATION_HEADS,
    OTHER_HEADS,
    PERSONS_IN_OFFICE,
    PREPOSITIONS,
    PRONOUNS,
    TIME_WORDS,
    is_adverb,
    ordinal_of,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity, EntityKind

_GRAMMAR = (
    DETERMINERS
    | PREPOSITIONS
    | AUXILIARIES
    | CLAUSE_OPENERS
    | CONJUNCTIONS
    | PRONOUNS
    | TIME_WORDS
    | MONTHS
    | word_set("becomes become became becoming named elected sworn not if then there here who what when no only")
    | word_set("one two three four five six seven eight nine ten dozens hundreds thousands")
)


_TITLES_BEFORE_NAMES = word_set(
    """
    mr mrs ms dr sir dame lord lady judge justice senator representative congressman congresswoman professor general
    colonel captain admiral mayor governor bishop archbishop cardinal rabbi imam sheikh astronaut cosmonaut actor
    actress singer mountaineer climber scientist researcher explorer pilot activist politician lawmaker journalist
    author writer democrat republican incumbent candidate billionaire businessman former pastor reverend queen king
    daredevil swimmer sailor cyclist doctor nurse engineer firm startup company drugmaker carmaker supermarket retailer
    """
)
"""Words before a name, capitalized at the beginning of a sentence."""


_COMMON_OPENERS = word_set(
    """
    man woman boy girl people police voters officials researchers scientists doctors experts authorities analysts
    lawmakers critics activists protesters residents students parliament court company firm school hospital church
    university newspaper moreover however nevertheless elsewhere instead overall therefore further furthermore besides
    previously report study law bill vote referendum election war summit news update video photo breaking
    """
)
"""Words that are capitalized as the first of a sentence and are not names by themselves."""


_STORMS = word_set("hurricane storm typhoon cyclone")
_LINKS_IN_NAMES = word_set("of van von der den de del della da dos di du la le el al bin ibn ben & for sur")
_BODIES_IN_NAMES = word_set(
    """
    airlines airways university bank party union league council committee association federation club institute
    foundation museum company group corporation agency church college school court society motors television post
    """
)
"""Nouns that form one name with the known name before them: "Australian Labor Party"."""


_PLACES_BEFORE_NAMES = word_set(
    "city town village region province district county island state municipality prefecture"
)
_LONGEST = 7


def name_unlisted(sentence: Sentence) -> Sentence:
    """The sentence with every unlisted capitalized name as one word; the same object if there is none."""
    words = sentence.words
    headline = is_headline(sentence)
    named: list[Word] = []
    at = 0
    while at < len(words):
        end = _name_end(sentence, at) if _may_begin(sentence, at, headline=headline) else at
        first = _without_titles(sentence, at, end)
        if end > first and not _is_common(sentence, first, end):
            name = _joined(sentence, first, end)
            named += words[at:first]
            while named and named[-1].start >= name.start:
                named.pop()  # "the city of"
            named.append(name)
        else:
            named += words[at : max(end, at + 1)]
        at = max(end, at + 1)
    if len(named) == len(words) and all(one is other for one, other in zip(named, words, strict=True)):
        return sentence
    return msgspec.structs.replace(sentence, words=named)


def unlisted_places(sentence: Sentence) -> Iterator[tuple[int, int, Mention]]:
    """The first and last position of every unlisted name in a sentence, and whom it names."""
    starts = {word.start: at for at, word in enumerate(sentence.words)}
    ends = {word.end: at for at, word in enumerate(sentence.words)}
    for word in name_unlisted(sentence).words:
        if word.mention is not None and word.mention.role == "unlisted" and word.end in ends:
            yield starts.get(word.start, ends[word.end]), ends[word.end], word.mention


def unlisted_in(sentence: Sentence) -> frozenset[str]:
    """The ids of the unlisted entities in a sentence."""
    return frozenset(
        word.mention.entity.id
        for word in sentence.words
        if word.mention is not None and word.mention.role == "unlisted"
    )


def is_unlisted(sentence: Sentence, at: int) -> bool:
    mention = sentence.mention(at)
    return mention is not None and mention.role == "unlisted"


def unknown_entity(name: str, kind: EntityKind) -> Entity:
    """An entity that is in no list; its id is made of its name."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(char for char in plain if not unicodedata.combining(char)).lower()
    return Entity(id=re.sub(r"\W+", "-", letters).strip("-") or "unknown", name=name, kind=kind)


def is_headline(sentence: Sentence) -> bool:
    """Whether most words are capitalized, so that capitals do not identify names."""
    long = [word for word in sentence.words if word.mention is None and len(word.low) > 3 and word.low[:1].isalpha()]
    return len(long) > 3 and sum(word.text[:1].isupper() for word in long) * 10 > len(long) * 7


def _may_begin(sentence: Sentence, at: int, *, headline: bool) -> bool:
    word = sentence.words[at]
    if at > 0 and ordinal_of(sentence.low(at - 1)) is not None and sentence.words[at - 1].text[:1].isupper():
        return False  # "the Fourth Round"
    if headline and at > 0 and sentence.low(at - 1) != ":":
        return False
    return _is_capital(word) and not (word.text.isupper() and len(word.text) == 1 and sentence.low(at + 1) != ".")


def _is_capital(word: Word) -> bool:
    return (
        word.mention is None
        and word.text[:1].isupper()
        and word.low not in _GRAMMAR
        and not is_adverb(word.low)
        and ordinal_of(word.low) is None
    )


def _name_end(sentence: Sentence, at: int) -> int:
    """The end of the name that begins at a position: "Bank of Ireland", "A. R. Smith", "Ilse van Houten"."""
    words = sentence.words
    end = at + 1
    while end < min(len(words), at + _LONGEST):
        word = words[end]
        following = words[end + 1] if end + 1 < len(words) else None
        initial = word.low == "." and len(words[end - 1].text) <= 2
        linked = word.low in _LINKS_IN_NAMES and following is not None and _is_capital(following) and word.low != "and"
        if not (
            _is_capital(word)
            or _is_month_name(words, end)
            or initial
            or linked
            or (word.text.isdigit() and len(word.text) < 4)
        ):
            break
        end += 1
    while end > at + 1 and (words[end - 1].low == "." or words[end - 1].low in _LINKS_IN_NAMES):
        end -= 1
    return end


def _is_month_name(words: list[Word], at: int) -> bool:
    """ "Theresa May": a month inside a name, not followed by a day."""
    following = words[at + 1].text if at + 1 < len(words) else ""
    return words[at].low in MONTHS and words[at].text[:1].isupper() and not following[:1].isdigit()


def _without_titles(sentence: Sentence, first: int, end: int) -> int:
    """The beginning of the name itself, after titles: "Senator", "Foreign Minister"."""
    inside = [at for at in range(first, end - 1) if sentence.low(at) in PERSONS_IN_OFFICE]
    first = inside[-1] + 1 if inside else first
    while first < end and sentence.low(first) in _TITLES_BEFORE_NAMES | PERSONS_IN_OFFICE | {
        "prime",
        "vice",
        "deputy",
        "foreign",
        ".",
    }:
        first += 1
    return first


def _is_common(sentence: Sentence, first: int, end: int) -> bool:
    """Whether capitalized words are not a name: a noun that begins the sentence, an office by itself."""
    lows = [word.low for word in sentence.words[first:end]]
    nouns = ACTING_HEADS | NATION_HEADS | OTHER_HEADS | LEADER_HEADS | _COMMON_OPENERS | _TITLES_BEFORE_NAMES
    if all(low in nouns or low in _LINKS_IN_NAMES for low in lows):
        return True
    if lows[0] in _STORMS or (first == 0 and lows[0].endswith("ing") and not sentence.words[1].text[:1].isupper()):
        return True
    if first > 0 or end - first > 1:
        return False
    adjective = lows[0].endswith(("al", "ary", "ive", "ous", "ic"))
    return (
        adjective or not _may_follow(sentence.low(end)) or f" {lows[0]} " in sentence.source  # elsewhere in lower case
    )


def _may_follow(low: str) -> bool:
    """Whether a word may follow a one-word name at the beginning of a sentence: a verb, a comma."""
    verb = low.endswith(("s", "ed")) and not low.endswith("ss") and low not in DETERMINERS | PREPOSITIONS
    return verb or low in AUXILIARIES | {",", "'s", "became", "to"}


def _joined(sentence: Sentence, first: int, end: int) -> Word:
    words = sentence.words
    before = sentence.mention(first - 1)
    lows = {word.low for word in words[first:end]}
    nation = _nation_of_office(sentence, first, end)
    text = sentence.source[words[first].start : words[end - 1].end]
    is_place = sentence.low(first - 1) == "of" and sentence.low(first - 2) in _PLACES_BEFORE_NAMES
    first -= 2 * is_place
    start = words[first].start
    whole = text
    if before is not None and lows & _BODIES_IN_NAMES:
        whole = f"{before.text} {text}"
    entity = unknown_entity(_full_name(sentence, whole, start), "subnational" if is_place else "other")
    seen = sentence.source[start : words[end - 1].end]
    mention = Mention(entity=entity, start=start, end=words[end - 1].end, text=seen, role="unlisted", nation=nation)
    return Word(seen, seen.lower(), start, mention.end, mention)


def _full_name(sentence: Sentence, name: str, start: int) -> str:
    """The full name from earlier in the field: "Doe" after "Jane Doe"."""
    if " " in name or name not in sentence.source[:start]:
        return name
    longer = re.search(rf"\b(?:[A-Z][\w’'-]+ ){{1,3}}{re.escape(name)}\b", sentence.source[:start])
    words = longer[0].split() if longer is not None else []
    while words and words[0].lower() in _GRAMMAR | _TITLES_BEFORE_NAMES | PERSONS_IN_OFFICE:
        words.pop(0)
    return " ".join(words) or name


def _nation_of_office(sentence: Sentence, first: int, end: int) -> Entity | None:
    """The nation of "Kenyan President Doe" or "Doe, the President of Kenya", from the office next to the name."""
    at = first - 1
    if sentence.low(end) == ",":
        of = next((position for position in range(end + 1, end + 6) if sentence.low(position) == "of"), 0)
        office = of and sentence.low(of - 1) in PERSONS_IN_OFFICE and "former" not in sentence.low(of - 2)
        held = sentence.mention(of + 1) or sentence.mention(of + 2)
        if office and held is not None and held.entity.kind == "nation":
            return held.entity
    if sentence.low(at) not in PERSONS_IN_OFFICE:
        return None
    while at >= 0 and sentence.mention(at) is None and sentence.low(at) in ACTING_HEADS | {"'s"}:
        at -= 1
    mention = sentence.mention(at)
    if mention is None or mention.entity.kind != "nation" or sentence.low(at - 1) in {"former", "ex", "late"}:
        return None
    return mention.entity

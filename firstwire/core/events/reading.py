"""The acts of a sentence by two readings of its parse: by clauses and the lexicon, and learned from labeled news."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import msgspec

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.mentions import find_mentions
from firstwire.core.entities.sentence import Sentence, read_sentence
from firstwire.core.entities.short_names import add_short_names
from firstwire.core.events.dates import act_date
from firstwire.core.events.findings import FoundAct, Grade
from firstwire.core.events.framed_acts import has_object_of
from firstwire.core.events.learned_acts import FAMILIES, TELLS_AT, LearnedAct, ReadingModels, read_acts
from firstwire.core.events.parsed_acts import Reader
from firstwire.core.events.parsed_sentence import ParsedAct
from firstwire.core.language.clauses import as_text
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import SentenceParser, Tree, words_to_parse
from firstwire.core.text.language import UNDETERMINED, is_plainly_english
from firstwire.core.text.sentences import split_sentences
from schemas.article import ArticleText
from schemas.event import Status
from schemas.record import Entity, Field

CLAUSES, LEARNED = "clauses", "learned"
"""The readings, in `readers`."""

TELLS_ALONE_AT = 0.45
"""Least probability of act and status by which the learned reading alone tells an act."""
SURE_ALONE = 0.97
"""Least probability by which the learned reading alone is sure."""
NOTICED_AT = 0.15
"""Least probability of an act by which the learned reading has a say on it."""
OVERRULES_AT = 0.75
"""Least probability of a status by which the learned reading decides it against the clauses."""
SENTENCES: dict[Field, int] = {"title": 4, "summary": 4, "body": 12}

TRIGGER = re.compile(
    r"recogni|acknowledg|\brelations|\bties\b|\blinks\b|diplomatic|diplomat|embass|\bmissions?\b|ambassador|envoy"
    r"|attach[eé]|consul(?:ar|ates?|s)?\b|high commission|charg(?:é|[eé]s? d)|sanction|embargo|curbs|terror|proscri"
    r"|blacklist|credential|treaty|\bpact\b|\baccords?\b|convention|protocol|ratif|\bink(?:s|ed)\b|\bsign(?:s|ed)\b"
    r"|\bsign(?:ing)?\b[^.!?]{0,60}\b(?:agreements?|memorandum|deals?|charter|amendment)\b"
    r"|legitimate|lawful|sovereign|independen|statehood|persona non grata|rightful"
    r"|\b(?:as|a|is) (?:\w+ ){0,3}(?:state|government|president|country)\b",
    re.IGNORECASE,
)
"""Sentences without any of these are not parsed."""


class ReadingKnowledge:
    """What reading takes: a parser, and the lexicon and models that `given` returns at the first use."""

    def __init__(self, parser: SentenceParser, given: Callable[[], tuple[Lexicon, ReadingModels]]) -> None:
        self.parser = parser
        self._given = given

    def load(self) -> None:
        """Make ready, which takes a second or two; the first sentence with a trigger does it otherwise."""
        self.parser.load()
        _ = self._known

    @cached_property
    def _known(self) -> tuple[Lexicon, ReadingModels]:
        return self._given()

    @property
    def lexicon(self) -> Lexicon:
        return self._known[0]

    @property
    def models(self) -> ReadingModels:
        return self._known[1]


def sentences_of(article: ArticleText, gazetteer: Gazetteer) -> Iterator[tuple[Sentence, Sentence | None]]:
    """The English sentences of an article that may be read, each with that which may have the referent of its "it"."""
    mentions = find_mentions(article, gazetteer)
    texts: dict[Field, str] = {"title": article.title, "summary": article.summary, "body": article.body}
    headline: Sentence | None = None
    for field, text in texts.items():
        if not is_english(text, article):
            continue
        named = add_short_names(text, [one for one in mentions[field] if one.role != "within"])
        before = headline
        for number, span in enumerate(split_sentences(text, SENTENCES[field])):
            sentence = read_sentence(field, text, number, span, named)
            if sentence.words:
                yield sentence, before
                before = sentence
                headline = headline or sentence


def is_english(text: str, article: ArticleText) -> bool:
    """Whether a field is read as English: by the article's language, or against it by plain words of field or article.

    A short headline may have none of them, though the text below it has many.
    """
    language = article.language.partition("-")[0].lower()
    if language in {"", "en", UNDETERMINED}:
        return True
    return is_plainly_english(text) or is_plainly_english(f"{article.title}\n{article.summary}\n{article.body}")


def may_tell(sentence: Sentence) -> bool:
    """Whether a sentence is worth a parse."""
    return any(word.mention is not None for word in sentence.words) and TRIGGER.search(sentence.text) is not None


def stages_of(sentence: Sentence, before: Sentence | None, reading: ReadingKnowledge) -> list[str]:
    """What each reading makes of a sentence, line by line, for people."""
    tree = Tree(sentence, reading.parser(words_to_parse(sentence, reading.lexicon)))
    reader = Reader(tree, before, reading.lexicon)
    lines = [f"clause  {as_text(clause, tree)}" for clause in reader.clauses()]
    lines += [f"by clauses  {_parties(act)} · {act.status.status}: {act.status.cue}" for act in reader.acts()]
    for learned in read_acts(tree, before, reading.lexicon, reading.models, at_least=NOTICED_AT):
        share = learned.probability / learned.act_probability
        word = sentence.words[learned.at].text
        lines.append(
            f"learned  {_parties(learned)} · {learned.act_probability:.2f} by “{word}” · {learned.status} {share:.2f}"
        )
    return lines


def _parties(act: ParsedAct | LearnedAct) -> str:
    actors, targets = (", ".join(each.id for each in side) or "nobody" for side in (act.actors, act.targets))
    return f"{actors} → {act.action} → {targets}"


def find_acts(
    sentence: Sentence,
    before: Sentence | None,
    published_on: str,
    reading: ReadingKnowledge,
) -> list[FoundAct]:
    """The acts of a sentence; `before` may have the referent of "it".

    An act that clauses and the learned reading tell with the same parties and status is sure: one knows how a sentence
    is built, the other what is news.
    """
    tree = Tree(sentence, reading.parser(words_to_parse(sentence, reading.lexicon)))
    reader = Reader(tree, before, reading.lexicon)
    told = _unique([_of_clauses(sentence, act, published_on) for act in reader.acts()])
    every = read_acts(tree, before, reading.lexicon, reading.models, at_least=NOTICED_AT)
    refused = reader.refused()
    every = [
        act
        for act in every
        if has_object_of(reader.sentence, act.action)
        and not (act.action in FAMILIES["recognition"] and act.at in refused)
    ]
    learned = {act.action: act for act in every}
    whole = {act.action for act in every if act.act_probability >= TELLS_AT and act.actors and act.targets}
    told = [act for act in told if act.actors or act.action not in whole or _is_asked(act, learned[act.action])]
    known = {act.action for act in told if act.actors}
    found = [_graded(act, learned.get(act.action)) for act in told]
    for act in every:
        if act.action not in whole - known or act.probability < TELLS_ALONE_AT:
            continue
        if not _is_another_name(act, found):
            found.append(_of_learned(sentence, act, published_on))
    return found


def _is_asked(act: FoundAct, learned: LearnedAct) -> bool:
    """Whether an act without an actor is asked of anybody: "calls for recognition", unless learned news says more."""
    return act.status == "demanded" and not _is_certain(learned)


def _is_another_name(act: LearnedAct, found: Sequence[FoundAct]) -> bool:
    """Whether the same word already tells an act between the same parties: it has one meaning."""
    return any(
        act.at == one.verb
        and (not one.actors or _shared(one.actors, act.actors))
        and (not one.targets or _shared(one.targets, act.targets))
        for one in found
    )


def _graded(act: FoundAct, learned: LearnedAct | None) -> FoundAct:
    """An act of the clauses with what the learned reading says of it."""
    if learned is None:
        return msgspec.structs.replace(act, grade=Grade("unsure", "the learned reading does not tell it"))
    is_same = _share_parties(act, learned.actors, learned.targets)
    if learned.status == act.status and is_same:
        grade = Grade("sure", "clauses and learned agree")
        return msgspec.structs.replace(act, readers=(CLAUSES, LEARNED), grade=grade)
    if learned.status == act.status:
        return msgspec.structs.replace(act, grade=Grade("unsure", "the readings name other parties"))
    grade = Grade("unsure", f"clauses say {act.status}, the learned reading {learned.status}")
    is_open = act.status == "asserted" or (act.status == "historical" and not act.cue.split()[-1].isdigit())
    if is_open and _is_certain(learned):
        return msgspec.structs.replace(act, status=learned.status, cue=_cue(learned), grade=grade)
    return msgspec.structs.replace(act, grade=grade)


def _is_certain(learned: LearnedAct) -> bool:
    """Whether the learned reading is nearly certain of the status."""
    return learned.probability >= OVERRULES_AT * max(TELLS_AT, learned.act_probability)


def _cue(learned: LearnedAct) -> str:
    return f"learned, {learned.probability:.2f}"


def _share_parties(act: FoundAct, actors: Sequence[Entity], targets: Sequence[Entity]) -> bool:
    return _shared(act.actors, actors) and (_shared(act.targets, targets) or not act.targets)


def _of_clauses(sentence: Sentence, act: ParsedAct, published_on: str) -> FoundAct:
    status, cue = act.status.status, act.status.cue
    if status == "historical" and cue.isdigit() and cue >= published_on[:4]:
        status, cue = "asserted", f"in {cue}"  # the year of publication
    return _found(sentence, act, status, cue, published_on, CLAUSES)


def _of_learned(sentence: Sentence, act: LearnedAct, published_on: str) -> FoundAct:
    is_sure = act.probability >= SURE_ALONE and act.status in {"asserted", "negated"}
    grade = Grade("sure" if is_sure else "unsure", f"only the learned reading tells it ({act.probability:.2f})")
    return msgspec.structs.replace(_found(sentence, act, act.status, _cue(act), published_on, LEARNED), grade=grade)


def _found(
    sentence: Sentence, act: ParsedAct | LearnedAct, status: Status, cue: str, published_on: str, reader: str
) -> FoundAct:
    return FoundAct(
        action=act.action,
        actors=act.actors,
        targets=act.targets,
        status=status,
        cue=cue,
        sentence=sentence,
        verb=act.at,
        first=min((act.at, *act.positions)),
        last=max((act.at, *act.positions)),
        act_date=act_date(sentence, act.at, published_on),
        readers=(reader,),
    )


def _shared(one: Sequence[Entity], other: Sequence[Entity]) -> bool:
    return not {each.id for each in one}.isdisjoint(each.id for each in other)


def _unique(found: Sequence[FoundAct]) -> list[FoundAct]:
    """One finding for each act, parties and status; of an act with actors none without."""
    acted = {(one.action, tuple(each.id for each in one.targets)) for one in found if one.actors}
    kept: dict[object, FoundAct] = {}
    for one in found:
        targets = tuple(each.id for each in one.targets)
        if not one.actors and (one.action, targets) in acted:
            continue
        kept.setdefault((one.action, tuple(each.id for each in one.actors), targets, one.status), one)
    return list(kept.values())

"""Acts and firsts in languages that no parser reads.

Two steps: an encoder reads what each sentence tells, with what status, by whom and to whom; a model weighs all that is
read in an article, and decides what is told as having happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import msgspec

from firstwire.core.entities.mentions import Mentions
from firstwire.core.entities.sentence import Sentence, read_sentence
from firstwire.core.events.actions import is_reverse
from firstwire.core.events.dates import act_date, is_long_past
from firstwire.core.events.encoded_acts import EncodedSentence, Encoder
from firstwire.core.events.findings import LEARNED, FoundAct, Grade
from firstwire.core.events.learned_acts import FAMILIES, FIRST, LearnedAct, likeliest_status, read_acts, read_first
from firstwire.core.events.told_features import ReadAct, act_of, first_of, told_features
from firstwire.core.events.unparsed_input import unparsed_input
from firstwire.core.events.unparsed_ranks import first_act_name, first_scope, number_ranked
from firstwire.core.events.unparsed_sentence import UnparsedSentence
from firstwire.core.language.linear_models import LinearModel
from firstwire.core.language.word_classes import WordClasses
from firstwire.core.text.language import language_read
from firstwire.core.text.sentences import split_sentences
from schemas.article import ArticleText
from schemas.event import Status
from schemas.record import Field

SENTENCES: dict[Field, int] = {"title": 4, "summary": 4, "body": 3}
"""Sentences read of each field: further down a body tells history."""
SENTENCE_LENGTH = 500
"""Code points of a sentence that are read, so that the time for hostile text is linear in its length."""
NOTICED_AT = 0.15
"""Least probability of an act or first that is weighed."""
TELLS_AT = {"recognition": 0.6, "relations": 0.5, "firsts": 0.5}
"""Least probability by which an act or first is told as having happened, by its kind."""
SURE_AT = {"recognition": 0.93, "relations": 0.9, "firsts": 0.93}
"""Least probability by which it is sure."""
ALIKE = 0.5
"""An act counts if it is so likely as a part of the likeliest of its family: to withdraw a recognition is none."""
READS_AT = 0.5
"""Least probability of an act that is told as planned, denied, demanded …"""
WORTH_READING = 0.02
"""Least probability, by words and classes alone, that the encoder would find something."""


@dataclass(frozen=True, eq=False)
class UnparsedModels:
    """`gate`: whether the words of a sentence are worth the encoder. `told`: by kind of act, whether what it reads is
    told as having happened."""

    gate: LinearModel
    told: Mapping[str, LinearModel]


class UnparsedKnowledge:
    """What reading without a parse takes: the languages that have words by class, and words and models at first use."""

    def __init__(
        self,
        languages: frozenset[str],
        classes_of: Callable[[str], WordClasses],
        encoder: Encoder,
        models: Callable[[], UnparsedModels],
    ) -> None:
        self.languages = languages
        self.classes_of = classes_of
        self.encoder = encoder
        self._given = models

    def load(self) -> None:
        """Make ready, which takes a second; the first article of a language does it otherwise."""
        _ = self.models
        self.encoder.load()
        for language in sorted(self.languages):
            self.classes_of(language)

    @cached_property
    def models(self) -> UnparsedModels:
        return self._given()


def language_of_text(article: ArticleText) -> str:
    """The language in which an article is read, whatever its feed says."""
    return language_read(f"{article.title}\n{article.summary}\n{article.body}", article.language)


def sentences_of(article: ArticleText, mentions: Mentions) -> Iterator[tuple[Sentence, Sentence | None]]:
    """The sentences of an article that are read, each with that which may have the referent of its "it"."""
    texts: dict[Field, str] = {"title": article.title, "summary": article.summary, "body": article.body}
    headline: Sentence | None = None
    for field, text in texts.items():
        named = [mention for mention in mentions[field] if mention.role != "within"]
        before = headline
        for number, (start, end) in enumerate(split_sentences(text, SENTENCES[field])):
            sentence = read_sentence(field, text, number, (start, min(end, start + SENTENCE_LENGTH)), named)
            if not all(word.is_punctuation for word in sentence.words):  # marks tell nothing, also if nobody sees them
                yield sentence, before
                before = sentence
                headline = headline or sentence


@dataclass(frozen=True)
class UnparsedReading:
    """The acts and firsts of an article, or why there are none."""

    findings: list[FoundAct]
    why_none: str


def find_unparsed(
    article: ArticleText, mentions: Mentions, language: str, knowledge: UnparsedKnowledge
) -> UnparsedReading:
    """What an article in a language of `knowledge` tells."""
    sentences = list(_worth_reading(article, mentions, language, knowledge))
    every = [act for looked in sentences for act in read_sentence_acts(looked, knowledge.encoder)]
    published_on = (article.published_at or article.fetched_at)[:10]
    judged = [_finding(act, every, published_on, knowledge.models.told) for act in every]
    findings = _ranked([each for each in judged if isinstance(each, FoundAct)])
    if findings:
        return UnparsedReading(findings, "")
    likeliest_first = sorted(zip(every, judged, strict=True), key=lambda pair: -pair[0].probability)
    whys = [why for _, why in likeliest_first if isinstance(why, str)]
    if not sentences:
        return UnparsedReading([], "no sentence names anybody and may tell an act between states or a first")
    if not every:
        return UnparsedReading([], "no act between states and no first is found by who is named")
    return UnparsedReading([], whys[0] if whys else "a first is read, but no words tell of what")


def year_of(article: ArticleText) -> int:
    """The year of publication."""
    return int((article.published_at or article.fetched_at)[:4])


def _worth_reading(
    article: ArticleText, mentions: Mentions, language: str, knowledge: UnparsedKnowledge
) -> Iterator[UnparsedSentence]:
    """The sentences that the encoder is asked about."""
    classes, year = knowledge.classes_of(language), year_of(article)
    for sentence, before in sentences_of(article, mentions):
        if not (_names_somebody(sentence) or (before is not None and _names_somebody(before))):
            continue
        looked = UnparsedSentence(sentence, before, classes, year)
        if is_worth_reading(looked, knowledge.models.gate):
            yield looked


def is_worth_reading(looked: UnparsedSentence, gate: LinearModel) -> bool:
    (probability,) = gate.probabilities(looked.word_features).values()
    return probability >= WORTH_READING


def read_sentence_acts(looked: UnparsedSentence, encoder: Encoder) -> Iterator[ReadAct]:
    read = EncodedSentence(unparsed_input(looked), encoder)
    acts = read_acts(read, at_least=NOTICED_AT, one_is_recognized=True)
    if looked.names_the_recognized_alone():
        acts = [each for each in acts if not _is_recognition(each)]
    for act in acts:
        of_family = [each.act_probability for each in acts if _is_recognition(each) == _is_recognition(act)]
        is_reversed = any(
            is_reverse(each.action, act.action) and each.act_probability > act.act_probability for each in acts
        )
        if act.act_probability >= ALIKE * max(of_family) and not is_reversed:
            yield act_of(act, looked)
    first = read_first(read, at_least=NOTICED_AT)
    if first.actors:
        yield first_of(first, looked)


def _is_recognition(act: LearnedAct) -> bool:
    return act.action in FAMILIES["recognition"]


def unparsed_stages(
    article: ArticleText, mentions: Mentions, language: str, knowledge: UnparsedKnowledge
) -> Iterator[tuple[Sentence, list[str]]]:
    """What is made of each sentence that is read, line by line, for people."""
    sentences = [
        (looked, list(read_sentence_acts(looked, knowledge.encoder)))
        for looked in _worth_reading(article, mentions, language, knowledge)
    ]
    every = [act for _, acts in sentences for act in acts]
    published_on = (article.published_at or article.fetched_at)[:10]
    for looked, acts in sentences:
        words = looked.sentence.words
        classed = (
            f"{each.name} “{looked.sentence.source[words[each.first].start : words[each.last].end]}”"
            for each in looked.classed
        )
        lines = [f"classes  {', '.join(classed)}"]
        for act in acts:
            actors, targets = (", ".join(each.id for each in side) or "nobody" for side in (act.actors, act.targets))
            (told,) = knowledge.models.told[act.kind].probabilities(told_features(act, every)).values()
            status = likeliest_status(act.statuses)
            lines.append(
                f"learned  {actors} → {act.action} → {targets} · {act.probability:.2f} · "
                f"{status} {act.statuses[status]:.2f} · told {told:.2f}"
            )
            finding = _finding(act, every, published_on, knowledge.models.told)
            if isinstance(finding, str):
                lines.append(f"not told  {finding}")
        if looked.names_the_recognized_alone():
            lines.append("not told  who is recognized by all is only named")
        elif not acts:
            lines.append(f"not told  nothing is found that is at least {NOTICED_AT} likely")
        yield looked.sentence, lines


def _names_somebody(sentence: Sentence) -> bool:
    return any(word.mention is not None for word in sentence.words)


def _finding(act: ReadAct, every: list[ReadAct], published_on: str, told: Mapping[str, LinearModel]) -> FoundAct | str:
    """What an act is told as, or why it is not."""
    read = f"{act.action} is read ({act.probability:.2f})"
    if not act.actors:
        return f"{read}, but of nobody who is named"
    if act.kind == "recognition" and not act.targets:
        return f"{read}, but of nobody who is recognized"
    (probability,) = told[act.kind].probabilities(told_features(act, every)).values()
    status = likeliest_status(act.statuses)
    if status == "asserted":
        if probability < TELLS_AT[act.kind]:
            return f"{read}, but that it has happened is {probability:.2f} likely, and {TELLS_AT[act.kind]} are needed"
        if not act.is_of_bodies:
            return f"{read}, but of no state or organization"
        if is_long_past(act_date(act.looked.sentence, act.at, published_on), published_on):
            grade = Grade("unsure", "its day is long past")
            return _found(act, "historical", f"learned, {probability:.2f}", grade, published_on)
        is_sure = probability >= SURE_AT[act.kind]
        grade = Grade("sure" if is_sure else "unsure", f"the learned reading alone ({probability:.2f})")
        return _found(act, "asserted", f"learned, {probability:.2f}", grade, published_on)
    if act.probability < READS_AT:
        return f"{read} as {status}, for which {READS_AT} are needed"
    grade = Grade("unsure", f"its status is {status}")
    return _found(act, status, f"learned, {act.statuses[status]:.2f}", grade, published_on)


def _found(act: ReadAct, status: Status, cue: str, grade: Grade, published_on: str) -> FoundAct:
    looked = act.looked
    parties = {each.id for each in (*act.actors, *act.targets)}
    places = sorted({name.at for name in looked.candidates if name.entity.id in parties and name.is_here})
    verb = act.at
    is_first = act.action == FIRST
    first, last = min((verb, *places)), max((verb, *places))
    return FoundAct(
        action=first_act_name(looked) if is_first else act.action,
        actors=act.actors,
        targets=act.targets,
        status=status,
        cue=cue,
        sentence=looked.sentence,
        verb=verb,
        first=first,
        last=last,
        act_date=act_date(looked.sentence, verb, published_on),
        ordinal=1 if is_first else number_ranked(looked),
        ordinal_scope=first_scope(looked) if is_first else None,
        ordinal_kind="nation" if is_first else None,
        claims_first=is_first,
        grade=grade,
        readers=(LEARNED,),
    )


def _ranked(found: list[FoundAct]) -> list[FoundAct]:
    """The findings, with each first joined to the act of its sentence by the same actors, which it ranks."""
    firsts = [each for each in found if each.claims_first]
    acts = [each for each in found if not each.claims_first]
    for first in firsts:
        same = [
            at
            for at, act in enumerate(acts)
            if act.sentence == first.sentence and act.actor_ids & first.actor_ids and act.status == first.status
        ]
        for at in same:
            acts[at] = msgspec.structs.replace(
                acts[at],
                ordinal=1,
                ordinal_scope=first.ordinal_scope,
                ordinal_kind="nation",
                claims_first=True,
                first=min(acts[at].first, first.first),
                last=max(acts[at].last, first.last),
            )
        if not same and first.action:
            acts.append(first)
    return acts

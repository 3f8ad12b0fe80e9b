"""The events of an article, from title, summary and lead; findings of one act are merged, strongest evidence first.

An action is one of the listed ones (`recognize`, `sever_relations`, …) or, for a claim to be the first to do something
else, its verb phrase in base form, hyphenated: `ban-plastic-bags`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from firstwire.core.entities.gazetteer import Gazetteer, Mention
from firstwire.core.entities.mentions import Mentions, find_mentions, tags_of
from firstwire.core.entities.sentence import Sentence, read_sentence
from firstwire.core.entities.short_names import add_short_names
from firstwire.core.events.actions import PLACED, WITHOUT_DIRECTION
from firstwire.core.events.background import LEAD_SENTENCES, settled
from firstwire.core.events.certainty import best_of, grade_of
from firstwire.core.events.claims import with_claims
from firstwire.core.events.dates import stated_day
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.foreign import find_foreign
from firstwire.core.events.foreign_forms import FORMS
from firstwire.core.events.learned_acts import read_first
from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.events.places import place_of
from firstwire.core.events.reading import (
    NOTICED_AT,
    WORTH_A_PARSE,
    WORTH_WITHOUT_TRIGGER,
    ReadingKnowledge,
    find_acts,
    is_english,
    may_tell,
    worth_of_parse,
)
from firstwire.core.text.sentences import split_sentences
from schemas.article import ArticleText
from schemas.event import Polarity, Status
from schemas.record import Certainty, Entity, EntityKind, Field, Span

COVERED = frozenset({"en", *FORMS})
"""Languages in which events are detected."""

TITLE_SENTENCES = 100
"""A title may be a whole paragraph; a longer one is hostile."""

SENTENCE_LENGTH = 1500
"""Code points after which a sentence is split, so that the time for hostile text is linear in its length."""

READ_SENTENCES = 12
"""Sentences read of the body: news comes first, background later."""

SUMMARY_SENTENCES = 12
FRONT_SENTENCES = 4
"""Sentences of title and summary that are read without a word that may tell something."""
EVIDENCE_LIMIT = 8

_FIELD_STRENGTH: dict[Field, int] = {"title": 300, "summary": 200, "body": 100}
_ASSERTED_STRENGTH = 40
_CLAIM_STRENGTH = 20


class DetectedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An act of actors on targets that an article reports."""

    action: str
    actors: tuple[Entity, ...]
    targets: tuple[Entity, ...]
    polarity: Polarity
    status: Status
    ordinal: int | None
    ordinal_scope: str | None
    claims_first: bool
    ordinal_kind: EntityKind | None
    ordinal_since: str | None
    act_date: str | None
    place: str | None
    evidence: tuple[Span, ...]
    reason: str
    """The words that decided the status."""
    certainty: Certainty
    certainty_reason: str
    """The form that makes it sure, or what keeps it from being so."""
    readers: tuple[str, ...]
    strength: int
    """Title over summary over lead, explicit over implied."""


class Detection(msgspec.Struct, frozen=True, kw_only=True):
    """The events, tags and mentions of an article; `reason` says why there is no event."""

    events: tuple[DetectedEvent, ...]
    tags: tuple[str, ...]
    mentions: Mentions
    reason: str


def detect_events(article: ArticleText, gazetteer: Gazetteer, reading: ReadingKnowledge) -> Detection:
    """The events, tags and mentions of an article. One without a date is judged as if published when it was fetched."""
    texts: dict[Field, str] = {"title": article.title, "summary": article.summary, "body": article.body}
    mentions = find_mentions(article, gazetteer)
    findings: list[FoundAct] = []
    triggered = False
    headline = _headline_of(article, mentions["title"])
    for field, text in texts.items():
        actors = [mention for mention in mentions[field] if mention.role != "within"]
        beside = headline if field != "title" else None
        found, woke = _read_field(field, text, actors, article, reading, beside)
        findings += found
        triggered = triggered or woke
    findings = settled(_consistent(findings), article.title)
    if article.published_at is None:
        findings = [_with_stated_day(finding, article.fetched_at[:10]) for finding in findings]
    events = _merge(findings)
    language = article.language.partition("-")[0].lower()
    if events:
        reason = ""
    elif language not in COVERED:
        reason = f"language not covered: {article.language or 'not known'}"
    elif triggered:
        reason = "speaks of recognition, relations or a first, but of no act by anybody known"
    else:
        reason = "no word of recognition, relations or a first in title, summary or lead"
    return Detection(events=events, tags=tags_of(article, mentions, gazetteer), mentions=mentions, reason=reason)


def _read_field(
    field: Field,
    text: str,
    mentions: list[Mention],
    article: ArticleText,
    reading: ReadingKnowledge,
    headline: Sentence | None,
) -> tuple[list[FoundAct], bool]:
    published_on = _assumed_date(article)[:10]
    findings = find_foreign(field, text, mentions, published_on, article.language)
    front = LEAD_SENTENCES if field == "body" else FRONT_SENTENCES
    has_trigger = may_tell(text)
    if not (has_trigger or mentions) or not is_english(text, article):
        return findings, bool(findings)
    mentions = add_short_names(text, mentions)
    limit = {"title": TITLE_SENTENCES, "summary": SUMMARY_SENTENCES, "body": READ_SENTENCES}[field]
    spans = _pieces(split_sentences(text, limit))[: limit if has_trigger else front]
    previous: list[FoundAct] = []
    for number, (start, end) in enumerate(spans):
        is_triggered = has_trigger and may_tell(text[start:end])
        is_named = number < front and any(start <= mention.start < end for mention in mentions)
        if not (is_triggered or is_named):  # most sentences
            previous = []
            continue
        before = read_sentence(field, text, number - 1, spans[number - 1], mentions) if number else None
        sentence = read_sentence(field, text, number, (start, end), mentions)
        earlier, previous = previous, []
        if sentence.words and not _is_tag_line(sentence):
            worth = worth_of_parse(sentence, before or headline, reading)
            if worth >= (WORTH_A_PARSE if is_triggered else WORTH_WITHOUT_TRIGGER):
                previous = _read_sentence(sentence, before, headline, published_on, earlier, reading)
        findings += previous
    return findings, has_trigger or bool(findings)


def _read_sentence(
    sentence: Sentence,
    before: Sentence | None,
    headline: Sentence | None,
    published_on: str,
    previous: list[FoundAct],
    reading: ReadingKnowledge,
) -> list[FoundAct]:
    """The acts of a sentence, ranked by its claims; `previous` are those of the sentence before."""
    read = reading.read(sentence, before or headline)
    found = find_acts(read, published_on, reading.models)
    learned = read_first(read.looked, reading.models, at_least=NOTICED_AT)
    parsed = ParsedSentence(read.tree, before, reading.lexicon)
    return with_claims(
        parsed, learned, found, previous, lambda: None if before is None else reading.parsed(before), published_on
    )


def _headline_of(article: ArticleText, mentions: Sequence[Mention]) -> Sentence | None:
    """The first sentence of the title."""
    spans = split_sentences(article.title, 1)
    named = [mention for mention in mentions if mention.role != "within"]
    return read_sentence("title", article.title, 0, spans[0], named) if spans else None


def _assumed_date(article: ArticleText) -> str:
    return article.published_at or article.fetched_at


def _with_stated_day(finding: FoundAct, fetched_on: str) -> FoundAct:
    """The finding dated by its own words alone: what it owes to the day of fetching is unknown."""
    return msgspec.structs.replace(finding, act_date=stated_day(finding.sentence, finding.verb, fetched_on))


def _pieces(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [
        (begin, min(begin + SENTENCE_LENGTH, end))
        for start, end in spans
        for begin in range(start, end, SENTENCE_LENGTH)
    ]


def _is_tag_line(sentence: Sentence) -> bool:
    """A list of names and nothing else."""
    return all(word.mention is not None or word.is_punctuation for word in sentence.words)


def _consistent(findings: list[FoundAct]) -> list[FoundAct]:
    """The findings without those that the title contradicts: headlines report news, and the text repeats it.

    If an act is denied, planned, demanded or only possible in the title, an assertion of it in summary or body is
    treated as a misreading. An act reported as news is often repeated as background in the same article: on the same
    day it is the same act, not a past one.
    """
    held = {
        _act_of(finding): finding
        for finding in findings
        if finding.sentence.field == "title" and finding.status not in {"asserted", "historical"}
    }
    in_title = {_act_of(finding) for finding in findings if _is_asserted(finding) and finding.sentence.field == "title"}
    kept = [
        finding
        for finding in findings
        if not (_is_asserted(finding) and _act_of(finding) in held and _act_of(finding) not in in_title)
    ]
    today = {(_act_of(finding), finding.act_date) for finding in kept if _is_asserted(finding)}
    return [
        finding
        for finding in kept
        if finding.status != "historical" or (_act_of(finding), finding.act_date) not in today
    ]


def _is_asserted(finding: FoundAct) -> bool:
    return finding.status == "asserted"


def _act_of(finding: FoundAct) -> tuple[str, frozenset[str], frozenset[str]]:
    """What two findings of one act share; a rank gives a direction to an act that has none without."""
    actors = frozenset(entity.id for entity in finding.actors)
    targets = frozenset(entity.id for entity in finding.targets)
    if finding.action in WITHOUT_DIRECTION:
        return finding.action, actors | targets, frozenset()
    return finding.action, actors, targets


def _merge(findings: list[FoundAct]) -> tuple[DetectedEvent, ...]:
    groups: dict[tuple[str, frozenset[str], frozenset[str], Status], list[FoundAct]] = {}
    for finding in findings:
        groups.setdefault((*_act_of(finding), finding.status), []).append(finding)
    events = [_event(sorted(group, key=_strength, reverse=True)) for group in groups.values()]
    events.sort(key=lambda event: -event.strength)
    return tuple(events)


def _event(group: list[FoundAct]) -> DetectedEvent:
    best = group[0]
    ranked = max(group, key=lambda finding: (finding.claims_first, finding.ordinal is not None))
    evidence = tuple(dict.fromkeys(span for finding in group for span in finding.evidence))[:EVIDENCE_LIMIT]
    grade = best_of(grade_of(finding) for finding in group)
    return DetectedEvent(
        action=best.action,
        actors=ranked.actors,
        targets=ranked.targets,
        polarity=best.polarity,
        status=best.status,
        ordinal=ranked.ordinal,
        ordinal_scope=ranked.ordinal_scope,
        claims_first=ranked.claims_first,
        ordinal_kind=ranked.ordinal_kind,
        ordinal_since=ranked.ordinal_since,
        act_date=best.act_date,
        place=next((place for finding in group if (place := _place(finding)) is not None), None),
        evidence=evidence,
        reason=f"{best.status}: {best.cue}",
        certainty=grade.certainty,
        certainty_reason=grade.reason,
        readers=tuple(sorted({reader for finding in group for reader in finding.readers})),
        strength=_strength(best),
    )


def _place(finding: FoundAct) -> str | None:
    """The location of the act, not that of a recognized body, which follows its name directly."""
    inside = finding.action in PLACED
    is_of_target = "recogni" in finding.action and any(target.kind == "organization" for target in finding.targets)
    return place_of(finding.sentence, finding.verb, finding.last + is_of_target, inside=inside)


def _strength(finding: FoundAct) -> int:
    strength = _FIELD_STRENGTH[finding.sentence.field] - min(finding.sentence.number, 10) * 5
    strength += _ASSERTED_STRENGTH if finding.status == "asserted" else 0
    return strength + (_CLAIM_STRENGTH if finding.ordinal is not None else 0)

"""The events of an article, from title, summary and lead; findings of one act are merged, strongest evidence first.

An action is one of the listed ones (`recognize`, `sever_relations`, …) or, for a claim to be the first to do something
else, its verb phrase in base form, hyphenated: `ban-plastic-bags`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import msgspec

from firstwire.core.entities.gazetteer import Gazetteer, Mention
from firstwire.core.entities.mentions import Mentions, find_mentions, tags_of
from firstwire.core.entities.sentence import Sentence, SentenceContext, home_of, read_sentence
from firstwire.core.entities.short_names import add_short_names
from firstwire.core.entities.unlisted_names import unknown_entity
from firstwire.core.events.act_features import LEAD_SENTENCES
from firstwire.core.events.actions import PLACED, WITHOUT_DIRECTION
from firstwire.core.events.background import settled
from firstwire.core.events.certainty import best_of
from firstwire.core.events.claims import with_claims
from firstwire.core.events.dates import stated_day
from firstwire.core.events.encoded_acts import EncodedSentence
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.learned_acts import FIRST, read_first, told_now
from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.events.places import place_of
from firstwire.core.events.reading import (
    NOTICED_AT,
    ReadingKnowledge,
    find_acts,
    is_english,
    is_worth_a_parse,
    spans_read,
)
from firstwire.core.events.rulers import of_rulers
from firstwire.core.events.triggers import trigger_places
from firstwire.core.events.unparsed_reading import find_unparsed, language_of_text
from firstwire.core.text.sentences import split_sentences
from schemas.article import ArticleText
from schemas.event import Polarity, Status
from schemas.record import Certainty, Entity, EntityKind, Field, Span

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


NOT_TRIGGERED = "no word of recognition, relations or a first in title, summary or lead"


class ReadArticle(msgspec.Struct, frozen=True):
    """What an article tells, sentence by sentence, under its headline."""

    findings: list[FoundAct]
    headline: Sentence | None
    is_triggered: bool
    """Whether it has a word that may tell an act or a rank."""


def detect_events(article: ArticleText, gazetteer: Gazetteer, reading: ReadingKnowledge) -> Detection:
    """The events, tags and mentions of an article. One without a date is judged as if published when it was fetched."""
    mentions = find_mentions(article, gazetteer)
    language = language_of_text(article)
    if language in reading.unparsed.languages:
        unparsed = find_unparsed(article, mentions, language, reading.unparsed)
        findings, why_none = unparsed.findings, unparsed.why_none
    else:
        read = read_article(article, mentions, reading)
        findings, why_none = read.findings, "" if read.is_triggered else NOT_TRIGGERED
        if findings:
            day = _assumed_date(article)[:10]
            findings = settled(findings, read.headline, article.title, day, reading.models.news)
            findings = _without_repeats(findings)
    findings = of_rulers(findings, mentions)
    if article.published_at is None:
        findings = [_with_stated_day(finding, article.fetched_at[:10]) for finding in findings]
    events = _merge(findings)
    if events:
        reason = ""
    elif not (is_english(article.title, article) or language in reading.unparsed.languages):
        reason = f"language not covered: {article.language or 'not known'}"
    else:
        reason = why_none or "speaks of recognition, relations or a first, but of no act by anybody known"
    return Detection(events=events, tags=tags_of(article, mentions, gazetteer), mentions=mentions, reason=reason)


def read_article(article: ArticleText, mentions: Mentions, reading: ReadingKnowledge) -> ReadArticle:
    """What the sentences of an article tell, before its news is told from its background."""
    headline = _headline_of(article, mentions["title"])
    texts: dict[Field, str] = {"title": article.title, "summary": article.summary, "body": article.body}
    findings: list[FoundAct] = []
    triggered = False
    for field, text in texts.items():
        actors = [mention for mention in mentions[field] if mention.role != "within"]
        beside = headline if field != "title" else None
        found, woke = _read_field(field, text, actors, article, reading, beside)
        findings += _not_of_towns(found, text, mentions[field])
        triggered = triggered or woke
    return ReadArticle(_without_repeats(_consistent(findings)), headline, triggered)


def _read_field(
    field: Field,
    text: str,
    mentions: list[Mention],
    article: ArticleText,
    reading: ReadingKnowledge,
    headline: Sentence | None,
) -> tuple[list[FoundAct], bool]:
    published_on = _assumed_date(article)[:10]
    findings: list[FoundAct] = []
    front = LEAD_SENTENCES if field == "body" else FRONT_SENTENCES
    triggers = trigger_places(text)
    is_below = headline is not None and _names_nation(headline)
    if not (triggers or mentions or is_below) or not is_english(text, article):
        return findings, bool(findings)
    mentions = add_short_names(text, mentions)
    limit = {"title": TITLE_SENTENCES, "summary": SUMMARY_SENTENCES, "body": READ_SENTENCES}[field]
    spans = _pieces(spans_read(field, text, limit))[: limit if triggers else front]

    home = home_of(field, text, mentions)

    @cache
    def sentence_at(number: int) -> Sentence:
        return read_sentence(field, text, number, spans[number], mentions, home)

    previous: list[FoundAct] = []
    for number, (start, end) in enumerate(spans):
        is_triggered = bisect_left(triggers, start) < bisect_left(triggers, end)
        is_named = number < front and any(start <= mention.start < end for mention in mentions)
        is_named = is_named or (number == 0 and is_below)
        earlier, previous = previous, []
        if not (is_triggered or is_named):  # most sentences
            continue
        context = SentenceContext(sentence_at(number - 1) if number else None, headline)
        if is_worth_a_parse(sentence_at(number), context, reading, is_triggered=is_triggered):
            previous = _read_sentence(sentence_at(number), context, published_on, earlier, reading)
        findings += previous
    return findings, bool(triggers or findings)


def _names_nation(headline: Sentence) -> bool:
    """Whether "it", in the sentence below, may be a nation."""
    return any(word.mention is not None and word.mention.entity.kind == "nation" for word in headline.words)


def _read_sentence(
    sentence: Sentence,
    context: SentenceContext,
    published_on: str,
    previous: list[FoundAct],
    reading: ReadingKnowledge,
) -> list[FoundAct]:
    """The acts of a sentence, ranked by its claims; `previous` are those of the sentence before."""
    before = context.before
    read = reading.read(sentence, context, published_on)
    found = find_acts(read, published_on)
    learned = read_first(read.encoded, at_least=NOTICED_AT)
    parsed = ParsedSentence(read.tree, before, reading.lexicon)
    every = with_claims(
        parsed, learned, found, previous, lambda: None if before is None else reading.parsed(before), published_on
    )
    if sentence.field != "body" or not every:
        return every
    in_place = reading.encoded_in_place(sentence, context, published_on)
    return [_with_news(each, read.encoded, in_place) for each in every]


def _not_of_towns(findings: list[FoundAct], text: str, mentions: Sequence[Mention]) -> list[FoundAct]:
    """The findings without those of towns and provinces that lists have as parts of a nation: none acts for it."""
    within = {unknown_entity(text[one.start : one.end], "other").id for one in mentions if one.role == "within"}
    return [each for each in findings if not each.actors or not each.actor_ids <= within]


def _with_news(finding: FoundAct, encoded: EncodedSentence, in_place: EncodedSentence) -> FoundAct:
    """The finding with what its sentence says of news and history."""
    kind = FIRST if finding.claims_first else finding.action
    return msgspec.structs.replace(
        finding, told_now=told_now(encoded, kind), told_now_in_place=told_now(in_place, kind)
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


def _consistent(findings: list[FoundAct]) -> list[FoundAct]:
    """The findings without those that the title contradicts: headlines report news, and the text repeats it.

    If an act is denied, planned, demanded or only possible in the title, an assertion of it in summary or body is
    treated as a misreading. A denial that names nobody ("no recognition for Kosovo") is one of all.
    """
    titles = [finding for finding in findings if finding.sentence.field == "title"]
    held = {_act_of(finding) for finding in titles if finding.status not in {"asserted", "historical"}}
    in_title = {_act_of(finding) for finding in titles if _is_asserted(finding)}
    denied = [(one.action, one.target_ids) for one in titles if one.status == "negated" and not one.actors]
    return [
        finding
        for finding in findings
        if not _is_asserted(finding)
        or _act_of(finding) in in_title
        or not (
            _act_of(finding) in held
            or any(action == finding.action and targets & finding.target_ids for action, targets in denied)
        )
    ]


def _without_repeats(findings: list[FoundAct]) -> list[FoundAct]:
    """The findings without those that tell as past what others tell as news: on the same day it is the same act."""
    today = {(_act_of(finding), finding.act_date) for finding in findings if _is_asserted(finding)}
    return [
        finding
        for finding in findings
        if finding.status != "historical" or (_act_of(finding), finding.act_date) not in today
    ]


def _is_asserted(finding: FoundAct) -> bool:
    return finding.status == "asserted"


def _act_of(finding: FoundAct) -> tuple[str, frozenset[str], frozenset[str]]:
    """What two findings of one act share; a rank gives a direction to an act that has none without."""
    if finding.action in WITHOUT_DIRECTION:
        return finding.action, finding.party_ids, frozenset()
    return finding.action, finding.actor_ids, finding.target_ids


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
    grade = best_of(finding.grade for finding in group)
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

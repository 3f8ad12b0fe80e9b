"""News and background: an article has one news; most of what its later paragraphs tell is history.

So is most of what a text tells that is no news: an explainer, a review, a scenario, an obituary.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.dates import is_long_past
from firstwire.core.events.findings import LEARNED, FoundAct, Grade
from firstwire.core.events.news_features import ToldActs, is_open, news_features, told_of
from firstwire.core.language.linear_models import LinearModel

_TITLE_LENGTH = 200
_UNREAL = frozenset({"hoax", "review", "scenario"})
"""Genres that tell in the present what never was, is past or may come."""
NEWS_AT = 0.4
"""Least probability by which an act of the body is the news of its article."""
SURE_NEWS_AT = 0.65
"""The same for one that is sure."""
_GENRES = (
    ("hoax", r"^(?:fake|false|hoax|satire|parody|fact[- ]?check(?:ed)?)\b\s*[:!|–—-]"),
    ("scenario", r"what if\b|how .+ (?:could|might|may)\b|could .+\?|scenarios?\b|what (?:would|could) happen|wargam"),
    (
        "explainer",
        r"explainer|explained|q ?& ?a\b|a (?:short |brief |quick )?guide|what (?:is|are|does|do|to know|we know)\b"
        r"|who (?:is|are)\b|how (?:do|does|many|the)\b|why\b|\d+ things|key (?:facts|dates)|factbox|fact check"
        r"|timeline|at a glance|in numbers",
    ),
    (
        "review",
        r"year in review|: the year\b|\byear-?end\b|look(?:s|ing)? back|\bin review\b"
        r"|^\w+ years on\b(?!,)|^\w+ years (?:after|since)\b[^,]*$"
        r"|^(?:a |the )?(?:short |brief )?history of|from the archives?\b",
    ),
    ("obituary", r"obituary|obituaries|\bdies\b|\bdied\b|\bdead at\b|in memoriam"),
    ("opinion", r"^(?:opinion|comment|editorial|op-ed|column|analysis|letters?|view)\b"),
    (
        "digest",
        r"\blive\b|what happened|as it happened|news in brief|round-?up|morning brief|press review|the papers"
        r"|daily brief",
    ),
)
GENRES = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _GENRES)


def genre_of(title: str) -> str | None:
    """What a title says that a text is instead of news; None for news."""
    line = title.strip().partition("\n")[0][:_TITLE_LENGTH]
    return next((name for name, pattern in GENRES if pattern.search(line)), None)


def settled(
    findings: Sequence[FoundAct], headline: Sentence | None, title: str, published_on: str, news: LinearModel
) -> list[FoundAct]:
    """The findings, with those of the body that are told as background made historical, and the news among them
    asserted; in a review or scenario all are background."""
    genre = genre_of(title)
    told = told_of(findings, headline, genre, published_on)
    likely = [_likely(each, told, news) for each in findings]
    doubts = _doubts(findings, likely)
    found = [
        _settled(each, told, probability, min(1 - probability, doubts.get(_act(each), 1.0)))
        for each, probability in zip(findings, likely, strict=True)
    ]
    if genre is not None:
        return found
    grades = _grades_of_news(found)
    return [
        msgspec.structs.replace(before, grade=grades[_act(before)])
        if _is_news_elsewhere(before, after, grades, published_on)
        else after
        for before, after in zip(findings, found, strict=True)
    ]


_Act = tuple[str, frozenset[str], frozenset[str]]


def _act(finding: FoundAct) -> _Act:
    """What makes two findings the same act."""
    return finding.action, finding.actor_ids, finding.target_ids


def _doubts(findings: Sequence[FoundAct], likely: Sequence[float]) -> dict[_Act, float]:
    """How likely it is of each act that none of the sentences that may tell it as news does; what is said twice counts
    once."""
    doubts: dict[_Act, float] = {}
    texts: set[tuple[_Act, str]] = set()
    for each, probability in zip(findings, likely, strict=True):
        act = _act(each)
        if each.status == "asserted" and probability >= NEWS_AT and (act, each.sentence.text) not in texts:
            texts.add((act, each.sentence.text))
            doubts[act] = doubts.get(act, 1.0) * (1 - probability)
    return doubts


def _grades_of_news(found: Sequence[FoundAct]) -> dict[_Act, Grade]:
    """The best grade of each act that is asserted."""
    grades: dict[_Act, Grade] = {}
    for each in found:
        if each.status == "asserted" and (_act(each) not in grades or each.grade.certainty == "sure"):
            grades[_act(each)] = each.grade
    return grades


def _is_news_elsewhere(before: FoundAct, after: FoundAct, acts: Collection[_Act], published_on: str) -> bool:
    """Whether an act that a sentence asserts is news by another sentence: then it is in both."""
    is_lost = before.status == "asserted" and after.status == "historical"
    return is_lost and _act(before) in acts and not is_long_past(before.act_date, published_on)


def _likely(finding: FoundAct, told: ToldActs, news: LinearModel) -> float:
    """How likely a finding is the news of its article, if it may be background; else 0."""
    if not is_open(finding):
        return 0.0
    (probability,) = news.probabilities(news_features(finding, told)).values()
    return probability


def _settled(finding: FoundAct, told: ToldActs, probability: float, doubt: float) -> FoundAct:
    """`doubt`: that none of the sentences that tell it as news does."""
    if finding.status == "asserted" and _is_of_genre(finding, told.genre):
        return _as_background(finding, str(told.genre))
    if _is_otherwise_in_title(finding, told):
        return _as_background(finding, "the title names another for it")
    if not is_open(finding) or (finding.status == "asserted" and _is_told_in_front(finding, told)):
        return finding
    if probability < NEWS_AT or is_long_past(finding.act_date, told.published_on):
        if finding.status == "historical":
            return finding
        return _as_background(finding, told.genre or f"not the news of the article, {probability:.2f}")
    if finding.status == "historical":
        grade = Grade("unsure", f"may be background ({1 - probability:.2f})")
        return msgspec.structs.replace(
            finding, status="asserted", cue=f"the news of the article, {probability:.2f}", grade=grade
        )
    if 1 - doubt < SURE_NEWS_AT:
        grade = Grade("unsure", f"may be background ({1 - probability:.2f})")
        return msgspec.structs.replace(finding, grade=grade)
    return finding


def _is_of_genre(finding: FoundAct, genre: str | None) -> bool:
    """Whether a text of no news tells it; a title may be news above an explainer."""
    if finding.sentence.names_day():
        return False
    return genre in _UNREAL or (
        genre is not None and finding.sentence.field == "summary" and LEARNED not in finding.readers
    )


def _is_otherwise_in_title(finding: FoundAct, told: ToldActs) -> bool:
    """Whether one reading alone tells what the title asserts of another: "his government recognizes it"."""
    is_read_alone = len(finding.readers) == 1 and finding.status == "asserted" and finding.sentence.field != "title"
    return is_read_alone and any(
        each.action == finding.action
        and each.status == "asserted"
        and each.sentence.field == "title"
        and each.target_ids & finding.target_ids
        and not each.actor_ids & finding.actor_ids
        for each in told.findings
    )


def _is_told_in_front(finding: FoundAct, told: ToldActs) -> bool:
    """Whether title or summary tells the same act as news."""
    return any(
        each.action == finding.action
        and each.status == "asserted"
        and each.sentence.field != "body"
        and finding.actor_ids & each.actor_ids
        and (not finding.targets or finding.target_ids & each.target_ids)
        for each in told.findings
    )


def _as_background(finding: FoundAct, why: str) -> FoundAct:
    grade = Grade("unsure", f"told as background ({why})")
    return msgspec.structs.replace(finding, status="historical", cue=f"background: {why}", grade=grade)

"""News and background: an article has one news; what its later paragraphs tell without a day is history.

The same holds for everything in a text that tells no news: an explainer, a review, a scenario, an obituary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from firstwire.core.events.findings import LEARNED, FoundAct, Grade

_TITLE_LENGTH = 200
_UNREAL = frozenset({"review", "scenario"})
"""Genres that tell in the present what is past or may come."""
LEAD_SENTENCES = 2
"""Sentences of the body that tell the news, after title and summary."""
_GENRES = (
    ("scenario", r"what if\b|how .+ (?:could|might|may)\b|could .+\?|scenarios?\b|what (?:would|could) happen|wargam"),
    (
        "explainer",
        r"explainer|explained|q ?& ?a\b|a (?:short |brief |quick )?guide|what (?:is|are|does|do|to know|we know)\b"
        r"|who (?:is|are)\b|how (?:do|does|many|the)\b|why\b|\d+ things|key (?:facts|dates)|factbox|fact check"
        r"|timeline|at a glance|in numbers",
    ),
    (
        "review",
        r"year in review|: the year\b|\byear-?end\b|look(?:s|ing)? back|\bin review\b|^\w+ years (?:on|after|since)\b"
        r"|history of|from the archives?",
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


def settled(findings: Sequence[FoundAct], title: str) -> list[FoundAct]:
    """The findings, with those that are told as background made historical. The learned reading knows what is news."""
    genre = genre_of(title)
    news = [each for each in findings if each.status == "asserted" and (_is_in_front(each) or LEARNED in each.readers)]
    return [_settled(each, news, genre) for each in findings]


def _settled(finding: FoundAct, news: Sequence[FoundAct], genre: str | None) -> FoundAct:
    if finding.status != "asserted" or finding.foreign is not None or finding.sentence.names_day():
        return finding
    if finding.sentence.field == "title" and genre not in _UNREAL:
        return finding
    if genre is not None and (genre in _UNREAL or LEARNED not in finding.readers):
        return _as_background(finding, genre)
    if _is_in_front(finding) or LEARNED in finding.readers or any(_is_same(finding, each) for each in news):
        return finding
    return _as_background(finding, "later paragraph")


def _as_background(finding: FoundAct, why: str) -> FoundAct:
    grade = Grade("unsure", f"told as background ({why})")
    return msgspec.structs.replace(finding, status="historical", cue=f"background: {why}", grade=grade)


def _is_in_front(finding: FoundAct) -> bool:
    return finding.sentence.field != "body" or finding.sentence.number < LEAD_SENTENCES


def _is_same(finding: FoundAct, news: FoundAct) -> bool:
    one, other = ({each.id for each in (*act.actors, *act.targets)} for act in (finding, news))
    return finding.action == news.action and bool(one & other)

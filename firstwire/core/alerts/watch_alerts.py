"""Alerts on matches: one for each watch and story, raised by the first article and carried on by developments.

The matches of one watch and story come in one partition, in order. So unlike alerts on events, which any order of
reports must leave the same, these are folded in the order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from firstwire.core.alerts.alerting import Alerted
from firstwire.core.alerts.developments import Telling, news_mark, telling_of
from firstwire.core.alerts.fusion import alert_id_of, alert_of, folded
from firstwire.core.alerts.states import WatchAlertState
from firstwire.core.state import WATCH_STATE, Change
from firstwire.core.text.wording import cut, one_line
from schemas.alert import Alert, Development, Subject, Verdict, VerdictKind
from schemas.event import Match
from schemas.state import AlertMemory, Report, WatchedArticle

T = TypeVar("T")

ARTICLES_KEPT = 1_000
"""Articles remembered of an alert: three times the largest story seen. The first is kept, then the newest: a report
that retells one no longer remembered is told again rather than never."""

DEVELOPMENTS_KEPT = 200
"""Developments listed in an alert, the newest: more than anybody reads. The others are counted."""

DEVELOPMENTS_LIMIT_BYTES = 150_000
NAMES_LIMIT_BYTES = 40_000
"""Total size of the article ids of an alert, its outlets, its origins and its tags, each: with these limits the memory
of any alert fits into one Kafka record."""

TITLE_LIMIT = 300
SOURCE_LIMIT = 200
URL_LIMIT = 2_048
"""Longer addresses are not shown to readers anyway."""


def raise_watch_alerts(state: WatchAlertState, match: Match) -> Alerted:
    """Fold a match into the alert of its story under its watch."""
    if match.held_back:
        return Alerted(verdicts=(_verdict(match, Telling(VerdictKind.HELD_BACK, match.held_back), None),))
    subject = Subject(story=match.story_id)
    alert_id = alert_id_of(match.rule_id, subject)
    before = state.alerts.get(alert_id)
    articles = _articles_of(before)
    telling = telling_of(match, {article.article_id: article for article in articles})
    verdict = _verdict(match, telling, alert_id)
    if telling.is_known:
        return Alerted(verdicts=(verdict,))
    blank = AlertMemory(alert_id=alert_id, rule_id=match.rule_id, subject=subject, supporting=(), reports=())
    memory = _remembered(before or blank, match, telling, articles)
    alert = _alert(memory, before.alert if before is not None else None, match, telling)
    return Alerted((alert,), (verdict,), (Change(WATCH_STATE, alert_id, msgspec.structs.replace(memory, alert=alert)),))


def _articles_of(memory: AlertMemory | None) -> tuple[WatchedArticle, ...]:
    """The articles of an alert; of one that an earlier version raised, as its revisions name them."""
    if memory is None or memory.articles:
        return memory.articles if memory is not None else ()
    newest: dict[str, str] = {}
    for revision in memory.supporting:
        newest[revision.article_id] = max(newest.get(revision.article_id, ""), revision.fetched_at)
    return tuple(
        WatchedArticle(
            article_id=article_id,
            fetched_at=fetched_at,
            verdict=VerdictKind.JOINED if number else VerdictKind.RAISED,
        )
        for number, (article_id, fetched_at) in enumerate(newest.items())
    )


def _remembered(
    memory: AlertMemory, match: Match, telling: Telling, articles: tuple[WatchedArticle, ...]
) -> AlertMemory:
    """The memory with one more revision. Of the reports only that of the first article is kept: the alert quotes it."""
    report = Report(article_id=match.article_id, context=match.context, evidence=match.evidence)
    first = articles[0].article_id if articles else match.article_id
    lead = next((each for each in memory.reports if each.article_id == first), None) or next(iter(memory.reports), None)
    supporting = memory.supporting[:1] or folded(memory, report).supporting
    tags = memory.tags or tuple(sorted({tag for each in memory.reports for tag in each.context.tags}))
    return msgspec.structs.replace(
        memory,
        reports=(report if lead is None or lead.article_id == match.article_id else lead,),
        supporting=supporting,
        articles=_with_article(articles, match, telling),
        tags=_grown(tags, match.context.tags),
    )


def _with_article(articles: tuple[WatchedArticle, ...], match: Match, telling: Telling) -> tuple[WatchedArticle, ...]:
    article = WatchedArticle(
        article_id=match.article_id,
        fetched_at=match.context.fetched_at,
        verdict=telling.verdict,
        news=news_mark(match),
        untold=telling.is_untold,
    )
    for number, held in enumerate(articles):
        if held.article_id == match.article_id:
            is_told = telling.verdict is VerdictKind.DEVELOPMENT and held.verdict is not VerdictKind.RAISED
            newer = msgspec.structs.replace(
                article, verdict=telling.verdict if is_told else held.verdict, news=article.news or held.news
            )
            return (*articles[:number], newer, *articles[number + 1 :])
    newest = _newest(articles[1:], ARTICLES_KEPT - 2, NAMES_LIMIT_BYTES, lambda each: _bytes(each.article_id))
    return (*articles[:1], *newest, article)


def _alert(memory: AlertMemory, before: Alert | None, match: Match, telling: Telling) -> Alert:
    """The alert with one more revision: about its first article, with what others added to it."""
    alert = alert_of(
        memory,
        rule_version=match.rule_version,
        kind="watch",
        severity=match.severity,
        tags=match.tags,
        novelty=None,
        life="raised" if before is None else "updated",
        shadow=match.shadow,
    )
    is_itself = match.development_of is None
    context = match.context
    so_far = before.developments_so_far if before is not None else 0
    developments = before.developments if before is not None else ()
    if telling.verdict is VerdictKind.DEVELOPMENT:
        so_far += 1
        limit_bytes = DEVELOPMENTS_LIMIT_BYTES
        kept = _newest(developments, DEVELOPMENTS_KEPT - 1, limit_bytes, lambda each: len(msgspec.json.encode(each)))
        developments = (*kept, _development(match, telling))
    return msgspec.structs.replace(
        alert,
        revision=before.revision + 1 if before is not None else 1,
        articles=tuple(article.article_id for article in memory.articles),
        outlets=_grown(before.outlets if before else (), (context.source,) if is_itself and context.source else ()),
        origins=_grown(before.origins if before else (), (context.origin_id,) if is_itself else ()),
        developments=developments,
        developments_dropped=so_far - len(developments),
        tags=tuple(sorted({*memory.tags, *match.tags})),
    )


def _development(match: Match, telling: Telling) -> Development:
    context = match.context
    return Development(
        article_id=match.article_id,
        published_at=context.published_at,
        fetched_at=context.fetched_at,
        what=telling.what,
        title=cut(one_line(context.title), TITLE_LIMIT),
        url=context.url if context.url is not None and len(context.url) <= URL_LIMIT else None,
        source=cut(one_line(context.source), SOURCE_LIMIT) if context.source is not None else None,
    )


def _newest(held: Sequence[T], count: int, limit_bytes: int, size_of: Callable[[T], int]) -> tuple[T, ...]:
    """The newest that fit, at most `count`, in their order."""
    kept: list[T] = []
    size = 0
    for each in reversed(held[-count:]):
        size += size_of(each)
        if size > limit_bytes:
            break
        kept.append(each)
    return tuple(reversed(kept))


def _grown(held: tuple[str, ...], more: Sequence[str]) -> tuple[str, ...]:
    """The names, sorted, with those more that fit."""
    found = set(held)
    size = sum(map(_bytes, held))
    for name in more:
        if name not in found and size + _bytes(name) <= NAMES_LIMIT_BYTES:
            found.add(name)
            size += _bytes(name)
    return tuple(sorted(found))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _verdict(match: Match, telling: Telling, alert_id: str | None) -> Verdict:
    return Verdict(
        rule_id=match.rule_id,
        rule_version=match.rule_version,
        article_id=match.article_id,
        verdict=telling.verdict,
        alert_id=alert_id,
        partner=telling.partner,
        reason=telling.reason,
    )

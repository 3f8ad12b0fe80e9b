"""The memory of alerts on watches: the fold of the revisions of a story's articles, in the order of their arrival.

It never judges: what becomes of a revision was decided before, so that a restart under other code changes no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

import msgspec

from firstwire.core.alerts.coverage import covering, grown_coverage
from firstwire.core.alerts.fusion import alert_id_of
from schemas.alert import Alert, Development, Lead, Subject, Times, VerdictKind
from schemas.event import Context
from schemas.state import AlertMemory, Report, SupportingRevision, WatchedArticle, WatchedRevision, WatchTelling

T = TypeVar("T")

ARTICLES_KEPT = 1_000
"""Articles remembered of an alert: three times the largest story seen. The first is kept, then the newest: a report
that retells one no longer remembered is told again rather than never."""

DEVELOPMENTS_KEPT = 200
"""Developments listed in an alert, the newest: more than anybody reads. The others are counted."""

DEVELOPMENTS_LIMIT_BYTES = 150_000
NAMES_LIMIT_BYTES = 40_000
"""Total size of the article ids of an alert, its outlets, its origins and its tags, each: with these limits any alert
fits into one Kafka record."""


def remembered(alerts: Mapping[str, AlertMemory], revision: WatchedRevision) -> dict[str, AlertMemory]:
    """The memories of the alerts of a story after one more revision, by alert id."""
    about = _About(revision)
    found: dict[str, AlertMemory] = {}
    for telling in revision.tellings:
        alert_id = watch_alert_id(telling.rule_id, revision.story_id)
        before = found.get(alert_id) or alerts.get(alert_id)
        found[alert_id] = about.opened(alert_id, telling) if before is None else about.continued(before, telling)
    return found


@lru_cache(maxsize=4_096)  # asked for when a match is judged, and again when it is remembered
def watch_alert_id(rule_id: str, story_id: str) -> str:
    """The id of the alert of a watch on a story."""
    return alert_id_of(rule_id, Subject(story=story_id))


def articles_of(memory: AlertMemory | None) -> tuple[WatchedArticle, ...]:
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


class _About:
    """A revision with the parts that the alerts of all its watches have in common, made once."""

    def __init__(self, revision: WatchedRevision) -> None:
        context = revision.context
        self.revision = revision
        self.subject = Subject(story=revision.story_id)
        self.articles = (revision.article_id,)
        self.article = covering(revision.article_id, context)
        self.outlets = _grown((), (context.source,) if context.source and not revision.is_development else ())
        self.origins = _grown((), () if revision.is_development else (context.origin_id,))
        self.tags = _grown((), context.tags)
        self.lead = _lead(revision.article_id, context)
        self.times = Times(published_at=context.published_at, fetched_at=context.fetched_at)
        self.supporting = (
            SupportingRevision(
                article_id=revision.article_id,
                fetched_at=context.fetched_at,
                published_at=context.published_at,
                origin_id=context.origin_id,
                source=context.source,
            ),
        )
        self._all_tags: dict[tuple[str, ...], tuple[str, ...]] = {}
        """The tags of the article with those of a watch: many watches have the same, most none."""
        self._developments: dict[str, Development] = {}
        """By what the article adds, which is mostly the same under all watches."""

    def opened(self, alert_id: str, telling: WatchTelling) -> AlertMemory:
        """The memory of an alert that this revision raises."""
        revision, context = self.revision, self.revision.context
        tags = self._all_tags.get(telling.tags)
        if tags is None:
            tags = self._all_tags[telling.tags] = tuple(sorted({*self.tags, *telling.tags}))
        alert = Alert(
            alert_id=alert_id,
            revision=1,
            rule_id=telling.rule_id,
            rule_version=telling.rule_version,
            kind="watch",
            subject=self.subject,
            state="raised",
            severity=telling.severity,
            headline=context.title,
            articles=self.articles,
            coverage=(self.article,),
            outlets=self.outlets,
            origins=self.origins,
            tags=tags,
            times=self.times,
            evidence=telling.evidence,
            lead=self.lead,
            shadow=telling.shadow,
        )
        return AlertMemory(
            alert_id=alert_id,
            rule_id=telling.rule_id,
            subject=self.subject,
            supporting=self.supporting,
            reports=(Report(article_id=revision.article_id, context=context, evidence=telling.evidence),),
            articles=(self._watched(telling),),
            tags=self.tags,
            alert=alert,
        )

    def continued(self, memory: AlertMemory, telling: WatchTelling) -> AlertMemory:
        """The memory with one more revision. Only the report of the first article is kept: the alert quotes it."""
        revision, context = self.revision, self.revision.context
        held = articles_of(memory)
        lead = next((each for each in memory.reports if each.article_id == held[0].article_id), memory.reports[0])
        if lead.article_id == revision.article_id:
            lead = Report(article_id=revision.article_id, context=context, evidence=telling.evidence)
        known = memory.tags or tuple(sorted({tag for each in memory.reports for tag in each.context.tags}))
        tags = _grown(known, context.tags)
        articles = self._with_article(held, telling)
        alert = self._updated(memory, telling, lead, articles, tags)
        return msgspec.structs.replace(
            memory, reports=(lead,), supporting=memory.supporting[:1], articles=articles, tags=tags, alert=alert
        )

    def _watched(self, telling: WatchTelling) -> WatchedArticle:
        return WatchedArticle(
            article_id=self.revision.article_id,
            fetched_at=self.revision.context.fetched_at,
            verdict=telling.verdict,
            news=self.revision.news,
            untold=telling.untold,
        )

    def _with_article(self, articles: tuple[WatchedArticle, ...], telling: WatchTelling) -> tuple[WatchedArticle, ...]:
        article = self._watched(telling)
        for number, held in enumerate(articles):
            if held.article_id == article.article_id:
                is_told = telling.verdict is VerdictKind.DEVELOPMENT and held.verdict is not VerdictKind.RAISED
                newer = msgspec.structs.replace(
                    article, verdict=telling.verdict if is_told else held.verdict, news=article.news or held.news
                )
                return (*articles[:number], newer, *articles[number + 1 :])
        newest = _newest(articles[1:], ARTICLES_KEPT - 2, NAMES_LIMIT_BYTES, lambda each: _bytes(each.article_id))
        return (*articles[:1], *newest, article)

    def _updated(
        self,
        memory: AlertMemory,
        telling: WatchTelling,
        lead: Report,
        articles: tuple[WatchedArticle, ...],
        tags: tuple[str, ...],
    ) -> Alert:
        """The alert with one more revision: about its first article, with what others added to it."""
        before = memory.alert
        assert before is not None  # a watch raises its alert with the first report
        so_far = before.developments_so_far
        developments = before.developments
        if telling.verdict is VerdictKind.DEVELOPMENT:
            so_far += 1
            limit_bytes = DEVELOPMENTS_LIMIT_BYTES
            kept = _newest(
                developments, DEVELOPMENTS_KEPT - 1, limit_bytes, lambda each: len(msgspec.json.encode(each))
            )
            if telling.what not in self._developments:
                self._developments[telling.what] = self._development(telling.what)
            developments = (*kept, self._developments[telling.what])
        return Alert(
            alert_id=before.alert_id,
            revision=before.revision + 1,
            rule_id=before.rule_id,
            rule_version=telling.rule_version,
            kind="watch",
            subject=before.subject,
            state="updated",
            severity=telling.severity,
            headline=lead.context.title,
            articles=tuple(article.article_id for article in articles),
            coverage=grown_coverage(before.coverage, self.article),
            outlets=_grown(before.outlets, self.outlets),
            origins=_grown(before.origins, self.origins),
            developments=developments,
            developments_dropped=so_far - len(developments),
            tags=tuple(sorted({*tags, *telling.tags})),
            times=Times(published_at=lead.context.published_at, fetched_at=memory.supporting[0].fetched_at),
            evidence=lead.evidence,
            lead=_lead(lead.article_id, lead.context),
            shadow=telling.shadow,
        )

    def _development(self, what: str) -> Development:
        article = self.article
        return Development(
            article_id=article.article_id,
            published_at=article.published_at,
            fetched_at=article.fetched_at,
            what=what,
            title=article.title,
            url=article.url,
            source=article.source,
        )


def _lead(article_id: str, context: Context) -> Lead:
    return Lead(article_id=article_id, title=context.title, url=context.url, source=context.source)


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

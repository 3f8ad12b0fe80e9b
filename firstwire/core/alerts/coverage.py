"""Coverage: the articles of an alert by title, address, outlet, origin and times, for readers who know no ids."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.text.wording import cut, one_line
from schemas.alert import CoveringArticle
from schemas.event import Context
from schemas.state import Report

COVERAGE_KEPT = 100
"""Articles told by title: more than anybody reads. All are told by id."""

COVERAGE_LIMIT = 40_000
"""Code points of all titles, outlets and addresses: any alert fits into one Kafka record with all that it lists."""

TITLE_LIMIT = 300
SOURCE_LIMIT = 200
URL_LIMIT = 2_048
"""Longer addresses are not shown to readers anyway."""


def covering(article_id: str, context: Context) -> CoveringArticle:
    """One article, each text one line."""
    return CoveringArticle(
        article_id=article_id,
        title=cut(one_line(context.title), TITLE_LIMIT),
        url=context.url if context.url is not None and len(context.url) <= URL_LIMIT else None,
        source=cut(one_line(context.source), SOURCE_LIMIT) if context.source is not None else None,
        language=context.language,
        origin_id=context.origin_id,
        published_at=context.published_at,
        fetched_at=context.fetched_at,
    )


def coverage_of(reports: Iterable[Report]) -> tuple[CoveringArticle, ...]:
    """The articles of reports in their order, each once by its newest report, the first that fit."""
    newest: dict[str, Report] = {}
    for report in reports:
        held = newest.setdefault(report.article_id, report)
        if report.context.fetched_at > held.context.fetched_at:
            newest[report.article_id] = report
    return _fitting([covering(report.article_id, report.context) for report in newest.values()])


def grown_coverage(held: tuple[CoveringArticle, ...], more: CoveringArticle) -> tuple[CoveringArticle, ...]:
    """With one more article, which replaces an earlier revision of it: the first and the newest that fit."""
    for number, each in enumerate(held):
        if each.article_id == more.article_id:
            return _fitting((*held[:number], more, *held[number + 1 :]))
    newest = _fitting((more, *held[:0:-1]), COVERAGE_KEPT - 1, COVERAGE_LIMIT - sum(map(_length, held[:1])))
    return (*held[:1], *newest[::-1])


def _fitting(
    articles: Iterable[CoveringArticle], count: int = COVERAGE_KEPT, limit: int = COVERAGE_LIMIT
) -> tuple[CoveringArticle, ...]:
    kept: list[CoveringArticle] = []
    for each in articles:
        limit -= _length(each)
        if len(kept) == count or limit < 0:
            break
        kept.append(each)
    return tuple(kept)


def _length(article: CoveringArticle) -> int:
    """Cheap, since every alert of a story is measured anew with each article."""
    return len(article.title) + len(article.url or "") + len(article.source or "")

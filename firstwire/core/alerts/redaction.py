"""An alert without what it quotes of articles that were taken down."""

from __future__ import annotations

from collections.abc import Container

import msgspec

from schemas.alert import Alert, CoveringArticle, Lead


def redacted(alert: Alert, taken_down: Container[str]) -> Alert | None:
    """The alert as it may be shown; the same object if it has none of these articles, None if it has no other.

    What it says of the act itself stays: who did what is no text of an article.
    """
    kept = tuple(article_id for article_id in alert.articles if article_id not in taken_down)
    if len(kept) == len(alert.articles) and alert.lead.article_id not in taken_down:
        return alert
    if not kept:
        return None
    coverage = tuple(each for each in alert.coverage if each.article_id not in taken_down)
    developments = tuple(each for each in alert.developments if each.article_id not in taken_down)
    shown = msgspec.structs.replace(alert, articles=kept, coverage=coverage, developments=developments)
    if alert.lead.article_id not in taken_down:
        return shown
    lead = _lead(coverage, kept[0])
    return msgspec.structs.replace(
        shown,
        lead=lead,
        evidence=(),  # spans of the lead's fields
        headline=lead.title if alert.subject.story is not None else alert.headline,
    )


def _lead(coverage: tuple[CoveringArticle, ...], otherwise: str) -> Lead:
    if not coverage:
        return Lead(article_id=otherwise, title=otherwise)
    first = coverage[0]
    return Lead(article_id=first.article_id, title=first.title, url=first.url, source=first.source)

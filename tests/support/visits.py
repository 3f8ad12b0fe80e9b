"""Visits as pure decisions, without servers."""

from __future__ import annotations

from datetime import UTC, datetime

from firstwire.poller.answers import Failed, Fetched, NotModified
from firstwire.poller.document import FeedDocument, FeedEntry
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.headers import Validators
from firstwire.poller.pace import VisitInterval
from firstwire.poller.subscriptions import Subscription
from firstwire.poller.visit import Visit, VisitRules, visit_changed, visit_failed, visit_unchanged
from schemas.feed import FeedState

URL = "https://harbour.example/feed.xml"
NOW = datetime(2025, 7, 3, 15, 0, 0, 123_000, tzinfo=UTC)
NO_OPTIONS = FeedOptions()
PUBLIC = VisitInterval(900.0)
OWN = VisitInterval(900.0, 0.0)


def rules(now: datetime = NOW, pace: VisitInterval = PUBLIC, **fields: object) -> VisitRules:
    return VisitRules(pace, 100, now, **fields)  # type: ignore[arg-type]


def changed(
    state: FeedState,
    *entries: FeedEntry,
    document: FeedDocument | None = None,
    answer: Fetched | None = None,
    by: VisitRules | None = None,
    title: str | None = None,
    options: FeedOptions = NO_OPTIONS,
) -> Visit:
    """A visit that finds a new document with these entries, or this one."""
    return visit_changed(
        state,
        Subscription(url=state.url, title=title, options=options, place="test"),
        document or FeedDocument(entries=entries, language="en"),
        answer or Fetched(state.url, b"", "", Validators(etag='"1"')),
        "h",
        by or rules(),
    )


def unchanged(state: FeedState, by: VisitRules | None = None, **fields: object) -> Visit:
    """A visit that is answered "not modified"."""
    return visit_unchanged(state, NotModified(Validators(), **fields), by or rules())  # type: ignore[arg-type]


def failed(state: FeedState, reason: str = "HTTP 500", by: VisitRules | None = None, **fields: object) -> Visit:
    """A visit that fails."""
    return visit_failed(state, Failed(reason, **fields), by or rules())  # type: ignore[arg-type]

"""The result of one visit to a feed: new articles, and the state to remember. Pure; the loop acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import msgspec

from firstwire.core.stories.identity import content_hash
from firstwire.poller.document import REASON_LIMIT_CHARACTERS, TITLE_LIMIT_CHARACTERS, FeedDocument
from firstwire.poller.entries import UNDETERMINED, FeedFacts, articles_of
from firstwire.poller.headers import Validators
from firstwire.poller.links import host_of, redacted
from firstwire.poller.pace import VisitInterval
from firstwire.poller.plaintext import encodable
from firstwire.poller.schedule import Wishes, next_poll_at
from firstwire.poller.subscriptions import Subscription
from schemas.article import Article
from schemas.feed import FeedState
from schemas.times import format_timestamp

KNOWN_LIMIT = 8_000
"""Entries remembered of a feed, the newest: 70 bytes each, so that its state stays below the limit of a record."""


@dataclass(frozen=True)
class Visit:
    """The result: articles to publish, oldest first, and the state to save once they are safe."""

    articles: tuple[Article, ...]
    state: FeedState


def in_lane(visit: Visit, *, was_slow: bool) -> Visit:
    """The visit with the lane of the feed's next one."""
    return Visit(visit.articles, msgspec.structs.replace(visit.state, lane="slow" if was_slow else "normal"))


def visit_unchanged(
    state: FeedState,
    validators: Validators,
    wishes: Wishes,
    pace: VisitInterval,
    now: datetime,
    *,
    renewed: bool = False,
) -> Visit:
    """The feed has not changed. `renewed`: it was a full response, so validators that it lacks are dropped."""
    return Visit(
        (),
        msgspec.structs.replace(
            _checked(state, wishes, pace, now),
            etag=validators.etag or (None if renewed else state.etag),
            last_modified=validators.last_modified or (None if renewed else state.last_modified),
        ),
    )


def visit_changed(
    state: FeedState,
    subscription: Subscription,
    document: FeedDocument,
    *,
    body_hash: str,
    validators: Validators,
    fresh_seconds: float | None,
    pace: VisitInterval,
    entry_limit: int,
    now: datetime,
    is_partial: bool = False,
) -> Visit:
    """A new document: entries with new or changed content are articles to publish."""
    language = document.language or state.language or document.detected_language
    title = (document.title or state.title or "")[:TITLE_LIMIT_CHARACTERS] or None
    facts = FeedFacts(
        url=state.url,
        outlet=title or (subscription.title or "")[:TITLE_LIMIT_CHARACTERS] or host_of(state.url),
        language=language or UNDETERMINED,
        fetched_at=now,
        known=state.entries,
        shared=state.shared,
    )
    found = articles_of(document.entries, facts)
    hashes = {article.article_id: content_hash(article) for article in found.articles}
    fresh = tuple(
        article for article in found.articles if state.entries.get(article.article_id) != hashes[article.article_id]
    )
    if document.fault is not None or is_partial:
        # Keep the entries that a truncated document lacks
        older = ((known, content) for known, content in state.entries.items() if known not in hashes)
        hashes = dict(islice(older, entry_limit)) | hashes
    hashes = dict(islice(hashes.items(), max(0, len(hashes) - KNOWN_LIMIT), None))
    wishes = Wishes(
        ttl_seconds=document.ttl_seconds,
        update_period_seconds=document.update_period_seconds,
        fresh_seconds=fresh_seconds,
    )
    return Visit(
        fresh,
        msgspec.structs.replace(
            _checked(state, wishes, pace, now),
            title=title,
            language=language,
            etag=validators.etag,
            last_modified=validators.last_modified,
            body_hash=body_hash,
            wish_seconds=max(filter(None, (document.ttl_seconds, document.update_period_seconds)), default=None),
            entries=hashes,
            shared=found.shared,
            garbled=document.garbled,
            health="ok" if document.garbled is None else "mojibake",
            changed_at=format_timestamp(now) if fresh else state.changed_at,
        ),
    )


def visit_failed(
    state: FeedState,
    reason: str,
    pace: VisitInterval,
    now: datetime,
    *,
    retry_after_seconds: float | None = None,
    gone: bool = False,
) -> Visit:
    """The visit failed; the state is kept. Waits grow with the failures; `gone` ends polling."""
    failures = state.failures + 1
    wishes = Wishes(retry_after_seconds=retry_after_seconds)
    return Visit(
        (),
        msgspec.structs.replace(
            state,
            checked_at=format_timestamp(now),
            next_poll_at=_next(state, wishes, pace, now, failures),
            failures=failures,
            last_error=encodable(f"{redacted(state.url)}: {reason}")[:REASON_LIMIT_CHARACTERS],
            health="gone" if gone else "failing",
        ),
    )


def _checked(state: FeedState, wishes: Wishes, pace: VisitInterval, now: datetime) -> FeedState:
    return msgspec.structs.replace(
        state,
        checked_at=format_timestamp(now),
        next_poll_at=_next(state, wishes, pace, now, 0),
        failures=0,
        last_error=None,
        health="ok" if state.garbled is None else "mojibake",
    )


def _next(state: FeedState, wishes: Wishes, pace: VisitInterval, now: datetime, failures: int) -> str:
    moment = next_poll_at(
        now,
        state.url,
        interval_seconds=pace.interval_seconds,
        wishes=wishes,
        failures=failures,
        floor_seconds=pace.floor_seconds,
    )
    return format_timestamp(moment)

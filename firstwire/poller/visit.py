"""The result of one visit to a feed: new articles, and the state to remember. Pure; the loop acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import msgspec

from firstwire.core.stories.identity import content_hash
from firstwire.poller.answers import Failed, Fetched, NotModified
from firstwire.poller.document import REASON_LIMIT_CHARACTERS, TITLE_LIMIT_CHARACTERS, FeedDocument
from firstwire.poller.entries import UNDETERMINED, FeedFacts, articles_of
from firstwire.poller.links import host_of, redacted
from firstwire.poller.pace import VisitInterval
from firstwire.poller.plaintext import encodable
from firstwire.poller.rhythm import GAP_SHOWN_FOR, is_gap, pace_after_news, pace_without_news
from firstwire.poller.schedule import Wishes, next_poll_at
from firstwire.poller.subscriptions import Subscription
from schemas.article import Article
from schemas.feed import FeedState, Health
from schemas.times import format_timestamp, parse_timestamp

KNOWN_LIMIT = 8_000
"""Entries remembered of a feed, the newest: 70 bytes each, so that its state stays below the limit of a record."""


@dataclass(frozen=True)
class VisitRules:
    """How a feed is visited. `now` is aware."""

    pace: VisitInterval
    entry_limit: int
    now: datetime


@dataclass(frozen=True)
class Visit:
    """The result: articles to publish, oldest first, and the state to save once they are safe."""

    articles: tuple[Article, ...]
    state: FeedState
    has_gap: bool = False
    """Entries may have been missed since the visit before."""


def visit_unchanged(state: FeedState, answer: NotModified | Fetched, rules: VisitRules) -> Visit:
    """The feed has not changed. Validators that a full response lacks are dropped."""
    validators, is_full = answer.validators, isinstance(answer, Fetched)
    wishes = Wishes(
        ttl_seconds=state.wish_seconds,
        fresh_seconds=answer.fresh_seconds,
        skip_hours=state.skip_hours,
        skip_days=state.skip_days,
    )
    changed_at = None if state.changed_at is None else parse_timestamp(state.changed_at)
    seen = msgspec.structs.replace(
        state,
        pace=pace_without_news(state.pace, rules.pace, changed_at, rules.now),
        etag=validators.etag or (None if is_full else state.etag),
        last_modified=validators.last_modified or (None if is_full else state.last_modified),
        # The lane of a feed whose document was not read stays
        lane="slow" if answer.was_slow or (is_full and state.lane == "slow") else "normal",
    )
    return Visit((), _succeeded(seen, wishes, rules))


def visit_changed(
    state: FeedState,
    subscription: Subscription,
    document: FeedDocument,
    answer: Fetched,
    body_hash: str,
    rules: VisitRules,
) -> Visit:
    """A new document: entries with new or changed content are articles to publish."""
    language = document.language or state.language or document.detected_language
    title = (document.title or state.title or "")[:TITLE_LIMIT_CHARACTERS] or None
    facts = FeedFacts(
        url=state.url,
        outlet=title or (subscription.title or "")[:TITLE_LIMIT_CHARACTERS] or host_of(state.url),
        language=language or UNDETERMINED,
        fetched_at=rules.now,
        known=state.entries,
        shared=state.shared,
    )
    found = articles_of(document.entries, facts)
    hashes = {article.article_id: content_hash(article) for article in found.articles}
    fresh = tuple(
        article for article in found.articles if state.entries.get(article.article_id) != hashes[article.article_id]
    )
    known = sum(article_id in state.entries for article_id in hashes)
    has_gap = is_gap(known, len(hashes), len(state.entries))
    now_text = format_timestamp(rules.now)
    seen = msgspec.structs.replace(
        state,
        title=title,
        language=language,
        etag=answer.validators.etag,
        last_modified=answer.validators.last_modified,
        body_hash=body_hash,
        wish_seconds=max(filter(None, (document.ttl_seconds, document.update_period_seconds)), default=None),
        entries=_remembered(state, hashes, rules, is_whole=document.fault is None and not answer.is_partial),
        shared=found.shared,
        garbled=document.garbled,
        read_at=now_text,
        changed_at=now_text if fresh else state.changed_at,
        pace=_pace(state, rules, known, len(hashes)),
        gaps=state.gaps + has_gap,
        gapped_at=now_text if has_gap else state.gapped_at,
        lane="slow" if answer.was_slow else "normal",
    )
    wishes = Wishes(
        ttl_seconds=document.ttl_seconds,
        update_period_seconds=document.update_period_seconds,
        fresh_seconds=answer.fresh_seconds,
    )
    return Visit(fresh, _succeeded(seen, wishes, rules), has_gap)


def visit_failed(state: FeedState, failure: Failed, rules: VisitRules) -> Visit:
    """The visit failed; what is known of the feed is kept. Waits grow with the failures; `gone` ends polling."""
    failures = state.failures + 1
    wishes = Wishes(retry_after_seconds=failure.retry_after_seconds)
    return Visit(
        (),
        msgspec.structs.replace(
            state,
            checked_at=format_timestamp(rules.now),
            next_poll_at=_next(state, wishes, rules, failures),
            failures=failures,
            last_error=encodable(f"{redacted(state.url)}: {failure.reason}")[:REASON_LIMIT_CHARACTERS],
            lane="slow" if failure.was_slow else "normal",
            health="gone" if failure.gone else "failing",
        ),
    )


def _remembered(state: FeedState, hashes: dict[str, str], rules: VisitRules, *, is_whole: bool) -> dict[str, str]:
    """The entries known from now on. What a truncated, partial or empty document lacks is not forgotten."""
    if not is_whole or not hashes:
        older = ((known, content) for known, content in state.entries.items() if known not in hashes)
        hashes = dict(islice(older, rules.entry_limit)) | hashes
    return dict(islice(hashes.items(), max(0, len(hashes) - KNOWN_LIMIT), None))


def _pace(state: FeedState, rules: VisitRules, known: int, total: int) -> float:
    if state.entries and known < total:
        return pace_after_news(state.pace, rules.pace, known, total)
    changed_at = None if state.changed_at is None else parse_timestamp(state.changed_at)
    return pace_without_news(state.pace, rules.pace, changed_at, rules.now)


def _succeeded(state: FeedState, wishes: Wishes, rules: VisitRules) -> FeedState:
    return msgspec.structs.replace(
        state,
        checked_at=format_timestamp(rules.now),
        next_poll_at=_next(state, wishes, rules, 0),
        failures=0,
        last_error=None,
        health=_health(state, rules.now),
    )


def _health(state: FeedState, now: datetime) -> Health:
    """The health of a feed whose visit succeeded."""
    if state.gapped_at is not None and now - parse_timestamp(state.gapped_at) < GAP_SHOWN_FOR:
        return "gapped"
    return "ok" if state.garbled is None else "mojibake"


def _next(state: FeedState, wishes: Wishes, rules: VisitRules, failures: int) -> str:
    moment = next_poll_at(
        rules.now,
        state.url,
        interval_seconds=rules.pace.interval_seconds * state.pace,
        wishes=wishes,
        failures=failures,
        floor_seconds=rules.pace.floor_seconds,
    )
    return format_timestamp(moment)

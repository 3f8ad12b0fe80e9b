"""The result of one visit to a feed: new articles, and the state to remember. Pure; the loop acts on it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from firstwire.core.text.language import UNDETERMINED
from firstwire.poller.answers import Failed, Fetched, NotModified
from firstwire.poller.article_keys import keys_of, remembered_keys
from firstwire.poller.document import REASON_LIMIT_CHARACTERS, TITLE_LIMIT_CHARACTERS, FeedDocument, kept_tags
from firstwire.poller.entries import DocumentArticles, FeedFacts, articles_of
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.first_poll import published_at_first
from firstwire.poller.headers import Validators
from firstwire.poller.health import FINE, health_of_failure, health_of_success, is_undated, newest_at, quiet_seconds
from firstwire.poller.hub_subscriptions import after_push, after_visit, is_pushing, is_relied_on
from firstwire.poller.languages import judged_language
from firstwire.poller.links import host_of, redacted, same_feed_key
from firstwire.poller.pace import VisitInterval
from firstwire.poller.plaintext import encodable
from firstwire.poller.rhythm import is_gap, pace_after_news, pace_without_news
from firstwire.poller.schedule import WITHOUT_VALIDATORS_SECONDS, Wishes, next_poll_at, wait_asked
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
    first_poll_seconds: float | None = None
    """The age up to which entries of a feed's first document are published; None for all."""
    taken: Container[str] = ()
    """All subscribed feeds, by `same_feed_key`."""
    policy: str = ""
    """The settings that may refuse a feed, as a digest."""
    pushed_interval_seconds: float | None = None
    """Between two visits to a feed whose news are pushed, at least; None if hubs are not asked to push."""


MOVED_VISITS = 3
"""Permanent redirects to one address in a row, before that is asked directly: some are a mistake of an afternoon."""

SILENT_SECONDS = 3600.0
"""The longest wait after visits without any answer: it may be the network here that is down."""

FULL_REQUEST_AFTER = timedelta(days=7)
"""A server that says "not modified" falsely must not silence a feed for ever."""


@dataclass(frozen=True)
class Visit:
    """The result: articles to publish, oldest first, and the state to save once they are safe."""

    articles: tuple[Article, ...]
    state: FeedState
    keys: Mapping[str, str] = field(default_factory=dict)
    """Article id → key in Kafka."""
    has_gap: bool = False
    """Entries may have been missed since the visit before."""
    was: Health = "new"
    """The feed's health before."""
    has_moved: bool = False
    """From now on it is asked at another address."""


def validators_to_send(state: FeedState, options: FeedOptions, now: datetime) -> Validators:
    """The validators of the next request: none if the whole document is wanted, as it is once a week."""
    is_due = state.full_at is not None and now - parse_timestamp(state.full_at) >= FULL_REQUEST_AFTER
    if options.ignore_http_cache or is_due:
        return Validators()
    return Validators(etag=state.etag, last_modified=state.last_modified)


def visit_unchanged(state: FeedState, answer: NotModified | Fetched, rules: VisitRules) -> Visit:
    """The feed has not changed. Validators that a full response lacks are dropped."""
    validators, is_full = answer.validators, isinstance(answer, Fetched)
    fresh_seconds = answer.fresh_seconds if is_full or answer.fresh_seconds is not None else state.fresh_seconds
    changed_at = None if state.changed_at is None else parse_timestamp(state.changed_at)
    seen = msgspec.structs.replace(
        state,
        pace=pace_without_news(state.pace, rules.pace, changed_at, rules.now),
        etag=validators.etag or (None if is_full else state.etag),
        last_modified=validators.last_modified or (None if is_full else state.last_modified),
        full_at=format_timestamp(rules.now) if is_full else state.full_at,
        fresh_seconds=fresh_seconds,
        # The lane of a feed whose document was not read stays
        lane="slow" if answer.was_slow or (is_full and state.lane == "slow") else "normal",
    )
    return _visit((), _moved(seen, answer, rules), state, rules)


def visit_changed(
    state: FeedState,
    subscription: Subscription,
    document: FeedDocument,
    answer: Fetched,
    body_hash: str,
    rules: VisitRules,
) -> Visit:
    """A new document: entries with new or changed content are articles to publish."""
    is_whole = document.fault is None and not answer.is_partial and not is_pushing(state.push, rules.now)
    language = _language(subscription, document, state)
    found = _found(state, subscription, document, language, rules, is_whole=is_whole)
    total, known = len(found.articles), found.known
    has_gap = not answer.is_partial and is_gap(known, total, len(state.entries))
    now_text = format_timestamp(rules.now)
    seen = msgspec.structs.replace(
        found.state,
        etag=answer.validators.etag,
        last_modified=answer.validators.last_modified,
        body_hash=body_hash,
        wish_seconds=max(filter(None, (document.ttl_seconds, document.update_period_seconds)), default=None),
        fresh_seconds=answer.fresh_seconds,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
        garbled=document.garbled,
        read_at=now_text,
        full_at=state.full_at if answer.is_partial else now_text,
        newest_at=newest_at(found.articles),
        is_undated=is_undated(found.articles),
        pace=state.pace if answer.is_partial else _pace(state, rules, known, total),
        gaps=state.gaps + has_gap,
        gapped_at=now_text if has_gap else state.gapped_at,
        lane="slow" if answer.was_slow else "normal",
        hubs=answer.hubs or document.hubs,
        topic=answer.topic or document.topic,
        push=after_visit(state.push, has_news=bool(found.fresh)),
    )
    visit = _visit(found.fresh, _moved(seen, answer, rules), state, rules)
    return replace(visit, keys=found.keys)


def visit_pushed(state: FeedState, subscription: Subscription, document: FeedDocument, rules: VisitRules) -> Visit:
    """A hub has sent a document, whole or only what is new: new or changed entries are articles to publish.

    Nothing is known of what it lacks. The schedule of visits stays as it is.
    """
    # What hubs send often says nothing of the feed itself
    document = replace(document, language=document.language or state.language)
    language = state.language or _language(subscription, document, state)
    found = _found(state, subscription, document, language, rules, is_whole=False)
    pushed = msgspec.structs.replace(
        found.state,
        title=state.title or found.state.title,
        newest_at=max(filter(None, (state.newest_at, newest_at(found.articles))), default=None),
        push=after_push(state.push, rules.now, has_news=bool(found.fresh)),
    )
    return Visit(found.fresh, pushed, found.keys, was=state.health)


def visit_failed(state: FeedState, failure: Failed, rules: VisitRules) -> Visit:
    """The visit failed; what is known of the feed is kept. Waits grow with the failures; `gone` ends polling."""
    failures = state.failures + 1
    wishes = Wishes(retry_after_seconds=failure.retry_after_seconds)
    now_text, retry_at = format_timestamp(rules.now), domain_retry_at(failure, rules.now)
    failed = msgspec.structs.replace(
        state,
        checked_at=now_text,
        next_poll_at=_next(state, wishes, rules, _counted(failures, failure, rules)),
        failures=failures,
        failing_since=state.failing_since or now_text,
        last_error=encodable(f"{redacted(state.url)}: {failure.reason}")[:REASON_LIMIT_CHARACTERS],
        lane="slow" if failure.was_slow else "normal",
        retry_at=None if retry_at is None else format_timestamp(retry_at),
        # What was moved may have moved on: the old address knows
        address=None if failure.gone or failures >= MOVED_VISITS else state.address,
        moved_to=None,
        moved_visits=0,
        policy=rules.policy if failure.kind == "refused" else None,
    )
    # Whether it had moved before this visit decides what a 410 means
    moved = msgspec.structs.replace(failed, address=state.address)
    return Visit(
        (), msgspec.structs.replace(failed, health=health_of_failure(moved, failure, rules.now)), was=state.health
    )


@dataclass(frozen=True)
class _Found:
    """What a document says beside what is known."""

    articles: tuple[Article, ...]
    """Of all its entries, oldest first."""
    fresh: tuple[Article, ...]
    """Those to publish."""
    keys: Mapping[str, str]
    """Of these."""
    known: int
    """How many of its entries were known."""
    state: FeedState
    """With its title, language and entries."""


def _found(
    state: FeedState,
    subscription: Subscription,
    document: FeedDocument,
    language: str | None,
    rules: VisitRules,
    *,
    is_whole: bool,
) -> _Found:
    """Compare a document with what is known. What it lacks is forgotten only if it `is_whole`."""
    title = (document.title or state.title or "")[:TITLE_LIMIT_CHARACTERS] or None
    facts = _facts(msgspec.structs.replace(state, title=title, language=language), subscription, document, rules)
    found = articles_of(document.entries, facts)
    keys = keys_of(found.articles, state, language)
    fresh = tuple(article for article in found.articles if not _is_known(article.article_id, found, state))
    if not _was_read(state):
        fresh = published_at_first(fresh, rules.now, rules.first_poll_seconds)
    entries = _remembered(state, _hashes(found, fresh, state), rules, is_whole=is_whole)
    return _Found(
        articles=found.articles,
        fresh=fresh,
        keys={article.article_id: keys[article.article_id] for article in fresh},
        known=sum(article.article_id in state.entries for article in found.articles),
        state=msgspec.structs.replace(
            state,
            title=title,
            language=language,
            entries=entries,
            keys=remembered_keys(entries, keys, state, language),
            shared=found.shared,
            changed_at=format_timestamp(rules.now) if fresh else state.changed_at,
            quiet_seconds=quiet_seconds(state, found.articles, rules.now, has_news=bool(fresh)),
        ),
    )


def domain_retry_at(failure: Failed, now: datetime) -> datetime | None:
    """Until when a server wants everything on its domain left alone, within limits; None if it does not."""
    wait = wait_asked(failure.retry_after_seconds)
    return None if wait is None or not failure.is_for_domain else now + wait


def asked_anew(state: FeedState) -> FeedState:
    """The state of a feed that somebody wants visited now, whatever its last visits said."""
    health: Health = "failing" if state.health == "gone" else state.health
    return msgspec.structs.replace(state, next_poll_at=None, health=health)


def _counted(failures: int, failure: Failed, rules: VisitRules) -> int:
    """The failures that the wait grows with. Nobody is bothered by visits to a host that is not there."""
    if not failure.is_silent:
        return failures
    return min(failures, max(1, int(SILENT_SECONDS / rules.pace.interval_seconds)))


def _visit(articles: tuple[Article, ...], seen: FeedState, before: FeedState, rules: VisitRules) -> Visit:
    """A visit that succeeded."""
    wishes = Wishes(
        wish_seconds=seen.wish_seconds,
        fresh_seconds=seen.fresh_seconds,
        skip_hours=seen.skip_hours,
        skip_days=seen.skip_days,
    )
    if rules.pushed_interval_seconds is None:
        seen = msgspec.structs.replace(seen, push=None)
    health = health_of_success(seen, rules.now)
    state = msgspec.structs.replace(
        seen,
        checked_at=format_timestamp(rules.now),
        next_poll_at=_next(seen, wishes, rules, 0),
        failures=0,
        failing_since=None,
        last_error=None,
        policy=None,
        retry_at=None,
        health=health,
        told_health=None if health in FINE else seen.told_health if _was_read(before) else health,
    )
    return Visit(
        articles, state, was=before.health, has_gap=seen.gaps > before.gaps, has_moved=seen.address != before.address
    )


def _moved(state: FeedState, answer: NotModified | Fetched, rules: VisitRules) -> FeedState:
    """The state with the address that permanent redirects have led to often enough."""
    target = answer.moved_to
    if target is None or same_feed_key(target) in rules.taken:
        return msgspec.structs.replace(state, moved_to=None, moved_visits=0)
    visits = state.moved_visits + 1 if target == state.moved_to else 1
    if visits < MOVED_VISITS:
        return msgspec.structs.replace(state, moved_to=target, moved_visits=visits)
    return msgspec.structs.replace(state, address=target, moved_to=None, moved_visits=0)


def _facts(state: FeedState, subscription: Subscription, document: FeedDocument, rules: VisitRules) -> FeedFacts:
    """What articles take from their feed: the name that a person gave it before its own."""
    return FeedFacts(
        url=state.url,
        outlet=(subscription.title or "")[:TITLE_LIMIT_CHARACTERS] or state.title or host_of(state.url),
        language=state.language,
        declared_language=document.language,
        has_set_language=subscription.options.language is not None,
        fetched_at=rules.now,
        tags=kept_tags(subscription.tags),
        known=state.entries,
        shared=state.shared,
    )


def _language(subscription: Subscription, document: FeedDocument, state: FeedState) -> str | None:
    """The feed's language: as a person has set it, else what is declared or was known, if its texts do not deny it."""
    if subscription.options.language is not None:
        return subscription.options.language
    judged = judged_language(document.seen, document.language, state.language)
    return None if judged == UNDETERMINED else judged


def _is_known(article_id: str, found: DocumentArticles, state: FeedState) -> bool:
    """Whether this content was published, or seen in a first document and not published."""
    return state.entries.get(article_id, "") in (found.hashes[article_id], found.written[article_id])


def _hashes(found: DocumentArticles, fresh: Sequence[Article], state: FeedState) -> dict[str, str]:
    """What to remember of each entry. One that was not published is not news once its language is known."""
    published = {article.article_id for article in fresh}
    return {
        article_id: content
        if article_id in published
        else state.entries[article_id]
        if _is_known(article_id, found, state)
        else found.written[article_id]
        for article_id, content in found.hashes.items()
    }


def _was_read(state: FeedState) -> bool:
    """Whether a document of the feed was ever read; earlier versions did not say when."""
    return state.read_at is not None or state.changed_at is not None or bool(state.entries) or state.health == "ok"


def _remembered(state: FeedState, hashes: dict[str, str], rules: VisitRules, *, is_whole: bool) -> dict[str, str]:
    """The entries known from now on. What a truncated, partial or empty document lacks is not forgotten."""
    if not is_whole or not hashes:
        older = [(known, content) for known, content in state.entries.items() if known not in hashes]
        # The newest, which stand last: they may come again
        hashes = dict(older[-rules.entry_limit :]) | hashes
    return dict(islice(hashes.items(), max(0, len(hashes) - KNOWN_LIMIT), None))


def _pace(state: FeedState, rules: VisitRules, known: int, total: int) -> float:
    if state.entries and known < total:
        return pace_after_news(state.pace, rules.pace, known, total)
    changed_at = None if state.changed_at is None else parse_timestamp(state.changed_at)
    return pace_without_news(state.pace, rules.pace, changed_at, rules.now)


def _next(state: FeedState, wishes: Wishes, rules: VisitRules, failures: int) -> str:
    floor_seconds = rules.pace.floor_seconds
    if _lacks_validators(state, rules) and not failures:
        floor_seconds = max(floor_seconds, WITHOUT_VALIDATORS_SECONDS)
    interval_seconds = rules.pace.interval_seconds * state.pace
    if is_relied_on(state.push, rules.now) and not rules.pace.is_chosen and not failures:
        interval_seconds = max(interval_seconds, rules.pushed_interval_seconds or 0.0)
    moment = next_poll_at(
        rules.now,
        state.url,
        interval_seconds=interval_seconds,
        wishes=wishes,
        failures=failures,
        floor_seconds=floor_seconds,
        ceiling_seconds=rules.pace.ceiling_seconds,
    )
    return format_timestamp(moment)


def _lacks_validators(state: FeedState, rules: VisitRules) -> bool:
    """Whether each visit costs its server a whole document, and rarer visits have not missed any entries."""
    has_validators = state.etag is not None or state.last_modified is not None
    return not (has_validators or rules.pace.is_private or rules.pace.is_chosen or state.gaps)

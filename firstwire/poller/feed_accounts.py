"""What is known of a feed, and what one visit found, for people and programs: lines that fit a screen, and JSON.

What a publisher wrote is one line, without secrets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, get_args

from firstwire.core.text.durations import written_duration
from firstwire.core.text.wording import counted, cut, one_line
from firstwire.poller.answers import Failed, Fetched
from firstwire.poller.autodiscovery import FoundFeed
from firstwire.poller.document import FeedDocument, FeedEntry
from firstwire.poller.health import FINE, WORST_FIRST, explained
from firstwire.poller.hub_subscriptions import is_pushing
from firstwire.poller.links import redacted
from firstwire.poller.reports import reason_of
from firstwire.poller.schedule import WEEKDAYS
from firstwire.poller.subscriptions import BY_COMMAND, Subscription
from schemas.feed import FeedState, Health
from schemas.times import format_timestamp, parse_timestamp

if TYPE_CHECKING:  # with it come all readers of feeds
    from firstwire.poller.inspection import Inspection

WIDTH = 78
SHOWN_ENTRIES = 3
LABEL_WIDTH = 11
NOT_VISITED = ("paused", "removed")
"""What lists show for the health of feeds that a person has stopped."""


def as_json(subscription: Subscription, state: FeedState) -> dict[str, Any]:
    """A subscribed feed with its settings and what is known of it."""
    options = subscription.options
    return {
        "url": redacted(subscription.url),
        "title": subscription.title or state.title,
        "tags": subscription.tags,
        "language": options.language,
        "interval_seconds": options.interval_seconds,
        "longest_interval_seconds": options.longest_interval_seconds,
        "ignore_http_cache": bool(options.ignore_http_cache),
        "full_text": bool(options.full_text),
        "full_text_fault": state.full_text_fault,
        "headers": sorted(options.headers or ()),
        "has_login": options.login is not None,
        "from": subscription.place,
        "decided_at": subscription.decided_at,
        "health": state.health,
        "is_paused": subscription.is_paused and not subscription.is_removed,
        "is_removed": subscription.is_removed,
        "is_fine": state.health in FINE,
        "last_error": None if state.last_error is None else reason_of(state),
        "failures": state.failures,
        "gaps": state.gaps,
        "checked_at": state.checked_at,
        "changed_at": state.changed_at,
        "next_poll_at": next_visit_at(subscription, state),
        "address": None if state.address is None else redacted(state.address),
        "push": _push_json(state),
    }


def pushed_by(state: FeedState, now: str) -> str | None:
    """Whether a hub pushes a feed, or why it does not; None if nobody has asked one."""
    push = state.push
    if push is None:
        return None
    if not is_pushing(push, parse_timestamp(now)):
        return f"not pushed: {push.fault or 'its hub has not confirmed yet'}"
    renewal = f"; not renewed: {push.fault}" if push.fault is not None else ""
    last = "" if push.pushed_at is None else f", last {_ago(parse_timestamp(push.pushed_at), parse_timestamp(now))}"
    return f"pushed{last}{renewal}"


def _push_json(state: FeedState) -> dict[str, Any] | None:
    """What its hub has promised, without the secret and the address at which it reaches us."""
    push = state.push
    if push is None:
        return None
    return {
        "hub": redacted(push.hub),
        "topic": redacted(push.topic),
        "lease_until": push.lease_until,
        "ask_at": push.ask_at,
        "failures": push.failures,
        "fault": push.fault,
        "pushed_at": push.pushed_at,
        "is_relied_on": push.is_trusted,
    }


def meaning(state: FeedState, now: str) -> str:
    """What a feed's health means."""
    return explained(state, reason_of(state), parse_timestamp(now))


def told_of(subscription: Subscription, state: FeedState, now: str) -> str:
    """What is said of a feed that is not as it should be, or is paused."""
    return paused_since(subscription) if subscription.is_paused else meaning(state, now)


def settings_of(subscription: Subscription) -> Iterator[str]:
    """What a person has set for a feed, and who lists it: `tags wires, Asia`, `en`, `every 5m`, `from mine.opml`."""
    options = subscription.options
    if subscription.tags:
        yield f"tags {', '.join(subscription.tags)}"
    if options.language is not None:
        yield options.language
    if options.interval_seconds is not None:
        yield f"every {written_duration(options.interval_seconds)}"
    if options.full_text:
        yield "full text"
    yield listed_in(subscription)


def listed_in(subscription: Subscription) -> str:
    """Who lists a feed: `from mine.opml`."""
    return "added by hand" if subscription.place == BY_COMMAND else f"from {subscription.place.rpartition('/')[2]}"


def has_no_entries(state: FeedState) -> bool:
    """Whether all documents that were read of a feed had no entries."""
    return state.read_at is not None and state.changed_at is None and state.newest_at is None


def worst_first(feeds: Sequence[tuple[Subscription, FeedState]]) -> list[tuple[Subscription, FeedState]]:
    """The feeds that are not as they should be, the worst first, then those that are paused."""
    kept = [pair for pair in feeds if pair[0].is_paused or pair[1].health not in FINE]
    return sorted(kept, key=lambda pair: (pair[0].is_paused, WORST_FIRST.index(pair[1].health)))


def is_wanted(subscription: Subscription, state: FeedState, *, words: Iterable[str], health: str | None) -> bool:
    """Whether a feed has a health, if one is wanted, and all words in its name, its address and its tags."""
    text = f"{subscription.title or state.title or ''} {redacted(subscription.url)} {' '.join(subscription.tags)}"
    is_of_health = health in (None, shown_health(subscription, state))
    return is_of_health and all(word.casefold() in text.casefold() for word in words)


def next_visit_at(subscription: Subscription, state: FeedState) -> str | None:
    """When a feed is visited next; None if never, or not yet planned."""
    return None if subscription.is_paused or state.health == "gone" else state.next_poll_at


def paused_since(subscription: Subscription) -> str:
    """What is said of a feed that is paused, or was removed though a file lists it."""
    since = "" if subscription.decided_at is None else f" since {subscription.decided_at[:16].replace('T', ' ')} UTC"
    removed = "removed by hand, " if subscription.is_removed else ""
    return f"{removed}not visited{since}, until it is resumed"


def shown_health(subscription: Subscription, state: FeedState) -> str:
    """The health of a feed as lists show it: `paused` or `removed` if it is."""
    return "removed" if subscription.is_removed else "paused" if subscription.is_paused else state.health


def counts(feeds: Sequence[tuple[Subscription, FeedState]]) -> str:
    """How many feeds have which health: `3 feeds: 1 ok, 1 dead, 1 paused`."""
    found = Counter(shown_health(subscription, state) for subscription, state in feeds)
    told = [f"{found[health]} {health}" for health in (*get_args(Health), *NOT_VISITED) if found[health]]
    return f"{counted(len(feeds), 'feed')}: {', '.join(told)}" if told else "no feeds"


def summary(document: FeedDocument) -> str:
    """What a document is, in a few words."""
    title = f"“{_cut(document.title, 40)}”, " if document.title else ""
    count = len(document.entries)
    return f"{title}{document.format}, {count} {'entry' if count == 1 else 'entries'}"


def found_lines(feeds: Sequence[FoundFeed]) -> list[str]:
    """The feeds that a page names."""
    return [f"  {redacted(each.url)}{f'  {_cut(each.title, 40)}' if each.title else ''}" for each in feeds]


def inspection_lines(looked: Inspection, now: str) -> Iterator[str]:
    """What there is to know of a feed at an address, on one screen."""
    yield one_line(redacted(looked.url))
    for label, text in _facts(looked, parse_timestamp(now)):
        yield f"  {label:<{LABEL_WIDTH}} {_cut(text, 3 * WIDTH)}"
    if isinstance(looked.found, str):
        yield f"  {'no feed':<{LABEL_WIDTH}} {_cut(looked.found, 3 * WIDTH)}"
        if looked.feeds:
            yield "The page names these feeds:"
            yield from found_lines(looked.feeds)
        return
    newest = sorted(looked.found.entries, key=_date_text, reverse=True)[:SHOWN_ENTRIES]
    for entry in newest:
        date = _date_text(entry)[:16].replace("T", " ") or "no date"
        yield f"  {date:<16}  {_cut(entry.title, WIDTH - 20)}"
        yield f"  {'':<16}  {_cut(redacted(entry.link) if entry.link else 'no link', WIDTH - 20)}"


def inspection_json(looked: Inspection) -> dict[str, Any]:
    """The same for programs."""
    document = looked.found if isinstance(looked.found, FeedDocument) else None
    answer = looked.answer if isinstance(looked.answer, Fetched) else None
    failed = looked.answer if isinstance(looked.answer, Failed) else None
    told = answer or failed
    return {
        "url": redacted(looked.url),
        "error": looked.found if isinstance(looked.found, str) else None,
        "feeds_of_page": [{"url": redacted(each.url), "title": each.title} for each in looked.feeds],
        "took_seconds": round(looked.took_seconds, 3),
        "was_slow": looked.was_slow,
        "status": None if failed is None else failed.status,
        "retry_after_seconds": None if failed is None else failed.retry_after_seconds,
        "beginning": looked.beginning or None,
        "address": None if told is None or told.url is None else redacted(told.url),
        "content_type": None if told is None else told.content_type or None,
        "body_bytes": None if answer is None else len(answer.body),
        "etag": None if answer is None else answer.validators.etag,
        "last_modified": None if answer is None else answer.validators.last_modified,
        "fresh_seconds": None if answer is None else answer.fresh_seconds,
        "hubs": [redacted(hub) for hub in looked.hubs],
        **({} if document is None else _document_json(document)),
    }


def _document_json(document: FeedDocument) -> dict[str, Any]:
    return {
        "format": document.format,
        "encoding": document.encoding,
        "title": document.title,
        "language": document.language,
        "seen_language": document.seen.language,
        "ttl_seconds": document.ttl_seconds,
        "update_period_seconds": document.update_period_seconds,
        "fault": document.fault,
        "garbled": document.garbled,
        "entries": [
            {
                "title": entry.title,
                "id": entry.guid,
                "link": None if entry.link is None else redacted(entry.link),
                "author": entry.author,
                "published_at": _date_text(entry) or None,
                "published_text": entry.published_text,
                "summary_characters": len(entry.summary),
                "body_characters": len(entry.body),
            }
            for entry in document.entries
        ],
    }


def _facts(looked: Inspection, now: datetime) -> Iterator[tuple[str, str]]:
    answer = looked.answer
    if isinstance(answer, Failed):
        kind = f"HTTP {answer.status}, {answer.content_type or 'no content type'}," if answer.status else "none"
        yield "answer", f"{kind} after {looked.took_seconds:.2f} s"
        if answer.url not in (None, looked.url):
            yield "redirected", f"to {redacted(answer.url or '')}"
        if answer.retry_after_seconds is not None:
            asked = "its server asks to wait" if answer.is_for_domain else "the poller waits"
            yield "wait", f"{asked} {written_duration(answer.retry_after_seconds)}"
        if looked.beginning:
            yield "begins", looked.beginning
        return
    if isinstance(answer, Fetched):
        kind = answer.content_type or "no content type"
        yield "answer", f"{kind}, {len(answer.body):,} bytes in {looked.took_seconds:.2f} s"
        if answer.url != looked.url:
            for_good = ", for good" if answer.moved_to is not None else ""
            yield "redirected", f"to {redacted(answer.url)}{for_good}"
        yield "caching", _caching(answer)
        if looked.hubs:
            yield "hub", ", ".join(redacted(hub) for hub in looked.hubs)
    if looked.was_slow:
        yield "slow", "longer than a visit usually may take: it is visited in the slow lane, which has fewer turns"
    if isinstance(looked.found, FeedDocument):
        yield from _document_facts(looked.found, now)
    elif looked.beginning:
        yield "begins", looked.beginning


def _document_facts(document: FeedDocument, now: datetime) -> Iterator[tuple[str, str]]:
    yield "format", f"{document.format}, {document.encoding}"
    yield "title", document.title or "none"
    declared, seen = document.language or "none", document.seen.language or "too little"
    yield "language", f"{declared} declared, {seen} seen"
    entries = document.entries
    dates = sorted(entry.published_at for entry in entries if entry.published_at is not None)
    span = f", newest {_ago(dates[-1], now)}, oldest {_ago(dates[0], now)}" if dates else ""
    yield "entries", f"{len(entries)}, {len(dates)} with a date{span}"
    lacking = {
        "id": sum(entry.guid is None for entry in entries),
        "link": sum(entry.link is None for entry in entries),
        "text": sum(not (entry.summary or entry.body) for entry in entries),
    }
    if any(lacking.values()):
        yield "without", ", ".join(f"{name}: {count}" for name, count in lacking.items() if count)
    wishes = [
        f"{name} {written_duration(span)}"
        for name, span in (("ttl", document.ttl_seconds), ("update period", document.update_period_seconds))
        if span
    ]
    wishes += [f"not at {', '.join(map(str, document.skip_hours))} h GMT"] if document.skip_hours else []
    wishes += [f"not on {WEEKDAYS[day].title()}" for day in document.skip_days]
    if wishes:
        yield "asks for", ", ".join(wishes)
    if document.fault is not None:
        yield "fault", document.fault
    if document.garbled is not None:
        yield "garbled", document.garbled


def _caching(answer: Fetched) -> str:
    validators = [
        name
        for name, value in (("ETag", answer.validators.etag), ("Last-Modified", answer.validators.last_modified))
        if value is not None
    ]
    fresh = f", fresh for {written_duration(answer.fresh_seconds)}" if answer.fresh_seconds else ""
    return (" and ".join(validators) or "no validators: each visit costs the whole document") + fresh


def _date_text(entry: FeedEntry) -> str:
    return "" if entry.published_at is None else format_timestamp(entry.published_at)


def _ago(moment: datetime, now: datetime) -> str:
    span = max(now - moment, timedelta(0))
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if span >= 2 * unit:
            return f"{span // unit} {name} ago"
    return "just now"


def _cut(text: str | None, limit: int) -> str:
    return cut(one_line(text or ""), limit)

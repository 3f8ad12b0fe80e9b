"""Alerts on the health of feeds: one for all feeds that have come to one health since the last look. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from firstwire.core.text.digest import digest
from firstwire.core.text.wording import cut, one_line
from firstwire.poller.health import FINE, explained
from firstwire.poller.links import redacted
from firstwire.poller.reports import reason_of
from firstwire.poller.subscriptions import Subscription
from schemas.alert import FEED_HEALTH_RULE, Alert, Lead, Subject, Times
from schemas.feed import FeedState, Health
from schemas.times import format_timestamp, parse_timestamp

PATIENCE = timedelta(hours=6)
PATIENT: frozenset[Health] = frozenset({"failing", "blocked"})
"""What often passes by itself is told only if it lasts."""

NAMED_FEEDS = 3
NAME_LIMIT_CHARACTERS = 40
MEANING_LIMIT_CHARACTERS = 48
"""So that a message shows all of the headline; `firstwire feeds status` shows the rest."""


@dataclass(frozen=True)
class HealthAlert:
    """An alert, and the feeds that it tells of, by the addresses of their subscriptions."""

    alert: Alert
    urls: tuple[str, ...]


def health_alerts(
    subscriptions: Mapping[str, Subscription], states: Mapping[str, FeedState], now: datetime
) -> tuple[HealthAlert, ...]:
    """An alert for each health to which feeds have come that nobody was told of."""
    found: defaultdict[Health, list[str]] = defaultdict(list)
    for url, state in states.items():
        if url in subscriptions and _is_to_be_told(state, now):
            found[state.health].append(url)
    return tuple(
        HealthAlert(_alert(health, [(subscriptions[url], states[url]) for url in urls], now), tuple(urls))
        for health, urls in sorted(found.items())
    )


def _is_to_be_told(state: FeedState, now: datetime) -> bool:
    if state.health in FINE or state.health == state.told_health:
        return False
    if state.health not in PATIENT:
        return True
    return state.failing_since is not None and now - parse_timestamp(state.failing_since) >= PATIENCE


def _alert(health: Health, feeds: Iterable[tuple[Subscription, FeedState]], now: datetime) -> Alert:
    listed = sorted(feeds, key=lambda pair: pair[0].url)
    is_what = "garbled" if health == "mojibake" else health
    what = f"{len(listed)} feeds are {is_what}" if len(listed) > 1 else f"A feed is {is_what}"
    named = [_named(subscription, state, now) for subscription, state in listed[:NAMED_FEEDS]]
    more = f"; and {len(listed) - NAMED_FEEDS} more" if len(listed) > NAMED_FEEDS else ""
    headline = f"{what}: {'; '.join(named)}{more}"
    # Of what does not change with each visit, so that an alert that is raised again after a crash is the same
    since = (
        f"{subscription.url} {state.failing_since} {state.changed_at} {state.gapped_at}"
        for subscription, state in listed
    )
    return Alert(
        alert_id=digest(FEED_HEALTH_RULE, health, *since),
        revision=1,
        rule_id=FEED_HEALTH_RULE,
        rule_version=1,
        kind="system",
        subject=Subject(),
        state="raised",
        severity="warning",
        headline=headline,
        articles=(),
        times=Times(published_at=None, fetched_at=format_timestamp(now)),
        lead=Lead(article_id="", title=headline),
    )


def _named(subscription: Subscription, state: FeedState, now: datetime) -> str:
    name = cut(one_line(subscription.title or state.title or redacted(subscription.url)), NAME_LIMIT_CHARACTERS)
    return f"{name} ({cut(one_line(explained(state, reason_of(state), now)), MEANING_LIMIT_CHARACTERS)})"

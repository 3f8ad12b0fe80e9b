"""Alerts on the health of feeds: one for all feeds that are no longer well since the last look. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from firstwire.core.text.digest import digest
from firstwire.core.text.wording import cut, one_line
from firstwire.poller.health import FINE, WORST_FIRST, explained
from firstwire.poller.links import host_of, redacted
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
MEANING_LIMIT_CHARACTERS = 60
ONLY_MEANING_LIMIT_CHARACTERS = 150
"""Of a single feed."""
HEADLINE_LIMIT_CHARACTERS = 300
"""So much a message shows of a headline."""

COMMAND = "see firstwire feeds status"


@dataclass(frozen=True)
class HealthAlert:
    """An alert, and the feeds that it tells of, by the addresses of their subscriptions."""

    alert: Alert
    urls: tuple[str, ...]


def health_alert(
    subscriptions: Mapping[str, Subscription], states: Mapping[str, FeedState], now: datetime
) -> HealthAlert | None:
    """An alert on all feeds that are no longer well and of which nobody was told; None if there are none."""
    found = [
        (subscriptions[url], state)
        for url, state in states.items()
        if url in subscriptions and _is_to_be_told(state, now)
    ]
    if not found:
        return None
    ordered = sorted(found, key=lambda pair: (WORST_FIRST.index(pair[1].health), pair[0].url))
    return HealthAlert(_alert(ordered, now), tuple(subscription.url for subscription, _ in ordered))


def _is_to_be_told(state: FeedState, now: datetime) -> bool:
    if state.health in FINE or state.health == state.told_health:
        return False
    if state.health not in PATIENT:
        return True
    return state.failing_since is not None and now - parse_timestamp(state.failing_since) >= PATIENCE


def _alert(listed: Sequence[tuple[Subscription, FeedState]], now: datetime) -> Alert:
    limit = MEANING_LIMIT_CHARACTERS if len(listed) > 1 else ONLY_MEANING_LIMIT_CHARACTERS
    headlines = []
    for number in range(1, min(len(listed), NAMED_FEEDS) + 1):
        named = "; ".join(_named(subscription, state, now, limit) for subscription, state in listed[:number])
        more = f"; and {len(listed) - number} more" if len(listed) > number else ""
        headlines.append(f"{_what(listed)}: {named}{more}; {COMMAND}")
    headline = next((each for each in reversed(headlines) if len(each) <= HEADLINE_LIMIT_CHARACTERS), headlines[0])
    # Of what does not change with each visit, so that an alert that is raised again after a crash is the same
    since = (
        f"{subscription.url} {state.health} {state.failing_since} {state.changed_at} {state.gapped_at}"
        for subscription, state in listed
    )
    return Alert(
        alert_id=digest(FEED_HEALTH_RULE, *since),
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


def _what(listed: Sequence[tuple[Subscription, FeedState]]) -> str:
    """`A feed is dead`, `5 feeds are silent`, `3 feeds are no longer well, 1 dead, 2 silent`."""
    counts = Counter("garbled" if state.health == "mojibake" else state.health for _, state in listed)
    if len(listed) == 1:
        return f"A feed is {next(iter(counts))}"
    if len(counts) == 1:
        return f"{len(listed)} feeds are {next(iter(counts))}"
    return f"{len(listed)} feeds are no longer well, {', '.join(f'{many} {name}' for name, many in counts.items())}"


def _named(subscription: Subscription, state: FeedState, now: datetime, limit: int) -> str:
    """`Paper, a.example (HTTP 500; 3 failures, none good for 7h)`."""
    title, address = subscription.title or state.title, one_line(redacted(subscription.url))
    host = host_of(subscription.url)
    name = f"{cut(one_line(title), NAME_LIMIT_CHARACTERS)}, {cut(host, NAME_LIMIT_CHARACTERS)}" if title else address
    return f"{cut(name, 2 * NAME_LIMIT_CHARACTERS)} ({cut(one_line(explained(state, reason_of(state), now)), limit)})"

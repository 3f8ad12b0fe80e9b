"""What the log says of a visit."""

from __future__ import annotations

import structlog

from firstwire.poller.health import FINE, explained
from firstwire.poller.links import redacted
from firstwire.poller.visit import Visit
from schemas.feed import FeedState
from schemas.times import parse_timestamp

log = structlog.get_logger()


def report(visit: Visit) -> None:
    """Log a visit whose result is safe."""
    state = visit.state
    url = redacted(state.url)
    if state.failures:
        log.warning(
            "feed_failed",
            url=url,
            reason=reason_of(state),
            failures=state.failures,
            health=state.health,
            next_poll_at=None if state.health == "gone" else state.next_poll_at,
        )
        return
    if visit.has_gap:
        log.warning("feed_gapped", url=url, entries=len(state.entries), next_poll_at=state.next_poll_at)
    elif state.health != visit.was and not {state.health, visit.was} <= FINE and state.checked_at is not None:
        _report_health(visit, url, state.checked_at)
    if visit.has_moved:
        log.warning("feed_moved", url=url, address=redacted(state.address or state.url))
    if visit.articles:
        log.info("feed_has_news", url=url, articles=len(visit.articles), next_poll_at=state.next_poll_at)
    else:
        log.debug("feed_unchanged", url=url, next_poll_at=state.next_poll_at)


def reason_of(state: FeedState) -> str:
    """Why the last visit failed, without the feed's address."""
    return (state.last_error or "").removeprefix(f"{redacted(state.url)}: ")


def _report_health(visit: Visit, url: str, checked_at: str) -> None:
    """Say once that a feed that answers is not as it was."""
    health = visit.state.health
    if health in FINE:
        log.info("feed_well", url=url, was=visit.was)
    else:
        reason = explained(visit.state, "", parse_timestamp(checked_at))
        log.warning("feed_unwell", url=url, health=health, was=visit.was, reason=reason)

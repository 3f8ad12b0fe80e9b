"""What the log says of a visit."""

from __future__ import annotations

import structlog

from firstwire.poller.links import redacted
from firstwire.poller.visit import Visit

log = structlog.get_logger()


def report(visit: Visit) -> None:
    """Log a visit whose result is safe."""
    state = visit.state
    url = redacted(state.url)
    if state.failures:
        log.warning(
            "feed_failed",
            url=url,
            reason=(state.last_error or "").removeprefix(f"{url}: "),
            failures=state.failures,
            health=state.health,
            next_poll_at=None if state.health == "gone" else state.next_poll_at,
        )
        return
    if visit.has_gap:
        log.warning("feed_gapped", url=url, entries=len(state.entries), next_poll_at=state.next_poll_at)
    if visit.has_moved:
        log.warning("feed_moved", url=url, address=redacted(state.address or state.url))
    if visit.articles:
        log.info("feed_has_news", url=url, articles=len(visit.articles), next_poll_at=state.next_poll_at)
        if state.garbled is not None:
            log.warning("feed_garbled", url=url, excerpt=state.garbled)
    else:
        log.debug("feed_unchanged", url=url, next_poll_at=state.next_poll_at)

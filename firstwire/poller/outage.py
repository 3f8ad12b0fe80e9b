"""Whether it is our own network that is down: then no feed is to blame, and all are asked again soon. Pure."""

from __future__ import annotations

from collections.abc import Collection

FEWEST = 5
"""So many visits in a row without an answer, to so many hosts or all that there are: the outage is ours."""

RETRY_SECONDS = 60.0
"""How soon a feed is asked again during an outage, and the most that it is spread by when it ends."""


class Outage:
    """What the last visits say of our own network. Feeds are named by their subscription."""

    def __init__(self, hosts: int = 0) -> None:
        self.hosts = hosts
        """How many are asked at all."""
        self._silent_visits = 0
        self._silent_hosts: set[str] = set()
        self._silent_feeds: dict[str, None] = {}

    @property
    def is_ours(self) -> bool:
        """Whether no host has answered of late."""
        return self._silent_visits >= FEWEST and len(self._silent_hosts) >= min(FEWEST, self.hosts)

    def silent(self, host: str, feed: str) -> None:
        """A host gave no answer."""
        self._silent_visits += 1
        self._silent_hosts.add(host)
        self._silent_feeds[feed] = None

    def forget(self, feed: str) -> None:
        """A feed is asked no more."""
        self._silent_feeds.pop(feed, None)

    def answered(self) -> Collection[str]:
        """A host answered. The feeds that an outage of ours has kept from being read, which are to be asked now."""
        kept_back = tuple(self._silent_feeds) if self.is_ours else ()
        self._silent_visits = 0
        self._silent_hosts.clear()
        self._silent_feeds.clear()
        return kept_back

"""Which partition of `subscriptions` and `feed-states` a feed is on: all feeds of a registrable domain on one.

So one poller asks a domain, and being polite needs no agreement between pollers.
"""

from __future__ import annotations

from firstwire.broker.partitions import partitions_of
from firstwire.poller.domains import registrable_domain
from firstwire.poller.links import host_of


def feed_partition(url: str, count: int) -> int:
    """The partition of a feed by its address, of `count`."""
    domain = registrable_domain(host_of(url)).encode("utf-8", "surrogatepass")
    return partitions_of([domain], count)[domain]

"""The metrics of all processes, each with its unit and meaning, in the form of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from firstwire.errors import ConfigError
from schemas.feed import Health

PREFIX = "firstwire"
DELAY_BUCKETS_SECONDS = (0.1, 1.0, 5.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
VISIT_BUCKETS_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 10.0, 30.0)


class PollerMetrics:
    """What a poller does. Of several pollers each has its own share of the feeds."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.feeds = Gauge(f"{PREFIX}_feeds", "Feeds by their health.", ["health"], registry=registry)
        self.visits = Counter(
            f"{PREFIX}_feed_visits",
            "Visits to feeds: with news, unchanged, failed, or given up because the network here is down.",
            ["result"],
            registry=registry,
        )
        self.articles = Counter(
            f"{PREFIX}_articles_published", "Revisions of articles that were published.", registry=registry
        )
        self.gaps = Counter(f"{PREFIX}_feed_gaps", "Visits that found no entry of the visit before.", registry=registry)
        self.states = Counter(f"{PREFIX}_feed_states_written", "States of feeds written to Kafka.", registry=registry)
        self.delay = Histogram(
            f"{PREFIX}_feed_visit_delay_seconds",
            "From when a feed was due to the start of its visit.",
            buckets=DELAY_BUCKETS_SECONDS,
            registry=registry,
        )
        self.duration = Histogram(
            f"{PREFIX}_feed_visit_seconds",
            "From the start of a visit until its articles are safe.",
            buckets=VISIT_BUCKETS_SECONDS,
            registry=registry,
        )
        for health in get_args(Health):
            self.feeds.labels(health)

    def health(self, health: Health, change: int) -> None:
        """A feed more or less has this health."""
        self.feeds.labels(health).inc(change)


@contextmanager
def served(registry: CollectorRegistry, listen: str) -> Iterator[str]:
    """Serve metrics at `http://LISTEN/metrics` for the body, which gets the address; nothing if `listen` is empty.

    Raises ConfigError if the address cannot be listened on.
    """
    if not listen:
        yield ""
        return
    host, _, port = listen.rpartition(":")
    try:
        server, thread = start_http_server(int(port), addr=host.strip("[]"), registry=registry)
    except (OSError, OverflowError, ValueError) as err:
        raise ConfigError(f"cannot listen on {listen!r}: {err}", place="poller.metrics_listen") from err
    try:
        yield f"{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

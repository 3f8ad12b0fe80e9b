"""Metrics as Prometheus reads them."""

from __future__ import annotations

import urllib.request

import pytest
from prometheus_client import CollectorRegistry

from firstwire.errors import ConfigError
from firstwire.metrics import PollerMetrics, served


def test_metrics_are_served_while_asked_for() -> None:
    registry = CollectorRegistry()
    metrics = PollerMetrics(registry)
    metrics.health("silent", 2)
    metrics.visits.labels("news").inc()
    with served(registry, "127.0.0.1:0") as address:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        with (
            pytest.raises(ConfigError, match=f"metrics_listen: cannot listen on '{address}'"),
            served(registry, address),
        ):
            pass
    assert 'firstwire_feeds{health="silent"} 2.0' in text
    assert 'firstwire_feeds{health="dead"} 0.0' in text
    assert 'firstwire_feed_visits_total{result="news"} 1.0' in text
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://{address}/metrics", timeout=1)


def test_nothing_is_served_unasked() -> None:
    with served(CollectorRegistry(), "") as address:
        assert address == ""

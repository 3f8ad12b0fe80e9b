"""The notifier's metrics, read from its counters and queues whenever somebody asks for them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from firstwire.metrics import (
    ALERTS_READ,
    ALERTS_UNTOLD,
    ATTEMPTS,
    DELIVERIES_MADE,
    DELIVERIES_WAITING,
    PARKED,
    UNREADABLE,
    Sample,
    sampled,
)
from firstwire.notifier.loop import Notifier


def sample_notifier(registry: CollectorRegistry, notifier: Notifier) -> None:
    """Report what a notifier counts and what its destinations have to send."""
    counters = notifier.counters

    def made() -> list[Sample]:
        results = {"delivered": counters.delivered, "failed": counters.failed, "superseded": counters.outdated}
        return [((name, result), counts[name]) for name in notifier.destinations for result, counts in results.items()]

    sampled(registry, ALERTS_READ, lambda: [((), counters.alerts)])
    sampled(registry, ALERTS_UNTOLD, lambda: [((), counters.skipped)])
    sampled(registry, UNREADABLE, lambda: [((), counters.poison)])
    sampled(registry, DELIVERIES_MADE, made)
    sampled(registry, ATTEMPTS, lambda: [((name,), counters.attempts[name]) for name in notifier.destinations])
    sampled(
        registry, DELIVERIES_WAITING, lambda: [((name,), each.waiting) for name, each in notifier.destinations.items()]
    )
    sampled(registry, PARKED, lambda: [((name,), each.is_parked) for name, each in notifier.destinations.items()])
    registry.register(counters.delivery_seconds)

"""The metrics of a worker that are counted elsewhere, read whenever somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry

from agents.batch import OpenPartition
from agents.guard import Guard
from agents.watchdog import Watchdog
from firstwire.metrics import (
    LAG,
    MATCHES_FOUND,
    OUTCOMES_WRITTEN,
    RECORDS_READ,
    RECORDS_WRITTEN,
    REMEMBERED,
    RETRIES,
    STALLED,
    VERDICTS_GIVEN,
    Sample,
    sampled,
)


def sample_stages(registry: CollectorRegistry, prefix: str, watchdog: Watchdog, guard: Guard) -> None:
    """Report what the stages of these sources counted, wait for and remember."""

    def of_partitions(counts: Callable[[OpenPartition], Mapping[str, int]]) -> Callable[[], Iterable[Sample]]:
        def samples() -> Iterator[Sample]:
            for source in watchdog.sources:
                for partition in source.open_partitions():
                    for name, count in counts(partition).items():
                        labels = (source.stage.name, str(partition.tp.partition), name.removeprefix(f"{prefix}-"))
                        yield labels, count

        return samples

    def of_partition(count: Callable[[OpenPartition], int]) -> Callable[[], Iterable[Sample]]:
        def samples() -> Iterator[Sample]:
            for source in watchdog.sources:
                for partition in source.open_partitions():
                    yield (source.stage.name, str(partition.tp.partition)), count(partition)

        return samples

    matches = of_partition(lambda partition: partition.tally.matches)
    sampled(registry, RECORDS_READ, of_partition(lambda partition: partition.tally.read))
    sampled(registry, MATCHES_FOUND, lambda: [each for each in matches() if each[1]])
    sampled(registry, RECORDS_WRITTEN, of_partitions(lambda partition: partition.tally.written))
    sampled(registry, OUTCOMES_WRITTEN, of_partitions(lambda partition: partition.tally.outcomes))
    sampled(registry, VERDICTS_GIVEN, of_partitions(lambda partition: partition.tally.verdicts))
    sampled(registry, REMEMBERED, of_partitions(lambda partition: partition.state.sizes))
    sampled(registry, LAG, lambda: [((stage,), seen.lag) for stage, seen in watchdog.seen.items()])
    sampled(registry, STALLED, lambda: [((stage,), seen.stalled_seconds) for stage, seen in watchdog.seen.items()])
    sampled(registry, RETRIES, lambda: [((stage,), counts.retried) for stage, counts in guard.counts.items()])

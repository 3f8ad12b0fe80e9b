"""The metrics of all processes, declared with unit and meaning. docs/operations.md shows this list as a table.

Names follow Prometheus' conventions: seconds and bytes, `_total` for what only grows. Labels have few values, all known
beforehand: stages, partitions, topics, receivers, kinds. Nothing that a publisher writes is ever one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from schemas.feed import Health

Kind = Literal["counter", "gauge", "histogram"]
Sample = tuple[Sequence[str], float]
"""The values of a metric's labels, and its value."""

DELAY_BUCKETS_SECONDS = (0.1, 1.0, 5.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
VISIT_BUCKETS_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 10.0, 30.0)
HOP_BUCKETS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0)
"""From a hop of an idle machine, some 20 ms, to what somebody must be woken up for."""
AGE_BUCKETS_SECONDS = (60.0, 300.0, 900.0, 1800.0, 3600.0, 10_800.0, 43_200.0, 86_400.0)

# A second series for each, with the time of its start: nobody asks for it
disable_created_metrics()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Declared:
    """A metric: its name as Prometheus shows it, what it means, its labels, and for a histogram its buckets."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


# Every process. `process_*` come from the client library: memory, processor time, open files, time of the start.
BUILD = Declared("firstwire_build_info", "gauge", "Always 1; `version` is that of the program.", ("version",))
DISK_FREE = Declared("firstwire_data_dir_free_bytes", "gauge", "Free space where `kafka.data_dir` is.")

# firstwire run
PART_UP = Declared("firstwire_part_up", "gauge", "Whether a process of `firstwire run` answers: 1 or 0.", ("part",))
PART_READY = Declared(
    "firstwire_part_ready", "gauge", "Whether a process of `firstwire run` is able to work: 1 or 0.", ("part",)
)
PART_RESTARTS = Declared(
    "firstwire_part_restarts_total", "counter", "Starts of a process after it had died, by `part`.", ("part",)
)
VERIFY_ENDED = Declared(
    "firstwire_verify_last_success_timestamp_seconds",
    "gauge",
    "When the nightly `verify` last compared live and replay, in seconds since 1970; none before the first.",
)
VERIFY_DURATION = Declared("firstwire_verify_duration_seconds", "gauge", "How long it took.")
VERIFY_ALERTS = Declared(
    "firstwire_verify_alerts",
    "gauge",
    "Alerts that it compared: `same`, or the cause of a difference, of which `unexplained` should never be.",
    ("result",),
)

# firstwire poll
FEEDS = Declared("firstwire_feeds", "gauge", "Feeds by their health.", ("health",))
FEED_VISITS = Declared(
    "firstwire_feed_visits_total",
    "counter",
    "Visits to feeds: `news`, `unchanged`, `failed`, or `network down`: given up because no host answers.",
    ("result",),
)
ARTICLES_PUBLISHED = Declared(
    "firstwire_articles_published_total", "counter", "Revisions of articles that were published."
)
FEED_GAPS = Declared("firstwire_feed_gaps_total", "counter", "Visits that found no entry of the visit before.")
FEED_PUSHES = Declared(
    "firstwire_feed_pushes_total",
    "counter",
    "Documents that hubs have pushed: `news`, `unchanged`, `unreadable`, `unsigned`: not by the hub, and dropped, "
    "`too large`, `too many`, `not taken`: the hub is told to send it again.",
    ("result",),
)
FULL_TEXTS = Declared(
    "firstwire_full_texts_total",
    "counter",
    "Short articles of feeds with `full_text`: `read` from their page, or `missing`.",
    ("result",),
)
FEED_STATES = Declared("firstwire_feed_states_written_total", "counter", "States of feeds written to Kafka.")
VISIT_DELAY = Declared(
    "firstwire_feed_visit_delay_seconds",
    "histogram",
    "From when a feed was due to the start of its visit.",
    buckets=DELAY_BUCKETS_SECONDS,
)
VISIT_DURATION = Declared(
    "firstwire_feed_visit_seconds",
    "histogram",
    "From the start of a visit until its articles are safe.",
    buckets=VISIT_BUCKETS_SECONDS,
)
ARTICLE_AGE = Declared(
    "firstwire_article_age_seconds",
    "histogram",
    "From the date that a publisher gives an article until it was fetched.",
    buckets=AGE_BUCKETS_SECONDS,
)

# firstwire work. What is counted for a partition is kept with its committed offset: exact after any crash.
STAGE_LABELS = ("stage", "partition")
RECORDS_READ = Declared("firstwire_records_read_total", "counter", "Records that a stage has judged.", STAGE_LABELS)
RECORDS_WRITTEN = Declared(
    "firstwire_records_written_total",
    "counter",
    "Records that a stage has written, by topic without its prefix; states and dead letters too.",
    (*STAGE_LABELS, "topic"),
)
OUTCOMES_WRITTEN = Declared(
    "firstwire_outcomes_total",
    "counter",
    "Ends of articles: `duplicate`, `rejected`, `no_match`, `alerting`. Their sum is that of the records that the "
    "stage `deduplicate` has read, but for those under way.",
    (*STAGE_LABELS, "outcome"),
)
MATCHES_FOUND = Declared(
    "firstwire_matches_total",
    "counter",
    "Matches of watches that `analyze` has found. Their sum is that of the verdicts of `alert-matches`, but for those "
    "under way.",
    STAGE_LABELS,
)
VERDICTS_GIVEN = Declared(
    "firstwire_verdicts_total",
    "counter",
    "What became of matches, and of events under a rule: `raised`, `development`, `joined`, `held_back`.",
    (*STAGE_LABELS, "verdict"),
)
LAG = Declared(
    "firstwire_stage_lag_records", "gauge", "Records of its input that a stage has not judged yet.", ("stage",)
)
STALLED = Declared(
    "firstwire_stage_stalled_seconds",
    "gauge",
    "How long input has waited without a commit. At `worker.stall_after` the watchdog ends the process.",
    ("stage",),
)
RETRIES = Declared(
    "firstwire_batch_retries_total", "counter", "Batches tried again because Kafka failed for a moment.", ("stage",)
)
BATCH_DURATION = Declared(
    "firstwire_batch_seconds",
    "histogram",
    "From a batch of records at hand until its results are committed.",
    ("stage",),
    HOP_BUCKETS_SECONDS,
)
HOP_DURATION = Declared(
    "firstwire_hop_seconds",
    "histogram",
    "From the hop before (for `deduplicate`: the fetch) until a stage's results are committed.",
    ("stage",),
    HOP_BUCKETS_SECONDS,
)
REMEMBERED = Declared(
    "firstwire_state_records",
    "gauge",
    "What a stage remembers, by the topic that keeps it: articles (`deduplicate-state`), stories, pages of the ledger, "
    "alerts.",
    (*STAGE_LABELS, "topic"),
)

# firstwire notify
ALERTS_READ = Declared("firstwire_alerts_read_total", "counter", "Revisions of alerts that the notifier has read.")
ALERTS_UNTOLD = Declared(
    "firstwire_alerts_untold_total", "counter", "Decisions not to tell a receiver: nothing new, silenced, inhibited."
)
UNREADABLE = Declared(
    "firstwire_notifier_unreadable_total", "counter", "Records that the notifier could not read, or not route."
)
DELIVERIES_MADE = Declared(
    "firstwire_deliveries_total",
    "counter",
    "Deliveries that ended, by receiver: `delivered`, `failed`, or `superseded` by a later revision.",
    ("receiver", "result"),
)
ATTEMPTS = Declared("firstwire_delivery_attempts_total", "counter", "Requests made to a receiver.", ("receiver",))
DELIVERIES_WAITING = Declared(
    "firstwire_deliveries_waiting", "gauge", "Deliveries that wait for their time, or to be tried again.", ("receiver",)
)
PARKED = Declared("firstwire_receiver_parked", "gauge", "Whether a receiver accepts nothing: 1 or 0.", ("receiver",))
DELIVERY_DURATION = Declared(
    "firstwire_delivery_seconds",
    "histogram",
    "From the fetch of the article that a message is about until a receiver has accepted it, unless grouped or held.",
    ("receiver",),
    HOP_BUCKETS_SECONDS,
)

DECLARED: tuple[Declared, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Declared))


def new_registry(version: str, data_dir: Path | None = None) -> CollectorRegistry:
    """The metrics of one process, with those that every process has; with a data folder also the space left there."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    sampled(registry, BUILD, lambda: [((version,), 1.0)])
    if data_dir is not None:
        sampled(registry, DISK_FREE, lambda: [((), free) for free in (free_bytes(data_dir),) if free is not None])
    return registry


def free_bytes(folder: Path) -> int | None:
    """The space left where a folder is; None if it is not there: with a Kafka elsewhere it may never be made."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def counter(registry: CollectorRegistry, declared: Declared) -> Counter:
    return Counter(declared.name, declared.meaning, declared.labels, registry=registry)


def gauge(registry: CollectorRegistry, declared: Declared) -> Gauge:
    return Gauge(declared.name, declared.meaning, declared.labels, registry=registry)


def histogram(registry: CollectorRegistry | None, declared: Declared) -> Histogram:
    """`registry`: None if it is registered later."""
    return Histogram(declared.name, declared.meaning, declared.labels, buckets=declared.buckets, registry=registry)


def sampled(registry: CollectorRegistry, declared: Declared, samples: Callable[[], Iterable[Sample]]) -> None:
    """A metric whose values are asked for whenever somebody reads it: they are counted elsewhere already."""
    registry.register(_Sampled(declared, samples))


class _Sampled(Collector):
    def __init__(self, declared: Declared, samples: Callable[[], Iterable[Sample]]) -> None:
        self._declared = declared
        self._samples = samples

    def describe(self) -> Iterator[Metric]:
        """What the registry asks for names instead of values: at that time there may be none yet."""
        yield self._family()

    def collect(self) -> Iterator[Metric]:
        family = self._family()
        for labels, value in self._samples():
            family.add_metric(labels, value)
        yield family

    def _family(self) -> CounterMetricFamily | GaugeMetricFamily:
        declared = self._declared
        kind = CounterMetricFamily if declared.kind == "counter" else GaugeMetricFamily
        return kind(declared.name, declared.meaning, labels=declared.labels)


class PollerMetrics:
    """What a poller does. Of several pollers each has its own share of the feeds."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.feeds = gauge(registry, FEEDS)
        self.visits = counter(registry, FEED_VISITS)
        self.articles = counter(registry, ARTICLES_PUBLISHED)
        self.gaps = counter(registry, FEED_GAPS)
        self.pushes = counter(registry, FEED_PUSHES)
        self.full_texts = counter(registry, FULL_TEXTS)
        self.states = counter(registry, FEED_STATES)
        self.delay = histogram(registry, VISIT_DELAY)
        self.duration = histogram(registry, VISIT_DURATION)
        self.age = histogram(registry, ARTICLE_AGE)
        for health in get_args(Health):
            self.feeds.labels(health)

    def health(self, health: Health, change: int) -> None:
        """A feed more or less has this health."""
        self.feeds.labels(health).inc(change)


class StageMetrics:
    """What the stages of a worker take; what they count is sampled."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.batch = histogram(registry, BATCH_DURATION)
        self.hop = histogram(registry, HOP_DURATION)

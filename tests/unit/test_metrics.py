"""The declared metrics: named by Prometheus' conventions, documented, and all of them made by some process."""

from __future__ import annotations

import re
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from firstwire.metrics import DECLARED, PollerMetrics, new_registry, sampled
from tests.support.documents import metrics_table

ROOT = Path(__file__).resolve().parents[2]


def test_names_follow_the_conventions() -> None:
    for declared in DECLARED:
        assert re.fullmatch(r"firstwire_[a-z_]+", declared.name), declared
        assert (declared.kind == "counter") == declared.name.endswith("_total"), declared
        assert (declared.kind == "histogram") == bool(declared.buckets), declared
        assert declared.kind != "histogram" or declared.name.endswith("_seconds"), declared
    assert len({declared.name for declared in DECLARED}) == len(DECLARED)


def test_the_page_has_every_metric_with_its_labels_and_meaning() -> None:
    assert metrics_table() in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_a_poller_shows_what_it_counts(tmp_path: Path) -> None:
    registry = new_registry("1.2.3", tmp_path)
    metrics = PollerMetrics(registry)
    metrics.health("silent", 2)
    metrics.visits.labels("news").inc()
    text = generate_latest(registry).decode()
    assert 'firstwire_feeds{health="silent"} 2.0' in text
    assert 'firstwire_feeds{health="dead"} 0.0' in text
    assert 'firstwire_feed_visits_total{result="news"} 1.0' in text
    assert 'firstwire_build_info{version="1.2.3"} 1.0' in text
    assert re.search(r"^firstwire_data_dir_free_bytes [1-9]", text, re.MULTILINE)
    assert re.search(r"^process_resident_memory_bytes [1-9]", text, re.MULTILINE)


def test_a_sampled_metric_is_read_when_it_is_asked_for() -> None:
    registry, count = CollectorRegistry(), [0]
    declared = next(each for each in DECLARED if each.name == "firstwire_batch_retries_total")
    sampled(registry, declared, lambda: [(("analyze",), count[0])])
    assert registry.get_sample_value(declared.name, {"stage": "analyze"}) == 0
    count[0] = 7
    assert registry.get_sample_value(declared.name, {"stage": "analyze"}) == 7

"""A process that reports on itself, and the report on all parts of `firstwire run`, over real sockets."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from firstwire.errors import ConfigError
from firstwire.health import ProcessReporter, reporting
from firstwire.metrics import PollerMetrics, new_registry
from firstwire.supervised import PART_VARIABLE, AllParts, console_reporter, expect_parts, forget_parts, reporting_as


def reporter(folder: Path) -> ProcessReporter:
    return ProcessReporter(new_registry("1", folder))


async def got(address: str, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}") as answer:
        return answer.status, await answer.text()


async def test_a_process_says_that_it_lives_and_what_it_lacks(tmp_path: Path) -> None:
    one = reporter(tmp_path)
    async with reporting(one, "127.0.0.1:0") as address:
        assert await got(address, "/healthz") == (200, '{"alive": true}')
        assert await got(address, "/readyz") == (200, '{"ready": true, "lacking": {}}')
        one.readiness.lacks("kafka", "does not answer")
        assert await got(address, "/readyz") == (503, '{"ready": false, "lacking": {"kafka": "does not answer"}}')
        one.readiness.has("kafka")
        assert (await got(address, "/readyz"))[0] == 200
        status, text = await got(address, "/metrics")
        assert (status, 'firstwire_build_info{version="1"} 1.0' in text) == (200, True)
        with pytest.raises(ConfigError, match=rf"metrics.listen: cannot listen on '{address}'"):
            async with reporting(one, address):
                pass
    with pytest.raises(aiohttp.ClientError):
        await got(address, "/healthz")


async def test_nothing_is_served_unasked(tmp_path: Path) -> None:
    async with reporting(reporter(tmp_path), "") as address:
        assert address == ""


async def test_all_parts_of_a_run_are_one_report_with_a_label_each(tmp_path: Path) -> None:
    poll, notify = reporter(tmp_path), reporter(tmp_path)
    PollerMetrics(poll.registry).health("ok", 3)
    notify.readiness.lacks("kafka", "has not answered yet")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "of-an-earlier-version").write_text("127.0.0.1:1")
    expect_parts(tmp_path, ["poll", "notify", "work"])
    every = AllParts(tmp_path)
    async with reporting_as("poll", tmp_path, poll), reporting_as("notify", tmp_path, notify):
        text = (await every.metrics()).decode()
        assert await every.lacking() == {"notify: kafka": "has not answered yet", "work": "does not answer"}
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    shown = {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}
    assert len(shown) == len(samples)
    assert shown["firstwire_feeds", (("health", "ok"), ("part", "poll"))] == 3.0
    assert shown["firstwire_build_info", (("part", "notify"), ("version", "1"))] == 1.0
    for name, parts in (("up", {"poll": 1, "notify": 1, "work": 0}), ("ready", {"poll": 1, "notify": 0, "work": 0})):
        for part, value in parts.items():
            assert shown[f"firstwire_part_{name}", (("part", part),)] == value
    assert text.count("# HELP firstwire_build_info") == 1
    assert set(await every.lacking()) == {"poll", "notify", "work"}  # all of them dead
    forget_parts(tmp_path)
    assert await every.lacking() == {"run": "has started no process yet"}


def test_the_console_of_a_run_reports_on_all_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = reporter(tmp_path)
    monkeypatch.delenv(PART_VARIABLE, raising=False)
    assert console_reporter(tmp_path, own) is own
    monkeypatch.setenv(PART_VARIABLE, "web")
    assert console_reporter(tmp_path, own) == AllParts(tmp_path)

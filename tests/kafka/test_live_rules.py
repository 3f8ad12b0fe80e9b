"""Rules that change while a worker runs: live from their time on, versioned, and the same in replay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from agents.app import stages
from agents.rule_follower import LiveRules
from agents.wiring import Wiring, wall_clock
from firstwire.broker.takedowns import write_takedown
from firstwire.broker.topics import ALERTS, ARTICLES, OUTCOMES, RULES, create_missing_topics, topic_name
from firstwire.config import KafkaSection
from firstwire.core.firsts.ledger import Seeds
from firstwire.files.rules import WrittenRule, written_rules
from firstwire.replay.run import replay
from firstwire.replay.topic import read_topic
from firstwire.rules.releases import Compiler, history_of, message_of, planned_release, publish, read_versions
from schemas.alert import Alert
from schemas.codec import decode, encode
from schemas.outcome import Outcome
from schemas.takedown import Takedown
from schemas.times import format_timestamp, parse_timestamp
from tests.support.alerts import first_alert
from tests.support.command_line import firstwire, typed
from tests.support.configuration import write_configuration
from tests.support.exits import Exits
from tests.support.kafka import publish as put
from tests.support.kafka import records, transactional_producer
from tests.support.knowledge import knowledge_of, shipped_gazetteer
from tests.support.records import article
from tests.support.waiting import until
from tests.support.workers import configuration, running

GAZETTEER = shipped_gazetteer()
SHIPS = "watches:\n- {id: ships, query: ship* AND port}\n"
TRAINS = """watches:
- {id: ships, query: ship* AND harbor, severity: critical}
- {id: trains, query: train*, state: shadow}
"""


def written(folder: Path, text: str) -> list[WrittenRule]:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return written_rules([path], GAZETTEER)


@pytest.fixture
async def topics(kafka_bootstrap: str, kafka_prefix: str) -> tuple[str, str]:
    await create_missing_topics(kafka_bootstrap, KafkaSection(topic_prefix=kafka_prefix))
    return kafka_bootstrap, kafka_prefix


@asynccontextmanager
async def worker(bootstrap: str, prefix: str, folder: Path, rules: list[WrittenRule]) -> AsyncIterator[None]:
    exits = Exits()
    live = LiveRules(bootstrap, prefix, Compiler(GAZETTEER, rules), rules, Wiring(clock=wall_clock, leave=exits.leave))
    await live.publish_files()
    settings = configuration(prefix, folder)
    todo = stages(settings, knowledge_of(live), Seeds(), 2)
    async with running(bootstrap, settings, todo, exits, before=[live]):
        yield
    assert exits.codes == []


async def tell(bootstrap: str, prefix: str, article_id: str, title: str) -> None:
    now = format_timestamp(datetime.now(UTC))
    told = msgspec.structs.replace(
        article(article_id, title=title, body=""),
        fetched_at=now,
        published_at=now,
        url=f"https://x.example/{article_id}",
    )
    await put(bootstrap, topic_name(prefix, ARTICLES), [encode(told)])


async def outcomes(bootstrap: str, prefix: str) -> dict[str, Outcome]:
    found = [decode(record.value, Outcome) for record in await records(bootstrap, prefix, OUTCOMES)]
    return {one.article_id: one for one in found}


async def has(bootstrap: str, prefix: str, article_id: str) -> bool:
    return article_id in await outcomes(bootstrap, prefix)


async def test_a_release_judges_what_is_fetched_from_its_time_on_and_replay_finds_the_same(
    topics: tuple[str, str], tmp_path: Path
) -> None:
    async with worker(*topics, tmp_path, written(tmp_path, SHIPS)):
        await tell(*topics, "before", "Ships wait in the port of Aden today")
        await until(partial(has, *topics, "before"), "the first outcome")
        began = datetime.now(UTC)
        found = await publish(*topics, written(tmp_path, TRAINS), wall_clock)
        assert (found.added, found.changed, found.removed) == (("trains",), ("ships",), ())
        assert parse_timestamp(found.effective_at) - began < timedelta(seconds=2)
        await tell(*topics, "between", "More ships wait in the port of Aden now")

        async def is_effective() -> bool:
            return format_timestamp(datetime.now(UTC)) >= found.effective_at

        await until(is_effective, "the release is effective")
        await tell(*topics, "after", "Even more ships wait in the port of Aden")
        await tell(*topics, "harbor", "Ships leave the harbor of Muscat for Aden")
        await tell(*topics, "train", "A train leaves the station of Oslo for Bergen")
        for article_id in ("between", "after", "harbor", "train"):
            await until(partial(has, *topics, article_id), article_id)
    ended = await outcomes(*topics)
    assert {name: (one.outcome, one.rules, one.release) for name, one in ended.items()} == {
        "before": ("alerting", ("ships",), 1),
        "between": ("alerting", ("ships",), 1),
        "after": ("no_match", (), 2),
        "harbor": ("alerting", ("ships",), 2),
        "train": ("alerting", ("trains",), 2),
    }
    alerts = {}
    for record in await records(*topics, ALERTS):
        alert = decode(record.value, Alert)
        alerts[alert.alert_id] = alert
    told = {(alert.rule_id, alert.rule_version, alert.severity, alert.shadow) for alert in alerts.values()}
    assert {("ships", 2, "critical", False), ("trains", 1, "info", True)} <= told
    history = history_of(await read_versions(*topics), Compiler(GAZETTEER))
    articles = await read_topic(*topics, None, None)
    again = replay(articles, knowledge_of(history), Seeds(), timedelta(hours=72))
    assert again.alerts == alerts
    assert {one.article_id: one.release for one in again.outcomes} == {n: one.release for n, one in ended.items()}


async def test_the_same_rules_are_not_published_again_and_one_taken_out_is(
    topics: tuple[str, str], tmp_path: Path
) -> None:
    first = await publish(*topics, written(tmp_path, TRAINS), wall_clock)
    assert (first.release, first.added, first.effective_at) == (1, ("ships", "trains"), "1970-01-01T00:00:00.000Z")
    again = await publish(*topics, written(tmp_path, TRAINS), wall_clock)
    assert (again.release, again.is_empty) == (1, True)
    removed = await publish(*topics, written(tmp_path, SHIPS), wall_clock)
    assert (removed.release, removed.changed, removed.removed) == (2, ("ships",), ("trains",))
    back = await publish(*topics, written(tmp_path, TRAINS), wall_clock)
    assert (back.release, back.added, back.changed) == (3, ("trains",), ("ships",))
    versions = {(one.rule_id, one.release): one.rule_version for one in await read_versions(*topics)}
    assert versions == {
        ("ships", 1): 1, ("trains", 1): 1, ("ships", 2): 2, ("trains", 2): 2, ("ships", 3): 3, ("trains", 3): 3,
    }  # fmt: skip


async def test_rates_are_told_of_the_topic_too(topics: tuple[str, str], tmp_path: Path) -> None:
    bootstrap, prefix = topics
    harbor = [
        article(f"a{number}", title="A ship in port" if number % 2 else "A train", hours=12 * number)
        for number in range(5)
    ]
    await put(bootstrap, topic_name(prefix, ARTICLES), [encode(one) for one in harbor])
    written(tmp_path, SHIPS)
    write_configuration(tmp_path, bootstrap=bootstrap, prefix=prefix, rules=["rules.yaml"])
    code, out, err = await asyncio.to_thread(firstwire, "rules", "check", "--from-topic", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert "archive: 5 articles, fetched 2025-07-03 00:00 to 2025-07-05 00:00, 2.0 days\n" in out
    (row,) = [line.split() for line in out.splitlines() if line.startswith(" ships")]
    assert row[:4] == ["ships", "1.0", "2", "40.0%"]


async def test_nothing_is_judged_while_a_release_is_under_way(topics: tuple[str, str], tmp_path: Path) -> None:
    """Somebody begins to publish and stands still: articles that it may concern wait for its end."""
    async with worker(*topics, tmp_path, written(tmp_path, SHIPS)):
        await tell(*topics, "before", "Ships wait in the port of Aden today")
        await until(partial(has, *topics, "before"), "the first outcome")
        versions = await read_versions(*topics)
        now = wall_clock()
        planned = planned_release(versions, written(tmp_path, TRAINS), now)
        async with (
            transactional_producer(topics[0], topic_name(topics[1], RULES)) as producer,
            producer.transaction() as out,
        ):
            for version in planned:
                await out.send(message_of(topics[1], version))
            await out.flush()

            async def is_effective() -> bool:
                return wall_clock() >= planned[0].effective_at

            await until(is_effective, "the release would be effective")
            await tell(*topics, "waiting", "Even more ships wait in the port of Aden")
            seen = []

            async def looked_often() -> bool:
                seen.append(await has(*topics, "waiting"))
                return len(seen) > 10

            await until(looked_often, "looked ten times")
            assert not any(seen)
        await until(partial(has, *topics, "waiting"), "the article that waited")
    assert (await outcomes(*topics))["waiting"].release == 2


async def test_two_that_publish_at_once_come_one_after_the_other(topics: tuple[str, str], tmp_path: Path) -> None:
    one, other = written(tmp_path, SHIPS), written(tmp_path, TRAINS)
    found = await asyncio.gather(*(publish(*topics, rules, wall_clock) for rules in (one, other, one, other)))
    numbers = [each.release for each in found if not each.is_empty]
    assert len(numbers) == len(set(numbers))
    versions = await read_versions(*topics)
    assert len({(each.rule_id, each.rule_version) for each in versions}) == len(versions)


async def test_what_a_shadow_rule_would_have_said_is_shown(topics: tuple[str, str], tmp_path: Path) -> None:
    bootstrap, prefix = topics
    await publish(*topics, written(tmp_path, TRAINS), wall_clock)
    said = first_alert(alert_id="1234567890abcdef", rule_id="trains", shadow=True, headline="A train leaves Oslo")
    live = first_alert(alert_id="fedcba0987654321", rule_id="ships", headline="A ship waits")
    await put(bootstrap, topic_name(prefix, ALERTS), [encode(said), encode(live)])
    write_configuration(tmp_path, bootstrap=bootstrap, prefix=prefix, slack="http://127.0.0.1:1/")
    code, out, err = await typed("rules", "shadow", "trains", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert out.splitlines()[1:] == [
        "1 alert, 0.0 a day; 0 told by no live rule",
        "  newsroom: 1 message",
        "2025-07-03 14:02  1234567890ab  A train leaves Oslo",
        "                  also told by ships: A ship waits",
    ]
    for article_id in said.articles:
        gone = Takedown(article_id=article_id, author="ana", made_at=said.times.fetched_at)
        await write_takedown(bootstrap, prefix, gone)
    code, out, err = await typed("rules", "shadow", "trains", cwd=tmp_path)
    assert (code, err, out.splitlines()[1:]) == (0, "", ["It would have said nothing."])
    code, _, err = await typed("rules", "shadow", "trins", cwd=tmp_path)
    assert (code, "no rule 'trins' is in force; did you mean 'trains'?" in err) == (78, True)


async def test_rules_that_are_put_in_force_with_no_route_that_takes_them_are_named(
    topics: tuple[str, str], tmp_path: Path
) -> None:
    written(tmp_path, TRAINS)
    write_configuration(
        tmp_path,
        bootstrap=topics[0],
        prefix=topics[1],
        rules=["rules.yaml"],
        slack="http://127.0.0.1:1/",
        match={"kind": "event"},
    )
    for option in (("--dry-run",), ()):
        code, out, err = await typed("rules", "apply", *option, cwd=tmp_path)
        assert (code, "added  ships, trains" in out) == (0, True)
        assert err == "warning: no route takes alerts of the rule ships: nobody is notified\n", "the other is in shadow"

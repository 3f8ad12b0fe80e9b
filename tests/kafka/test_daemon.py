"""`firstwire run` as a user starts it: feeds in, an alert out, restarts, a clean stop, clear words when it cannot."""

from __future__ import annotations

import os
import re
import signal
from functools import partial
from html import escape
from pathlib import Path

import pytest

from firstwire.broker.topics import ALERTS, DELIVERIES, OUTCOMES
from firstwire.daemon import PARTS
from firstwire.demo.receivers import SlackServer, WebhookServer
from firstwire.errors import EXIT_CONFIG, EXIT_OK, EXIT_UNAVAILABLE
from schemas.alert import Alert
from schemas.codec import decode
from schemas.delivery import Delivery
from schemas.outcome import Outcome
from tests.fakes.news import Feed, Item, NewsOrigin
from tests.support.configuration import SECRET, write_configuration
from tests.support.kafka import records
from tests.support.processes import exit_code, firstwire
from tests.support.shared_data import SEED_ARTICLE
from tests.support.waiting import until


def run_configuration(
    folder: Path,
    bootstrap: str,
    prefix: str,
    origin: NewsOrigin,
    slack: SlackServer,
    webhook: WebhookServer,
    web: str | None = "",
) -> Path:
    return write_configuration(
        folder,
        bootstrap=bootstrap,
        prefix=prefix,
        partitions=2,
        feeds=origin.urls,
        slack=slack.url,
        webhook=webhook.url,
        secret_variable="DESK_SECRET",
        match={"kind": "first"},
        web=web,
        # The feeds are of July 2025: told whatever its age, before anybody was on record
        rules=["seeds/demo/rules.yaml"],
        more='[ledger]\npaths = ["seeds/demo/ledger.yaml"]\n',
    )


def feed(*items: Item) -> Feed:
    return Feed("wire", "en", list(items), released=len(items))


HARVEST = Item("a1", "Harvest begins two weeks early", "The wheat is of good quality this year.")
MALTA = Item("a2", "Malta becomes the first country to recognize Transnistria", "The foreign minister signed it today.")


def part_of(log: Path, part: str) -> list[int]:
    """The process ids that the supervisor reported for a part, in order."""
    found = re.findall(rf"event=process_started part={part} pid=(\d+)", log.read_text(encoding="utf-8"))
    return [int(number) for number in found]


async def both_delivered(bootstrap: str, prefix: str) -> bool:
    deliveries = [decode(record.value, Delivery) for record in await records(bootstrap, prefix, DELIVERIES)]
    return {one.destination for one in deliveries if one.state == "delivered"} == {"newsroom", "desk"}


async def test_a_feed_becomes_one_alert_and_what_dies_is_started_again(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    log = tmp_path / "run.log"
    wire = feed(HARVEST, MALTA)
    async with NewsOrigin([wire]) as origin, SlackServer() as slack, WebhookServer() as webhook:
        config = run_configuration(tmp_path, kafka_bootstrap, kafka_prefix, origin, slack, webhook, web=None)
        with firstwire("run", "--config", str(config), log=log, DESK_SECRET=SECRET) as daemon:
            (told,) = await webhook.wait_for(1, 60)
            await until(partial(both_delivered, kafka_bootstrap, kafka_prefix), "both deliveries on record")
            assert told.json["type"] == "alert.raised"
            assert told.json["data"]["alert"]["headline"] == "Malta recognizes Transnistria"
            for part in PARTS:
                os.kill(part_of(log, part)[-1], signal.SIGKILL)

            async def all_back() -> bool:
                return all(len(part_of(log, part)) == 2 for part in PARTS)

            await until(all_back, "every part started a second time")
            wire.items.append(Item("a3", "Chess tournament opens in the old harbor", "Children of ten towns play."))
            wire.released = 3

            async def third_ended() -> bool:
                return len(await records(kafka_bootstrap, kafka_prefix, OUTCOMES)) >= 3

            await until(third_ended, "the outcome of an article published after the restarts")
            daemon.terminate()
            assert await exit_code(daemon, 10) == EXIT_OK
        assert len(webhook.requests) == 1
        assert len(slack.requests) == 1
    outcomes = [decode(record.value, Outcome) for record in await records(kafka_bootstrap, kafka_prefix, OUTCOMES)]
    assert [one.outcome for one in outcomes].count("alerting") == 1
    text = log.read_text(encoding="utf-8")
    assert SECRET not in text
    assert "hush-hush" not in text


async def test_the_seed_article_raises_its_one_first_alert_through_the_whole_chain(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    if not SEED_ARTICLE.exists():
        pytest.skip(f"data missing: {SEED_ARTICLE}")
    lead, title, *rest_of_it = [line for line in SEED_ARTICLE.read_text(encoding="utf-8").splitlines() if line.strip()]
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in (lead, title, *rest_of_it))
    async with (
        NewsOrigin([feed(Item("seed", title, body))]) as origin,
        SlackServer() as slack,
        WebhookServer() as webhook,
    ):
        config = run_configuration(tmp_path, kafka_bootstrap, kafka_prefix, origin, slack, webhook)
        with firstwire("run", "--config", str(config), log=tmp_path / "run.log", DESK_SECRET=SECRET) as daemon:
            (told,) = await webhook.wait_for(1, 60)
            daemon.terminate()
            assert await exit_code(daemon, 10) == EXIT_OK
    alert = told.json["data"]["alert"]
    assert alert["subject"]["actor"] == "russia"
    assert alert["subject"]["target"] == "taliban"
    assert alert["kind"] == "first"
    assert alert["novelty"]["claimed"] is True
    assert alert["novelty"]["position"] == 1
    assert {act["actor"] for act in alert["novelty"]["other_eras"]} == {
        "pakistan",
        "saudi-arabia",
        "united-arab-emirates",
    }
    alerts = [decode(record.value, Alert) for record in await records(kafka_bootstrap, kafka_prefix, ALERTS)]
    assert {one.alert_id for one in alerts if not one.shadow} == {alert["alert_id"]}


BROKEN = [
    ("unknown key", '[poller]\nintervall = "15m"\n', "did you mean 'interval'"),
    ("no such receiver", '[[routes]]\nreceivers = ["nobody"]\n', "no receiver 'nobody'"),
    (
        "secret not set",
        '[[receivers]]\nname = "n"\ntype = "slack"\nurl = { env = "NOT_SET_AT_ALL" }\n',
        "NOT_SET_AT_ALL",
    ),
    ("rule file missing", '[rules]\npaths = ["nowhere.yaml"]\n', "nowhere.yaml"),
]


@pytest.mark.parametrize(("what", "rest", "says"), BROKEN, ids=[case[0] for case in BROKEN])
async def test_a_wrong_configuration_stops_the_daemon_with_78_and_says_where(
    what: str, rest: str, says: str, kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    config = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix, more=rest)
    log = tmp_path / "run.log"
    with firstwire("run", "--config", str(config), log=log) as daemon:
        assert await exit_code(daemon) == EXIT_CONFIG
    assert says in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [["check"], ["topics", "init"], ["explain", "abcd1234"], ["stories"]])
async def test_an_unreachable_kafka_is_named_with_what_to_look_at(command: list[str], tmp_path: Path) -> None:
    config = write_configuration(tmp_path, bootstrap="127.0.0.1:1", prefix="nobody")
    log = tmp_path / "command.log"
    with firstwire(*command, "--config", str(config), log=log) as process:
        assert await exit_code(process) == EXIT_UNAVAILABLE
    assert "127.0.0.1:1" in log.read_text(encoding="utf-8")


async def test_explain_tells_the_trail_of_an_alert_and_of_a_silent_article(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    denial = Item("a4", "Malta denies it has recognized Abkhazia", "The ministry called the reports untrue.")
    async with NewsOrigin([feed(MALTA, denial)]) as origin, SlackServer() as slack, WebhookServer() as webhook:
        config = run_configuration(tmp_path, kafka_bootstrap, kafka_prefix, origin, slack, webhook)
        with firstwire("run", "--config", str(config), log=tmp_path / "run.log", DESK_SECRET=SECRET):
            (told,) = await webhook.wait_for(1, 60)

            async def both_ended() -> bool:
                return len(await records(kafka_bootstrap, kafka_prefix, OUTCOMES)) == 2

            await until(both_ended, "two outcomes")
            await until(partial(both_delivered, kafka_bootstrap, kafka_prefix), "both deliveries on record")
    alert = told.json["data"]["alert"]
    outcomes = [decode(record.value, Outcome) for record in await records(kafka_bootstrap, kafka_prefix, OUTCOMES)]
    (silent,) = [one.article_id for one in outcomes if one.article_id not in alert["articles"]]
    for wanted, words in (
        (alert["alert_id"][:12], ["FIRST  Malta recognizes Transnistria", "delivery  desk: delivered"]),
        (silent, ["held_back", "negated"]),
    ):
        log = tmp_path / f"explain-{wanted}.log"
        with firstwire("explain", wanted, "--config", str(config), log=log) as process:
            assert await exit_code(process) == EXIT_OK
        said = log.read_text(encoding="utf-8")
        assert [word for word in words if word not in said] == []


async def test_replay_from_the_topic_gives_the_same_alert_ids_and_touches_nothing(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    async with NewsOrigin([feed(HARVEST, MALTA)]) as origin, SlackServer() as slack, WebhookServer() as webhook:
        config = run_configuration(tmp_path, kafka_bootstrap, kafka_prefix, origin, slack, webhook)
        with firstwire("run", "--config", str(config), log=tmp_path / "run.log", DESK_SECRET=SECRET):
            (told,) = await webhook.wait_for(1, 60)
    before = {topic: len(await records(kafka_bootstrap, kafka_prefix, topic)) for topic in (ALERTS, OUTCOMES)}
    files = []
    for number in (1, 2):
        output = tmp_path / f"replayed{number}"
        log = tmp_path / "replay.log"
        arguments = ["--from-topic", "--from", "2020-01-01", "--output", str(output), "--config", str(config)]
        with firstwire("replay", *arguments, log=log) as process:
            assert await exit_code(process) == EXIT_OK
        files.append({file.name: file.read_bytes() for file in sorted(output.iterdir())})
    assert files[0] == files[1]
    replayed = [decode(line, Alert) for line in files[0]["alerts.jsonl"].splitlines()]
    assert [alert.alert_id for alert in replayed if not alert.shadow] == [told.json["data"]["alert"]["alert_id"]]
    after = {topic: len(await records(kafka_bootstrap, kafka_prefix, topic)) for topic in (ALERTS, OUTCOMES)}
    assert after == before

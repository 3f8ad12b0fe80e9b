"""`python -m tests.recorded NAME`: records every topic of a live run as this version writes it, into `NAME.jsonl.xz`.

Run it before a change of a record or an id lands. What it writes is test data from then on and is never edited.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import lzma
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from firstwire import config
from firstwire.broker.embedded import answers, broker_folder, running_broker
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received, read_all
from firstwire.broker.topics import (
    ALERTS,
    ARTICLES,
    AUDIT,
    DELIVERIES,
    OUTCOMES,
    SILENCES,
    TOPICS,
    create_missing_topics,
    topic_name,
)
from firstwire.demo.origin import DemoOrigin
from firstwire.demo.receivers import SlackServer, WebhookServer
from firstwire.demo.sample import Sample, read_sample
from firstwire.errors import EXIT_OK
from firstwire.ledger.corrections import addition, publish, vouching
from firstwire.ledger.pages import known_page, read_pages
from schemas.alert import Alert
from schemas.article import Article
from schemas.codec import decode, encode
from schemas.delivery import Delivery
from schemas.times import format_timestamp, shifted, to_milliseconds
from tests.support.command_line import typed
from tests.support.configuration import write_configuration
from tests.support.kafka import records, send_all
from tests.support.knowledge import shipped_gazetteer, shipped_ledger, shipped_lemmas
from tests.support.processes import exit_code, firstwire
from tests.support.recorded import FOLDER, POISON
from tests.support.waiting import until

PREFIX = "recorded"
FIRST_AT = "2025-09-01T08:00:00.000Z"
APART = timedelta(hours=30)

RULES = """\
watches:
  - {id: taliban, query: '@taliban OR recogni*', tags: [afghanistan], severity: warning, max_age: "off"}
  - {id: quiet, query: '@kosovo NEAR/12 recogni*', state: shadow}
events:
  - {id: first-to-recognize, action: [recognize], novelty: first, severity: critical, max_age: "off"}
  - id: anything
    action: '*'
    actor_kind: [nation, organization]
    status: [asserted, planned, unconfirmed]
    corroboration: {sure: 1, unsure: 2}
    max_age: "off"
"""

UNDATED = "Wire without dates"

ARTICLES_BESIDES = (
    # Undone and done again, denied, planned and then done, in another language, claims by anybody, no target
    ("en", "Wire A", "Honduras recognizes Kosovo", "Honduras formally recognized Kosovo, the foreign ministry said."),
    (
        "en",
        "Wire B",
        "Honduras recognizes Kosovo as a state",
        "Honduras has recognized Kosovo, officials said.",
    ),
    ("en", "Wire A", "Honduras withdraws recognition of Kosovo", "Honduras withdrew its recognition of Kosovo."),
    ("en", "Wire A", "Honduras recognizes Kosovo again", "Honduras recognized Kosovo on Friday, the president said."),
    ("en", "Wire C", "Nauru recognizes Abkhazia", "Nauru has recognized Abkhazia as an independent state."),
    ("en", "Wire C", "Nauru denies that it recognized Abkhazia", "Nauru denied that it had recognized Abkhazia."),
    ("en", "Wire D", "Fiji may recognize Palestine", "Fiji may recognize Palestine next month, its leader said."),
    ("en", "Wire D", "Fiji recognizes Palestine, first Pacific nation to do so", "Fiji has recognized Palestine."),
    ("fr", "Fil E", "Le Ghana reconnaît le Kosovo", "Le Ghana a reconnu le Kosovo, a annoncé le ministère."),
    ("en", "Wire A", "Peru imposes sanctions on Belarus", "Peru imposed sanctions on Belarus on Thursday."),
    ("en", "Wire A", "Iceland is the first country to agree to a world truce", "Iceland agreed to it on Monday."),
    ("en", "Wire B", "Iceland becomes first country to dye its rivers green", "Its rivers are green now."),
    # Unsure alone and together, mutual, and without a date
    ("en", "Wire A", "Palestine is recognized by Tonga", "Palestine was recognized by Tonga, a minister said."),
    ("en", "Wire B", "Palestine recognized by Tonga", "The state was recognized by Tonga, according to officials."),
    ("en", "Wire C", "Bhutan and Laos establish diplomatic relations", "Envoys of both signed on Tuesday."),
    ("en", UNDATED, "Kiribati recognizes Kosovo", "Kiribati has recognized Kosovo."),
)


async def record(name: str) -> None:
    sample = read_sample()
    async with _daemon(sample) as (address, origin, folder):

        async def count_is(topic: str, number: int) -> bool:
            return len(await records(address, PREFIX, topic)) >= number

        await until(lambda: count_is(OUTCOMES, len(sample.articles)), "the sample is judged")
        updates = [article.guid for article in sample.articles if article.update is not None]
        for guid in updates:
            await origin.publish_update(guid)
        judged = len(sample.articles) + len(updates)
        await until(lambda: count_is(OUTCOMES, judged), "the updates are judged")
        await send_all(address, [_message(number, *each) for number, each in enumerate(ARTICLES_BESIDES)])
        await send_all(address, [Message(topic_name(PREFIX, ARTICLES), "en", POISON)])
        await until(lambda: count_is(OUTCOMES, judged + len(ARTICLES_BESIDES) + 1), "the other articles are judged")
        await _correct(address)
        await until(lambda: _is_corrected(address), "the first is corrected")
        await until(lambda: _is_delivered(address), "nothing waits to be delivered")
        await _speak(folder, address, origin)
        lines = [
            _line(topic.name, one)
            for topic in TOPICS
            for one in [one async for one in read_all(address, topic_name(PREFIX, topic.name))]
        ]
    with lzma.open(FOLDER / f"{name}.jsonl.xz", "wt", preset=9, encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    print(f"{len(lines)} records → {FOLDER / name}.jsonl.xz")


def _line(topic: str, one: Received) -> dict[str, object]:
    return {
        "topic": topic,
        "partition": one.partition,
        "key": one.key,
        "value": one.value.decode() if one.value is not None else None,
        "headers": [[header, value.decode("utf-8", "replace")] for header, value in one.headers],
        "timestamp_ms": one.timestamp_ms,
    }


@asynccontextmanager
async def _daemon(sample: Sample) -> AsyncIterator[tuple[str, DemoOrigin, Path]]:
    """A daemon on an embedded broker, with the sample's feeds and two receivers."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
        async with (
            DemoOrigin(sample, now=lambda: datetime.now(UTC)) as origin,
            SlackServer() as slack,
            WebhookServer() as webhook,
        ):
            file = write_configuration(
                folder,
                prefix=PREFIX,
                partitions=2,
                feeds=origin.urls,
                rules=[str(folder / "rules.yaml")],
                slack=slack.url,
                webhook=webhook.url,
                match={},
                web="127.0.0.1:0",
            )
            with firstwire("run", "--config", str(file), log=folder / "run.log") as process:
                configuration = config.load(file, {})
                broker = broker_folder(configuration.data_dir)

                async def is_up() -> bool:
                    address = running_broker(broker)
                    return address is not None and await answers(address)

                await until(is_up, "the broker answers")
                address = str(running_broker(broker))
                await create_missing_topics(address, configuration.settings.kafka)
                yield address, origin, folder
                process.terminate()
                await exit_code(process)


async def _speak(folder: Path, address: str, origin: DemoOrigin) -> None:
    """What people say to a daemon, by commands and on the console."""
    (alert_id, *_) = sorted({one.key for one in await records(address, PREFIX, ALERTS)})
    for command in (
        ("silences", "add", "tag=cricket", "--for", "7d", "--author", "ana", "--comment", "no cricket"),
        ("feedback", "give", alert_id, "right", "--author", "ana"),
        ("feeds", "add", origin.urls[0], "--name", "The first", "--interval", "10m"),
        ("takedown", f"recorded-{len(ARTICLES_BESIDES) - 1}", "--author", "ana", "--reason", "a court"),
        ("reload",),
    ):
        code, _, err = await typed(*command, cwd=folder)
        assert code == EXIT_OK, err
    (url,) = re.findall(r"event=console_listens url=(\S+)", (folder / "run.log").read_text(encoding="utf-8"))
    silence = {"matchers": "tag=chess", "for": "2h", "comment": "no chess"}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(f"{url}api/v1/session") as answer:
            token = {"X-CSRF-Token": (await answer.json())["csrf"]}
        async with session.post(f"{url}api/v1/silences", json=silence, headers=token) as answer:
            assert answer.ok, await answer.text()

    async def is_written() -> bool:
        return bool(await records(address, PREFIX, AUDIT)) and len(await records(address, PREFIX, SILENCES)) == 2

    await until(is_written, "all of it is on the topics")


def _message(number: int, language: str, source: str, title: str, body: str) -> Message:
    moment = shifted(FIRST_AT, number * APART)
    article = Article(
        article_id=f"recorded-{number}",
        title=title,
        body=body,
        language=language,
        source=source,
        url=f"https://news.example/{number}",
        published_at=None if source == UNDATED else moment,
        fetched_at=moment,
    )
    return Message(topic_name(PREFIX, ARTICLES), language, encode(article), timestamp_ms=to_milliseconds(moment))


async def _correct(address: str) -> None:
    page = known_page(await read_pages(address, PREFIX, shipped_lemmas()), shipped_ledger(), "recognize", "taliban")
    china = shipped_gazetteer().entity("china")
    assert china is not None
    now = format_timestamp(datetime.now(UTC))
    sent = addition(page, china, "2025-07-01", source="the archive", now=now, seeds=shipped_ledger())
    await publish(address, PREFIX, sent)
    vouched = vouching("recognize", "taliban", "2025-06-30", source="the archive", now=now, page=page)
    await publish(address, PREFIX, vouched)


async def _is_corrected(address: str) -> bool:
    alerts = [decode(one.value, Alert) for one in await records(address, PREFIX, ALERTS)]
    return any(alert.state == "corrected" for alert in alerts)


async def _is_delivered(address: str) -> bool:
    newest = {one.key: decode(one.value, Delivery) for one in await records(address, PREFIX, DELIVERIES)}
    return bool(newest) and all(delivery.state != "pending" for delivery in newest.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="such as version-2")
    asyncio.run(record(parser.parse_args().name))

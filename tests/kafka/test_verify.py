"""Live is replay: after rules applied in the middle and a correction by hand, nothing differs; what is made up does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import orjson

from agents.app import stages
from agents.rule_follower import LiveRules
from agents.wiring import Wiring, wall_clock
from firstwire.broker.producer import Message
from firstwire.broker.topics import ALERTS, ARTICLES, OUTCOMES, topic_name
from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.rulebook import Rulebook
from firstwire.files.rules import WrittenRule, written_rules
from firstwire.last_verify import last_verify
from firstwire.ledger.corrections import publish as correct
from firstwire.replay.reading import StartStage
from firstwire.replay.rule_choice import rules_on_record
from firstwire.replay.span import ReplaySpan
from firstwire.replay.topic import TopicSource
from firstwire.replay.verify import DifferenceCause, Verified, verify
from firstwire.rules.releases import Compiler, publish
from schemas.alert import Alert
from schemas.codec import decode, encode
from schemas.times import format_timestamp
from tests.support.command_line import firstwire
from tests.support.configuration import write_configuration
from tests.support.exits import Exits
from tests.support.kafka import nothing_waits, records, send_all
from tests.support.kafka import publish as put
from tests.support.knowledge import knowledge_of, shipped_gazetteer, shipped_ledger, shipped_lemmas
from tests.support.records import CHINA, WINDOW, article, by_hand
from tests.support.waiting import until
from tests.support.workers import configuration, running

BEFORE = "watches:\n- {id: ships, query: ship* AND port}\nevents:\n- {id: acts, action: '*'}\n"
AFTER = "watches:\n- {id: ships, query: ship*, severity: critical}\nevents:\n- {id: acts, action: recognize}\n"
TITLES = (
    "Ships wait in the port of Aden",
    "Kenya becomes the first country to recognize Transnistria",
    "Ships leave the harbor of Muscat",
    "Chile recognizes Transnistria, ministry says",
    "Kenya denies that it recognized Transnistria",
)


def written(folder: Path, text: str) -> list[WrittenRule]:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return written_rules([path], shipped_gazetteer())


async def run_live(bootstrap: str, prefix: str, folder: Path) -> None:
    """Articles, a release in the middle of them, and a correction by hand, judged by a worker."""
    rules = written(folder, BEFORE)
    exits = Exits()
    compiler = Compiler(shipped_gazetteer(), rules)
    live = LiveRules(bootstrap, prefix, compiler, rules, Wiring(clock=wall_clock, leave=exits.leave))
    await live.publish_files()
    settings = configuration(prefix, folder)
    sent = 0

    async def tell(outlet: str) -> None:
        nonlocal sent
        now = format_timestamp(datetime.now(UTC))
        articles = [
            msgspec.structs.replace(
                article(f"{outlet}-{number}", title=title, body=f"{title}, {outlet} said.", source=outlet),
                fetched_at=now,
                published_at=now,
            )
            for number, title in enumerate(TITLES)
        ]
        sent += len(articles)
        await put(bootstrap, topic_name(prefix, ARTICLES), map(encode, articles), keys=1)

    async def all_ended() -> bool:
        """Outcomes are written before alerts are judged."""
        return len(await records(bootstrap, prefix, OUTCOMES)) == sent and await nothing_waits(bootstrap, prefix)

    async with running(bootstrap, settings, stages(settings, knowledge_of(live), shipped_ledger(), 2), exits, [live]):
        await tell("Reuters")
        await until(all_ended, "the first articles are judged")
        found = await publish(bootstrap, prefix, written(folder, AFTER), wall_clock)
        await correct(bootstrap, prefix, by_hand(CHINA, date="2024-06-01", era="all", target="transnistria"))

        async def is_effective() -> bool:
            return wall_clock() >= found.effective_at

        await until(is_effective, "the release is effective")
        await tell("AFP")
        await until(all_ended, "all articles are judged")
        source = TopicSource(bootstrap, prefix, shipped_lemmas())

        async def is_corrected() -> bool:
            return bool(await source.corrections(ReplaySpan()))

        await until(is_corrected, "the correction is in the ledger")
    assert exits.codes == []


async def verified(source: TopicSource, stage: StartStage) -> Verified:
    rules = await rules_on_record(source, knowledge_of_nothing(), (), shipped_ledger().groups)
    assert rules is not None
    return await verify(source, ReplaySpan(), stage, knowledge_of_nothing(), rules, shipped_ledger(), WINDOW)


def knowledge_of_nothing() -> Knowledge:
    """What is shipped, without rules: those are on the topic."""
    return knowledge_of(Rulebook())


async def test_what_was_raised_live_is_raised_again_and_what_is_made_up_is_found(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    await run_live(kafka_bootstrap, kafka_prefix, tmp_path)
    source = TopicSource(kafka_bootstrap, kafka_prefix, shipped_lemmas())
    for stage in StartStage:
        found = await verified(source, stage)
        # The report and its denial are two stories, and may be judged in either order, live and again: if the denial
        # comes first the alert is never raised
        assert {one.cause for one in found.differences} <= {DifferenceCause.ORDER}
        assert found.articles == 10
        assert found.alerts - len(found.differences) >= 3

    alerts = [decode(record.value, Alert) for record in await records(kafka_bootstrap, kafka_prefix, ALERTS)]
    ships = next(alert for alert in reversed(alerts) if alert.rule_id == "ships")
    made_up = [
        msgspec.structs.replace(ships, alert_id="made-up", articles=("nowhere",)),
        msgspec.structs.replace(ships, alert_id="unruly", rule_id="unknown"),
        msgspec.structs.replace(ships, revision=9, headline="Something else"),
    ]
    topic = topic_name(kafka_prefix, ALERTS)
    await send_all(kafka_bootstrap, [Message(topic, alert.alert_id, encode(alert)) for alert in made_up])
    found = await verified(source, StartStage.STORIES)
    by_order = [one for one in found.differences if one.cause is DifferenceCause.ORDER]
    assert {one.alert_id: (one.cause, one.what) for one in found.differences if one not in by_order} == {
        "made-up": (DifferenceCause.EXPIRED, "only live"),
        "unruly": (DifferenceCause.RULE, "only live"),
        ships.alert_id: (DifferenceCause.UNDER_WAY, "headline"),
    }

    write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix, rules=["rules.yaml"])
    code, out, err = await asyncio.to_thread(firstwire, "verify", cwd=tmp_path)
    assert (code, err) == (0, "")
    counted = ("1 expired", *(f"{len(by_order)} order" for _ in by_order[:1]), "1 rule", "1 under way")
    assert out.endswith(f" alerts compared: {', '.join(counted)}\n")
    kept = last_verify(tmp_path)
    assert kept is not None and (kept.nightly, kept.differences["expired"], kept.unexplained) == (False, 1, 0)
    code, out, _ = await asyncio.to_thread(firstwire, "verify", "--json", "--to", "2000-01-01", cwd=tmp_path)
    assert (code, orjson.loads(out)) == (0, [])

"""The ledger by hand on a real broker: sent, folded by the page's owner, told by alerts, and the same in replay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from agents.app import stages
from agents.rule_follower import LiveRules
from agents.wiring import Wiring, wall_clock
from firstwire.broker.topics import ALERTS, ARTICLES, EVENTS, VERDICTS, topic_name
from firstwire.files.ledger import load_ledger
from firstwire.files.rules import rulebook_of, written_rules
from firstwire.ledger.corrections import addition, change, publish
from firstwire.ledger.pages import corrections_of, known_page, read_pages
from firstwire.replay.run import replay
from firstwire.replay.topic import read_topic
from firstwire.rules.releases import Compiler
from schemas.alert import Alert, Verdict
from schemas.codec import decode, encode
from schemas.ledger import LedgerCorrection
from schemas.times import format_timestamp
from tests.support.command_line import firstwire
from tests.support.exits import Exits
from tests.support.kafka import publish as put
from tests.support.kafka import records
from tests.support.knowledge import knowledge_of, shipped_gazetteer, shipped_lemmas
from tests.support.records import article
from tests.support.waiting import found_once, until
from tests.support.workers import configuration, running

GAZETTEER = shipped_gazetteer()
SEEDS = load_ledger([Path("seeds/firsts.yaml")], GAZETTEER)
RULES = written_rules([Path("seeds/rules")], GAZETTEER)


async def test_a_correction_by_hand_reaches_the_alerts_survives_a_restart_and_is_replayed(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    settings = configuration(kafka_prefix, tmp_path)
    places = kafka_bootstrap, kafka_prefix

    async def newest() -> dict[str, Alert]:
        found = [decode(record.value, Alert) for record in await records(*places, ALERTS)]
        return {alert.alert_id: alert for alert in found}

    async def in_state(*states: str) -> bool:
        return any(alert.kind == "first" and alert.state in states for alert in (await newest()).values())

    china = GAZETTEER.entity("china")
    assert china is not None
    now = format_timestamp(datetime.now(UTC))
    told = msgspec.structs.replace(
        article("a", title="Kenya becomes the first country to recognize Transnistria", body=""),
        fetched_at=now,
        published_at=now,
    )
    live = LiveRules(*places, Compiler(GAZETTEER, RULES), RULES, Wiring(clock=wall_clock, leave=Exits().leave))
    await live.publish_files()
    todo = stages(settings, knowledge_of(live), SEEDS, 2)
    async with running(kafka_bootstrap, settings, todo, before=[live]):
        await put(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), [encode(told)])
        await until(lambda: in_state("raised"), "a first")
        page = known_page(await read_pages(*places, shipped_lemmas()), SEEDS, "recognize", "transnistria")
        await publish(*places, addition(page, china, "2023-09-13", source="the archive", now=wall_clock(), seeds=SEEDS))
        await until(lambda: in_state("corrected"), "the first is corrected")
    live = LiveRules(*places, Compiler(GAZETTEER, RULES), RULES, Wiring(clock=wall_clock, leave=Exits().leave))
    todo = stages(settings, knowledge_of(live), SEEDS, 2)
    async with running(kafka_bootstrap, settings, todo, before=[live]):
        page = known_page(await read_pages(*places, shipped_lemmas()), SEEDS, "recognize", "transnistria")
        await publish(*places, change(page, "china", source="a mistake", now=wall_clock(), seeds=SEEDS))
        await until(lambda: in_state("updated"), "the first is right again")
    alerts = await newest()
    (first,) = [alert for alert in alerts.values() if alert.kind == "first"]
    assert (first.revision, first.novelty.position if first.novelty else None) == (3, 1)
    corrections = corrections_of((await read_pages(*places, shipped_lemmas())).values())
    assert [one.correction.says for one in corrections if isinstance(one, LedgerCorrection)] == ["did", "did_not"]
    knowledge = knowledge_of(rulebook_of(RULES))
    again = replay(await read_topic(*places, None, None), knowledge, SEEDS, timedelta(hours=72), corrections)
    assert again.alerts == alerts
    assert len(again.verdicts) == len(await records(*places, VERDICTS))


async def test_the_commands_send_show_and_export(kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path) -> None:
    environment = {"FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap, "FIRSTWIRE_KAFKA_TOPIC_PREFIX": kafka_prefix}

    async def ledger(*arguments: str) -> tuple[int, str, str]:
        return await asyncio.to_thread(firstwire, "ledger", *arguments, cwd=tmp_path, environment=environment)

    code, out, _ = await ledger("add", "recognize", "china", "taliban", "2023-09-13", "--source", "the archive")
    assert code == 0
    assert out.startswith("sent: China did on 2023-09-13 · recognize taliban · era since 2021-08-15\n")
    (sent,) = [
        decode(record.value, LedgerCorrection) for record in await records(kafka_bootstrap, kafka_prefix, EVENTS)
    ]
    assert (sent.correction.actor, sent.correction.source) == ("china", "the archive")
    code, out, _ = await ledger("show", "recognize", "taliban")
    assert code == 0
    assert "   1  1997-05-25  Pakistan (pakistan) · seeded · public record, May 1997" in out.splitlines()
    code, out, _ = await ledger("show")
    assert code == 0
    assert out.splitlines()[-1] == f"{len(SEEDS.pages)} pages"
    code, _, err = await ledger("export", "--output", str(tmp_path / "firsts.yaml"))
    assert (code, err) == (0, f"{len(SEEDS.pages)} pages → {tmp_path / 'firsts.yaml'}\n")
    assert load_ledger([tmp_path / "firsts.yaml"], GAZETTEER).pages.keys() == SEEDS.pages.keys()
    for wrong, code, said in (
        (("add", "recognise", "china", "taliban", "2023-09-13", "--source", "x"), 78, "did you mean 'recognize'?"),
        (("add", "recognize", "chna", "taliban", "2023-09-13", "--source", "x"), 78, "did you mean 'china'?"),
        (("correct", "recognize", "china", "taliban", "--source", "x", "--remove"), 78, "nothing on record of 'china'"),
        (("add", "recognize", "china", "taliban", "2015-01-01", "--source", "x"), 78, "is in no era of 'taliban'"),
        (("vouch", "recognize", "kosovo", "2999-01-01", "--source", "x"), 78, "is in the future"),
        (("vouch", "recognize", "kosovo", "2025-01-01", "--source", " "), 78, "give the source"),
        (("unvouch", "recognize", "kosovo", "--source", "x"), 78, "nobody vouches for recognize kosovo"),
        (("correct", "recognize", "pakistan", "taliban", "--source", "x"), 2, "give one of"),
        (("correct", "recognize", "pakistan", "taliban", "--source", "x", "--date", "1997"), 78, "not a valid date"),
    ):
        found, _, err = await ledger(*wrong)
        assert (found, said in err) == (code, True), err


async def test_a_page_vouched_for_by_command_makes_an_act_the_first_until_it_is_taken_back(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    environment = {"FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap, "FIRSTWIRE_KAFKA_TOPIC_PREFIX": kafka_prefix}
    settings = configuration(kafka_prefix, tmp_path)
    places = kafka_bootstrap, kafka_prefix

    async def ledger(*arguments: str) -> str:
        code, out, err = await asyncio.to_thread(firstwire, "ledger", *arguments, cwd=tmp_path, environment=environment)
        assert code == 0, err
        return out

    async def tell(name: str, actor: str) -> Verdict:
        now = wall_clock()
        told = article(name, title=f"{actor} recognizes Transnistria", body="", source=name, published=now)
        told = msgspec.structs.replace(told, fetched_at=now)
        await put(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), [encode(told)])

        async def its_verdict() -> list[Verdict]:
            found = [decode(record.value, Verdict) for record in await records(*places, VERDICTS)]
            return [each for each in found if each.article_id == name]

        return (await found_once(its_verdict, bool, f"a verdict on {name}"))[0]

    rule = tmp_path / "rules.yaml"
    rule.write_text("events: [{id: firsts, action: recognize, novelty: first}]")
    knowledge = knowledge_of(rulebook_of(written_rules([rule], GAZETTEER)))
    async with running(kafka_bootstrap, settings, stages(settings, knowledge, SEEDS, 2)):
        before = await tell("before", "Kenya")
        assert (before.verdict, before.certainty) == ("held_back", "sure")
        today = wall_clock()[:10]
        out = await ledger("vouch", "recognize", "abkhazia", today, "--source", "the archive")
        assert f"the list of recognize abkhazia is whole up to {today}" in out
        await ledger("vouch", "recognize", "transnistria", today, "--source", "the archive")

        async def is_vouched() -> bool:
            return f"whole up to {today}, per the archive" in await ledger("show", "recognize", "transnistria")

        await until(is_vouched, "the page is vouched for")
        await ledger("correct", "recognize", "kenya", "transnistria", "--remove", "--source", "never so")
        assert (await tell("after", "Ghana")).verdict == "raised"
        await ledger("unvouch", "recognize", "transnistria", "--source", "it is not whole")
        await ledger("correct", "recognize", "ghana", "transnistria", "--remove", "--source", "never so")
        assert (await tell("at the end", "Fiji")).verdict == "held_back"


async def test_what_is_undone_and_done_again_is_told_twice_live_and_in_replay(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    settings = configuration(kafka_prefix, tmp_path)
    rule = tmp_path / "rules.yaml"
    rule.write_text("events: [{id: told, action: [recognize, withdraw_recognition], max_age: 'off'}]")
    knowledge = knowledge_of(rulebook_of(written_rules([rule], GAZETTEER)))
    told = [
        article(name, title=f"Kenya {act} {state}", body="", published=f"{day}T09:00:00.000Z", source=state)
        for state in ("Kosovo", "Abkhazia", "Somaliland")
        for name, act, day in (
            (f"first {state}", "recognizes", "2010-05-01"),
            (f"undone {state}", "withdraws recognition of", "2012-05-01"),
            (f"again {state}", "recognizes", "2014-05-01"),
        )
    ]
    async with running(kafka_bootstrap, settings, stages(settings, knowledge, SEEDS, 2)):
        await put(kafka_bootstrap, topic_name(kafka_prefix, ARTICLES), [encode(one) for one in told])

        async def all_judged() -> bool:
            return len(await records(kafka_bootstrap, kafka_prefix, VERDICTS)) == len(told)

        await until(all_judged, "a verdict on each")
    found = [decode(record.value, Alert) for record in await records(kafka_bootstrap, kafka_prefix, ALERTS)]
    alerts = {alert.alert_id: alert for alert in found}
    episodes = sorted(((one.subject.action, one.subject.episode, one.undone_on) for one in alerts.values()), key=str)
    assert {one.subject.era for one in alerts.values()} == {"all"}
    assert episodes == 3 * [("recognize", 1, "2012-05-01")] + 3 * [("recognize", 2, None)] + 3 * [
        ("withdraw_recognition", 1, "2014-05-01")
    ]
    again = replay(await read_topic(kafka_bootstrap, kafka_prefix, None, None), knowledge, SEEDS, timedelta(hours=72))
    assert again.alerts == alerts

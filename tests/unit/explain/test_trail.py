"""`firstwire explain`: what is meant by an id, its beginning or a URL, and what is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from firstwire.broker.reader import Received
from firstwire.broker.topics import ALERTS, OUTCOMES, RULES, STORIES, VERDICTS, topic_name
from firstwire.core.alerts.states import WatchAlertState
from firstwire.core.pipeline import analyze, raise_match_alerts
from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.state import apply_all
from firstwire.core.watches.watch import watch_of
from firstwire.errors import ConfigError
from firstwire.explain.trail import Trail, find_trail, trail_lines
from firstwire.replay.run import Replayed, replay
from schemas.article import Story
from schemas.codec import encode
from schemas.event import Matches
from schemas.record import Record
from schemas.rules import RuleVersion
from tests.support.knowledge import shipped_knowledge
from tests.support.records import TEXT, article, at
from tests.support.small_gazetteer import GAZETTEER

URL = "https://news.example/a?id=7"


@pytest.fixture(autouse=True)
def topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a replay of three articles says, as it would stand on the topics, with a tombstone and a stray record."""
    title = "Russia becomes the first nation to recognize the Taliban government"
    articles = [
        msgspec.structs.replace(article("abcd", title=title, body="", language="en"), url=URL),
        article("abcdef", title="China denies that it recognized the Taliban government", body=""),
        article("xyz-1", title="Afghanistan wins the cricket final today", body=""),
        *(
            msgspec.structs.replace(
                article(place, title=f"{place} of a page", body=""), url=f"https://h.example/#{place}"
            )
            for place in ("first", "second")
        ),
        msgspec.structs.replace(article("copied", title="A new envoy", source="TASS"), published_at=None),
        article("copying", title="Envoy from Kabul \x1b[31m", body=f"Dawn, Karachi. {TEXT}", hours=1, source="Dawn"),
        article("copying", title="Envoy from Kabul", body=f"{TEXT} More is to come.", hours=2, source="Dawn"),
    ]
    found = replay(articles, *shipped_knowledge(), timedelta(hours=72))
    judge_watched(found)
    held: dict[str, list[Record]] = {
        ALERTS: list(found.alerts.values()),
        OUTCOMES: list(found.outcomes),
        STORIES: list(found.stories),
        VERDICTS: list(found.verdicts),
        RULES: [
            rule("harbors", "harbor AND ferry"),
            rule("gone", "cricket"),
            rule("gone", None),
            rule("unlike", "snow"),
        ],
    }

    async def read_all(bootstrap_servers: str, topic: str) -> AsyncIterator[Received]:
        values = [encode(one) for name, records in held.items() if topic_name("t", name) == topic for one in records]
        for offset, value in enumerate([None, b"stray", *values]):
            yield Received(topic, 0, offset, "", value, (), 0)

    for module in ("explain.trail", "broker.takedowns"):
        monkeypatch.setattr(f"firstwire.{module}.read_all", read_all)


def rule(rule_id: str, query: str | None) -> RuleVersion:
    definition = None if query is None else {"id": rule_id, "query": query}
    return RuleVersion(
        rule_id=rule_id,
        rule_version=1,
        kind="watch",
        release=1 if query else 2,
        effective_at=at(0),
        published_at=at(0),
        definition=definition,
    )


def judge_watched(found: Replayed) -> None:
    """Three articles of one story under a watch, a copy and a development of the first."""
    first, copy, later = (
        Story(
            article_id=f"wire-{name}",
            title="Harbor of Kabul",
            language="en",
            source="Reuters",
            published_at=at(hours),
            fetched_at=at(hours),
            story_id="harbor",
            origin_id="wire-first",
            **fields,
        )
        for name, hours, fields in (
            ("first", 3, {"relation": "new"}),
            ("copy", 4, {"relation": "copy", "copy_of": "wire-first", "retells": ("wire-first",)}),
            ("later", 5, {"relation": "new", "news": "harbor closed", "development_of": "gone"}),
        )
    )
    watch = watch_of("harbors", "harbor", ())
    knowledge = replace(shipped_knowledge()[0], rules=Rulebook(watches=(watch,)))
    state = WatchAlertState()
    for story in (first, copy, later):
        analyzed = analyze(knowledge, story)
        found.stories.append(story)
        found.outcomes.append(analyzed.outcome)
        for match in analyzed.matches:
            alerted = raise_match_alerts(state, Matches.of([match]))
            apply_all(state, alerted.changes)
            found.verdicts += alerted.verdicts


async def trail_of(wanted: str) -> Trail:
    return await find_trail("x", "t", wanted)


@pytest.mark.parametrize("wanted", ["abcd", URL, f"{URL}&utm_source=mail#top"])
async def test_an_id_said_in_full_and_a_url_mean_one_article(wanted: str) -> None:
    trail = await trail_of(wanted)
    assert [outcome.article_id for outcome in trail.outcomes] == ["abcd"]
    lines = trail_lines(trail)
    assert lines[0] == "Russia becomes the first nation to recognize the Taliban government"
    assert any(line.startswith("verdict  first-to-recognize v1: raised — ") for line in lines)


async def test_a_url_with_the_fragment_of_one_of_several_articles_on_a_page_means_that_one() -> None:
    assert [story.article_id for story in (await trail_of("https://h.example/#second")).stories] == ["second"]
    with pytest.raises(ConfigError, match="ambiguous"):
        await trail_of("https://h.example/")


async def test_the_beginning_of_an_id_is_enough_if_it_means_one_thing() -> None:
    trail = await trail_of("abcde")
    assert any("held_back — status is negated" in line for line in trail_lines(trail))
    assert trail_lines(await trail_of("xyz-"))[-1] == "verdict  none: no rule covers it"


async def test_an_alert_is_found_with_its_verdicts() -> None:
    verdicts = {verdict.rule_id: verdict for verdict in (await trail_of("abcd")).verdicts}
    assert {"first-to-recognize", "every-recognition"} <= verdicts.keys()
    for verdict in verdicts.values():
        assert verdict.alert_id is not None
        for wanted in (verdict.alert_id, verdict.alert_id[:8]):
            trail = await trail_of(wanted)
            assert trail.alert is not None
            assert trail.alert.alert_id == verdict.alert_id
            assert trail.verdicts == [verdict]


async def test_the_date_of_publication_is_told_or_that_it_is_unknown() -> None:
    assert "  Reuters · en · published 2025-07-03T00:00:00.000Z · fetched 2025-07-03T00:00:00.000Z" in trail_lines(
        await trail_of("abcd")
    )
    assert "  TASS · en · publication date unknown · fetched 2025-07-03T00:00:00.000Z" in trail_lines(
        await trail_of("copied")
    )


async def test_a_copy_is_told_with_its_partner_how_alike_they_are_and_the_words_that_both_have() -> None:
    lines = "\n".join(trail_lines(await trail_of("copying")))
    copied, updated = lines.split("Envoy from Kabul\n")
    assert (
        "  copy: 95% of all that either says is the same as in article copied\n    “A new envoy” · article copied"
        in copied
    )
    assert "similarity 0.95; 39 words in a row are the same: “Moscow has accepted the credentials" in copied
    assert "update: a new revision of an article seen before\n    “Envoy from Kabul " in updated
    assert "similarity 0.85; 39 words in a row" in updated


async def test_an_article_of_a_watch_is_told_with_what_it_was_compared_with() -> None:
    lines = trail_lines(await trail_of("wire-copy"))
    shown = "“Harbor of Kabul” · article wire-first · Reuters · fetched 2025-07-03T03:00:00.000Z"
    assert f"  retells {shown}" in lines
    place = next(number for number, line in enumerate(lines) if line.startswith("verdict  harbors v1: joined — "))
    assert "a copy of article wire-first, which raised the alert · alert " in lines[place]
    assert lines[place + 1] == f"  compared with {shown}"


async def test_of_an_article_it_is_said_what_the_watches_in_force_lack() -> None:
    trail = await trail_of("wire-copy")
    assert trail_lines(trail, GAZETTEER)[-2:] == [
        'watch  harbors: has "harbor"; lacks ferry',
        "watch  unlike: lacks snow",
    ]


async def test_a_development_is_told_with_its_news_and_what_it_carries_on() -> None:
    lines = trail_lines(await trail_of("wire-later"))
    assert "  news: harbor closed" in lines
    assert "  carries on article gone, no longer on record" in lines
    assert any(line.startswith("verdict  harbors v1: development — told as a development: ") for line in lines)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [("abc", "at least 4 characters"), ("nothing-like-it", "no alert and no article"), ("", "at least 4 characters")],
)
async def test_what_means_nothing_is_an_error(wanted: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        await trail_of(wanted)

"""From articles or from stories: the same alerts; and the state is warm when the range begins."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.rulebook import EventRule, Rulebook
from firstwire.errors import ConfigError
from firstwire.replay.reading import StartStage, chosen_stage
from firstwire.replay.run import Replayed
from firstwire.replay.sources import ArchiveSource, FileSource
from schemas.article import Article
from tests.support.knowledge import knowledge_of
from tests.support.records import article, at
from tests.support.replays import articles_file, run_source, span_of
from tests.support.rules import rulebook_in

WATCHES = """watches:
  - {id: embassy, query: "embass* OR @taliban", tags: [kabul]}
  - {id: cricket, query: "cricket AND NOT final", tell: all}
  - {id: tagged, query: "tag:taliban AND russia", state: shadow}
"""
EVENTS = (
    EventRule(id="first-to-recognize", action=("recognize",), novelty="first", severity="critical"),
    EventRule(id="every-recognition", action=("recognize",), status=("*",), actor_kind=("*",)),
    EventRule(id="any", action=("*",)),
)
TITLES = (
    "Russia becomes the first nation to recognize the Taliban government",
    "China denies that it has recognized the Taliban government",
    "Iran and Turkey recognize the Taliban government",
    "India opens an embassy in Kabul",
    "Cricket: Afghanistan wins the match against Kenya",
    "Россия первой признала правительство талибов",
    "Serbia recognizes Kosovo and South Ossetia",
    "India closes its embassy in Kabul",
    "Russia recognizes the Taliban government, ministry says",
)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    watches = rulebook_in(tmp_path_factory.mktemp("rules"), WATCHES).watches
    return knowledge_of(Rulebook(watches=watches, events=EVENTS))


def news() -> list[Article]:
    """Every title by two outlets within the hour, told again a day later with more."""
    found = []
    for number, title in enumerate(TITLES):
        language = "ru" if title[0] == "Р" else "en"
        for outlet, hours, more in (("Reuters", 0, ""), ("AFP", 1, ""), ("Reuters", 24, " Twelve people were hurt.")):
            found.append(
                article(
                    f"{outlet}-{number}-{hours}",
                    title=title,
                    body=f"{title}, it was said on day {number}.{more}",
                    hours=6 * number + hours,
                    source=outlet,
                    language=language,
                )
            )
    return sorted(found, key=lambda one: one.fetched_at)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> FileSource:
    return articles_file(tmp_path_factory.mktemp("file"), news())


@pytest.fixture(scope="module")
def whole(file: FileSource, knowledge: Knowledge, ledger: Seeds) -> Replayed:
    return run_source(file, knowledge, ledger)


@pytest.mark.slow
def test_from_stories_everything_that_rules_decide_is_the_same(
    kept: ArchiveSource, knowledge: Knowledge, ledger: Seeds, whole: Replayed
) -> None:
    again = run_source(kept, knowledge, ledger, stage=StartStage.STORIES)
    assert list(again.alerts.items()) == list(whole.alerts.items())
    assert (again.matches, again.verdicts, again.events) == (whole.matches, whole.verdicts, whole.events)
    assert {alert.rule_id for alert in whole.alerts.values()} == {rule.id for rule in EVENTS} | {
        "embassy", "cricket", "tagged",
    }  # fmt: skip
    ended = [(one.article_id, one.outcome, one.rules) for one in whole.outcomes if one.outcome != "duplicate"]
    assert [(one.article_id, one.outcome, one.rules) for one in again.outcomes] == ended


@pytest.mark.parametrize("stage", StartStage)
def test_every_time_in_every_record_is_one_of_the_articles(
    kept: ArchiveSource, knowledge: Knowledge, ledger: Seeds, stage: StartStage
) -> None:
    """Nothing reads the time of day."""
    found = run_source(kept, knowledge, ledger, stage=stage)
    records = (found.stories, found.events, found.matches, found.outcomes, found.verdicts, [*found.alerts.values()])
    times = re.findall(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"".join(map(msgspec.json.encode, records)))
    assert len(times) > 100
    assert {each.decode() for each in times} <= {one.fetched_at for one in news()}


@pytest.mark.parametrize("stage", StartStage)
@pytest.mark.parametrize("hours", [1, 13, 30, 49])
def test_after_a_warm_up_the_range_ends_as_in_the_whole(
    kept: ArchiveSource, knowledge: Knowledge, ledger: Seeds, whole: Replayed, stage: StartStage, hours: int
) -> None:
    since = at(hours)
    again = run_source(kept, knowledge, ledger, stage=stage, span=span_of(since, warm_up=timedelta(days=10)))
    fetched = {one.article_id for one in news() if one.fetched_at >= since}
    assert {story.article_id for story in again.stories} <= fetched
    assert again.alerts == {key: whole.alerts[key] for key in again.alerts}
    assert again.alerts.keys() >= {key for key, alert in whole.alerts.items() if fetched & set(alert.articles)}
    assert again.verdicts == [verdict for verdict in whole.verdicts if verdict.article_id in fetched]


def test_without_a_warm_up_the_first_hours_are_wrong(
    file: FileSource, knowledge: Knowledge, ledger: Seeds, whole: Replayed
) -> None:
    """What the warm-up is for: an article that was told before is told as new."""
    again = run_source(file, knowledge, ledger, span=span_of(at(24)))
    first, rightly = (
        [one.verdict for one in found.verdicts if one.article_id == "Reuters-0-24" and one.rule_id == "embassy"]
        for found in (again, whole)
    )
    assert (first, rightly) == (["raised"], ["development"])


async def test_the_stage_is_chosen_with_a_reason(file: FileSource, kept: ArchiveSource, tmp_path: Path) -> None:
    chosen = await chosen_stage(kept, span_of(), None)
    assert (chosen.stage, chosen.reason) == (
        StartStage.STORIES, "rules change neither stories nor events, and those are on record",
    )  # fmt: skip
    assert (await chosen_stage(file, span_of(), None)).stage is StartStage.ARTICLES
    assert (await chosen_stage(kept, span_of(), StartStage.ARTICLES)).stage is StartStage.ARTICLES
    with pytest.raises(ConfigError, match=r"cannot start from stories: a file of articles holds no stories"):
        await chosen_stage(file, span_of(), StartStage.STORIES)

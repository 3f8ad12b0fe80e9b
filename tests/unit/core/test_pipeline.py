"""The judgements together: no article and no event is unaccounted for, and live partitions agree with a replay."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge, split_targets
from firstwire.core.rules.rulebook import EventRule
from firstwire.core.stories.identity import language_key
from firstwire.files.articles import UnreadableLine
from firstwire.replay.run import Replayed, replay
from schemas.article import Article
from schemas.record import Span
from tests.support.knowledge import knowledge_of, shipped_ledger
from tests.support.records import WINDOW, article, rulebook
from tests.support.rules import load_rules

RULES = rulebook(
    EventRule(id="first-to-recognize", action=("recognize",), novelty="first"),
    EventRule(id="every-recognition", action=("recognize",), status=("*",), actor_kind=("*",)),
    EventRule(id="embassies", action=("open_embassy", "close_embassy")),
    EventRule(id="kosovo", action=("*",), target=("kosovo",)),
    EventRule(id="any-first", action=("*",), novelty="first"),
)

QUIET = (
    "Talks on trade, energy and transport go on as before, the ministry said in the evening, and the price of bread in "
    "the markets of the city did not change much over the week, traders told a reporter who asked on the way home."
)

TITLES = [
    "Russia becomes the first nation to recognize the Taliban government",
    "China denies that it has recognized the Taliban government",
    "Pakistan may recognize the Taliban government next year",
    "Iran and Turkey recognize the Taliban government",
    "Serbia recognizes Kosovo and South Ossetia",
    "India opens an embassy in Kabul",
    "Cricket: Afghanistan wins the final",
    "Россия первой признала правительство талибов",
    "Putin recognizes the Taliban government",
    "Chile becomes the first country to ban plastic bags",
]


@pytest.fixture(scope="module")
def knowledge() -> tuple[Knowledge, Seeds]:
    return knowledge_of(RULES), shipped_ledger()


def flow() -> list[Article | UnreadableLine]:
    """Every title new, as a revision, seen again, and as another outlet's copy; with a line nobody can read."""
    articles: list[Article | UnreadableLine] = []
    for number, title in enumerate(TITLES):
        text = f"{title}. {QUIET} Number {number}."
        language = "ru" if title[0] == "Р" else "en"
        one = article(f"a{number}", title=title, body=text, hours=number, language=language)
        articles += [
            one,
            msgspec.structs.replace(one, source="AFP", article_id=f"b{number}"),
            one,
            msgspec.structs.replace(one, summary="Updated."),
        ]
    articles.insert(7, UnreadableLine(8, "line-8", "not JSON"))
    return articles


@pytest.fixture(scope="module")
def found(knowledge: tuple[Knowledge, Seeds]) -> Replayed:
    return replay(flow(), *knowledge, WINDOW)


def test_every_article_has_one_outcome(found: Replayed) -> None:
    assert len(found.outcomes) == len(flow())
    ends = Counter(outcome.outcome for outcome in found.outcomes)
    assert sum(ends.values()) == len(flow())
    assert (ends["rejected"], ends["duplicate"]) == (1, len(TITLES))
    assert ends["alerting"] > 0 < ends["no_match"]
    assert len(found.stories) == len(flow()) - 1


def test_every_event_has_a_verdict_for_each_rule_and_actor_it_comes_under(found: Replayed) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for event in split_targets(tuple(found.events)):
        target = event.targets[0].id if event.targets else ""
        for rule in RULES.events:
            if rule.covers(event.action, target):
                fitting = [actor for actor in event.actors if {"*", actor.kind} & set(rule.actor_kind)]
                judged = fitting if {"*", event.status} & set(rule.status) else []
                expected[rule.id, event.event_id] += max(1, len(judged))
    told = Counter((verdict.rule_id, verdict.event_id or "") for verdict in found.verdicts)
    assert told == expected
    assert {verdict.verdict for verdict in found.verdicts} == {"raised", "joined", "held_back"}


def test_every_match_has_one_verdict(knowledge: tuple[Knowledge, Seeds], tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("watches: [{id: ministry, query: ministry}, {id: firsts, query: 'title:first'}]", encoding="utf-8")
    known, seeds = knowledge
    judged = replay(flow(), replace(known, rules=load_rules([file], known.gazetteer)), seeds, WINDOW)
    told = Counter((verdict.rule_id, verdict.article_id) for verdict in judged.verdicts)
    assert told == Counter((match.rule_id, match.article_id) for match in judged.matches)
    assert {alert.kind for alert in judged.alerts.values()} == {"watch"}
    assert len(judged.matches) == 3 * len(TITLES) + 3 * 2


def test_an_entity_of_a_watch_is_what_the_entity_finder_finds(
    knowledge: tuple[Knowledge, Seeds], tmp_path: Path
) -> None:
    known, seeds = knowledge
    texts = {
        "prefix": ("ar", "وفد كينيا يلتقي بطـالبان"),
        "article": ("ar", "طالبان ترسل وفدا للسعودية"),
        "keyboard": ("fa", "سفير ايران در كابل"),
        "stem": ("ru", "Встреча в российском посольстве"),
        "city": ("en", "Rain in Istanbul"),
        "phrase": ("en", "A guinea pig from the Gulf of Mexico"),
        "shared": ("en", "A jury in Fulton County, Georgia"),
        "capitals": ("tr", "İRAN VE KENYA ANLAŞTI"),
    }
    entities = [entity.id for entity in known.gazetteer]
    file = tmp_path / "rules.yaml"
    watches = [{"id": name, "query": f"@{name}"} for name in entities]
    file.write_bytes(msgspec.json.encode({"watches": watches}))
    articles = [article(name, title=text, body="", language=language) for name, (language, text) in texts.items()]
    judged = replay(articles, replace(known, rules=load_rules([file], known.gazetteer)), seeds, WINDOW)
    matched = {(match.article_id, match.rule_id): match.evidence for match in judged.matches}
    mentions = {
        (name, mention.entity.id): (Span(field="title", start=mention.start, end=mention.end, text=mention.text),)
        for name, (_, text) in texts.items()
        for mention in reversed(known.gazetteer.find(text))  # the first one is the evidence
        if mention.role != "within"
    }
    assert matched == mentions
    assert len({name for name, _ in matched}) == 6  # but "city" and "phrase"


def test_what_was_handed_to_alerting_got_a_verdict_and_nothing_else_did(found: Replayed) -> None:
    handed = {outcome.article_id for outcome in found.outcomes if outcome.outcome == "alerting"}
    assert {verdict.article_id for verdict in found.verdicts} == handed


def test_every_verdict_that_raised_or_joined_names_an_alert_that_exists(found: Replayed) -> None:
    named = {verdict.alert_id for verdict in found.verdicts if verdict.verdict != "held_back"}
    assert named == set(found.alerts)
    assert all(verdict.alert_id is None for verdict in found.verdicts if verdict.verdict == "held_back")
    assert all(verdict.reason for verdict in found.verdicts)


def test_any_number_of_partitions_gives_the_same_stories(knowledge: tuple[Knowledge, Seeds], found: Replayed) -> None:
    articles = [one for one in flow() if isinstance(one, Article)]
    apart = [
        replay([one for one in articles if language_key(one.language) == language], *knowledge, WINDOW)
        for language in ("en", "ru")
    ]
    assert sorted(map(repr, found.stories)) == sorted(repr(story) for part in apart for story in part.stories)


def test_a_replay_is_the_same_every_time(knowledge: tuple[Knowledge, Seeds], found: Replayed) -> None:
    assert replay(flow(), *knowledge, WINDOW) == found


def test_without_a_window_of_time_nothing_is_a_copy(knowledge: tuple[Knowledge, Seeds]) -> None:
    apart = [article("a"), article("b", source="AFP", hours=1)]
    judged = replay(apart, *knowledge, timedelta(minutes=1))
    assert [story.relation for story in judged.stories] == ["new", "new"]


def test_an_article_that_raises_nothing_says_why(found: Replayed) -> None:
    for outcome in found.outcomes:
        assert outcome.reason
        assert outcome.trail
    quiet = next(outcome for outcome in found.outcomes if outcome.article_id == "a6")
    assert quiet.reason.startswith("no word of recognition")

"""Backtests: what differs between two sets of rules over one reading, why, and what it would have cost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from firstwire.core.pipeline import Knowledge
from firstwire.core.routes.inhibition import inhibition_rules
from firstwire.core.routes.messages import MessageCounter
from firstwire.core.routes.settings import Inhibition, Route
from firstwire.core.routes.tree import compiled
from firstwire.core.rules.history import RuleChange, RuleHistory
from firstwire.core.rules.rulebook import Rulebook, Rules
from firstwire.errors import ConfigError
from firstwire.replay.backtest import BacktestTask, backtest
from firstwire.replay.failure import NEVER, FailureCondition, rate_of
from firstwire.replay.labels import Label, labels_of_feedback, read_labels
from firstwire.replay.progress import ReadSoFar
from firstwire.replay.reading import StageChoice, StartStage
from firstwire.replay.rule_choice import ChosenRules, chosen_rules, rules_in_both
from firstwire.replay.sources import ReplaySource
from firstwire.replay.span import ReplaySpan
from schemas import Feedback
from schemas.article import Article
from schemas.backtest import AlertDifference, Backtest
from tests.support.knowledge import knowledge_of, shipped_ledger
from tests.support.records import WINDOW, article, at
from tests.support.replays import WHOLE, archived, articles_file, span_of
from tests.support.rules import rulebook_in

OLD = """watches:
  - {id: ships, query: "ship* AND port"}
  - {id: quiet, query: "harbor", severity: info}
  - {id: gone, query: "embass*"}
events:
  - {id: recognitions, action: recognize, max_age: "off"}
"""
NEW = """watches:
  - {id: ships, query: "ship* AND port AND NOT aden"}
  - {id: quiet, query: "harbor", severity: critical}
  - {id: trains, query: "train*"}
events:
  - {id: recognitions, action: [recognize, open_embassy], max_age: "off"}
"""
ROUTES = (Route(receivers=("desk",)),)


def news() -> list[Article]:
    titles = (
        "Ships wait in the port of Aden",
        "Ships wait in the port of Oslo",
        "The harbor of Muscat is closed",
        "India opens an embassy in Kabul",
        "A train leaves Oslo for Bergen",
        "Iran recognizes the Taliban government",
    )
    return [article(f"a{number}", title=title, body="", hours=20 * number) for number, title in enumerate(titles)]


def compared(
    source: ReplaySource,
    old: Rules,
    new: Rules,
    *,
    span: ReplaySpan = WHOLE,
    stage: StartStage = StartStage.ARTICLES,
    labels: Sequence[Label] = (),
    failure: FailureCondition = NEVER,
    routes: Sequence[Route] = ROUTES,
    inhibitions: Sequence[Inhibition] = (),
) -> Backtest:
    sides = (ChosenRules(name, rules, rules.at("9")) for name, rules in (("old", old), ("new", new)))
    task = BacktestTask(source, span, StageChoice(stage, "as asked"), *sides, labels=labels, failure=failure)
    seen: list[ReadSoFar] = []

    def counter() -> MessageCounter:
        return MessageCounter(compiled(routes), inhibition_rules(inhibitions))

    found = asyncio.run(backtest(task, knowledge_of(new), shipped_ledger(), WINDOW, counter, seen.append))
    assert [each.articles for each in seen] == [*range(1, found.range.articles + 1)]
    return found


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rulebook, Rulebook]:
    return rulebook_in(tmp_path_factory.mktemp("old"), OLD), rulebook_in(tmp_path_factory.mktemp("new"), NEW)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> ReplaySource:
    return articles_file(tmp_path_factory.mktemp("file"), news())


@pytest.fixture(scope="module")
def found(source: ReplaySource, books: tuple[Rulebook, Rulebook]) -> Backtest:
    return compared(source, *books)


def told(found: Backtest, rule_id: str) -> AlertDifference:
    (one,) = [each for each in found.differences if each.rule_id == rule_id]
    return one


def test_each_difference_says_why_in_the_words_of_verdicts_and_queries(found: Backtest) -> None:
    ships, trains, gone, recognitions = (told(found, name) for name in ("ships", "trains", "gone", "recognitions"))
    assert (ships.difference, ships.lead.article_id, ships.old_reason) == ("removed", "a0", "first match of this story")
    assert ships.new_reason == "no match: NOT aden fails: 'Aden' occurs in title"
    assert (trains.difference, trains.old_reason, trains.new_reason) == (
        "added", "no rule trains", "first match of this story",
    )  # fmt: skip
    assert (gone.difference, gone.new_reason) == ("removed", "no rule gone")
    assert (recognitions.difference, recognitions.old_reason) == (
        "added", "the rule does not ask for it: recognize of * on *",
    )  # fmt: skip
    quiet = told(found, "quiet")
    assert quiet.difference == "changed"
    assert [(each.what, each.old, each.new) for each in quiet.changes] == [("severity", "info", "critical")]


def test_what_is_the_same_is_no_difference(
    found: Backtest, source: ReplaySource, books: tuple[Rulebook, Rulebook]
) -> None:
    assert {one.lead.article_id for one in found.differences} == {"a0", "a2", "a3", "a4"}
    same = compared(source, books[1], books[1])
    assert same.differences == ()
    assert (same.old.alerts, same.old.by_day) == (same.new.alerts, same.new.by_day)


def test_both_sides_are_counted_by_day_hour_rule_and_receiver(found: Backtest) -> None:
    assert found.range.days == ("2025-07-03", "2025-07-04", "2025-07-05", "2025-07-06", "2025-07-07")
    assert (found.old.by_day, found.new.by_day) == ((2, 1, 1, 0, 1), (1, 1, 1, 1, 1))
    assert (found.old.quiet_days, found.old.busiest_day, found.old.busiest_day_alerts) == (1, "2025-07-03", 2)
    assert (found.old.alerts, found.new.alerts_per_day, found.new.alerts_per_hour) == (5, 1.0, 0.0417)
    assert sum(map(sum, found.new.by_hour)) == 5
    assert found.old.by_hour[3][0] == 1  # the third of July 2025 was a Thursday
    counts = {one.rule_id: (one.old, one.new, one.added, one.removed, one.changed) for one in found.rules}
    assert counts == {
        "ships": (2, 1, 0, 1, 0), "quiet": (1, 1, 0, 0, 1), "gone": (1, 0, 0, 1, 0), "trains": (0, 1, 1, 0, 0),
        "recognitions": (1, 2, 1, 0, 0),
    }  # fmt: skip
    assert {(one.receiver, one.rule_id): (one.old, one.new) for one in found.receivers}["desk", "ships"] == (2, 1)
    assert (found.old.messages, found.new.messages) == (5, 5)


def test_rules_that_are_in_both_sets_are_judged_once_and_counted_as_ever(
    source: ReplaySource, books: tuple[Rulebook, Rulebook]
) -> None:
    """A history of one release, of which nothing is shared, gives the same as its rulebook."""
    old, new = books
    longer = Rulebook(watches=(*old.watches, *(rule for rule in new.watches if rule.id == "trains")), events=old.events)
    assert len(rules_in_both(old, longer).by_id) == 4
    histories = (
        RuleHistory(RuleChange(rule.id, 1, at(-1), rule) for rule in each.by_id.values()) for each in (old, longer)
    )
    apart = compared(source, *histories)
    assert msgspec.json.encode(apart) == msgspec.json.encode(compared(source, old, longer))
    assert [one.rule_id for one in apart.differences] == ["trains"]


@pytest.mark.parametrize(
    ("route", "inhibitions", "messages"),
    [
        (Route(receivers=("desk",), digest_count=3), (), (1, 2)),
        (
            Route(receivers=("desk",)),
            [Inhibition(source=("rule=quiet",), target=("rule=trains",), lasts="300h")],
            (5, 5),
        ),
    ],
    ids=["digest", "inhibited"],
)
def test_alerts_of_rules_in_both_sets_and_of_others_meet_on_their_way_to_receivers(
    source: ReplaySource,
    books: tuple[Rulebook, Rulebook],
    route: Route,
    inhibitions: Sequence[Inhibition],
    messages: tuple[int, int],
) -> None:
    """One message has alerts of both, and one alert may inhibit another."""
    old, trains = books[0], next(rule for rule in books[1].watches if rule.id == "trains")
    longer = Rulebook(watches=(*old.watches, trains), events=old.events)
    found = compared(source, old, longer, routes=(route,), inhibitions=inhibitions)
    assert (found.old.messages, found.new.messages) == messages
    assert sum(one.new for one in found.receivers) == messages[1]


@pytest.mark.parametrize("since", [None, at(30)])
def test_from_articles_and_from_stories_nothing_differs(
    source: ReplaySource, books: tuple[Rulebook, Rulebook], tmp_path: Path, since: str | None
) -> None:
    kept = archived(source, tmp_path / "kept", knowledge_of(books[1]))
    span = span_of(since, warm_up=WINDOW)
    by_stage = [compared(kept, *books, span=span, stage=stage) for stage in StartStage]
    one, other = (
        msgspec.structs.replace(each, range=msgspec.structs.replace(each.range, stage="articles")) for each in by_stage
    )
    assert msgspec.json.encode(one) == msgspec.json.encode(other)
    assert one.range.articles == (6 if since is None else 4)


def test_a_shadow_rule_tells_nobody_and_going_live_is_a_change(source: ReplaySource, tmp_path: Path) -> None:
    shadow, live = (
        rulebook_in(tmp_path, f"watches:\n- {{id: ships, query: ship*, state: {state}}}\n")
        for state in ("shadow", "live")
    )
    found = compared(source, shadow, live, failure=FailureCondition(on=("changed",)))
    assert (found.old.alerts, found.old.shadow_alerts, found.old.messages) == (0, 2, 0)
    assert (found.new.alerts, found.new.shadow_alerts, found.new.messages) == (2, 0, 2)
    assert {(each.what, each.old, each.new) for one in found.differences for each in one.changes} == {
        ("shadow", "true", "false")
    }
    assert found.failed == ("2 alerts changed",)


@pytest.mark.parametrize(
    ("failure", "failed"),
    [
        (FailureCondition(), ()),
        (FailureCondition(rate_of("1/day")), ()),
        (FailureCondition(rate_of("0.5/day")), ("alerts per day under the new rules: 1, more than 0.5/day",)),
        (FailureCondition(rate_of("0.01/hour")), ("alerts per hour under the new rules: 0.0417, more than 0.01/hour",)),
        (FailureCondition(on=("removed", "added")), ("2 alerts removed", "2 alerts added")),
    ],
)
def test_a_condition_of_failure_is_said_in_words(
    source: ReplaySource, books: tuple[Rulebook, Rulebook], failure: FailureCondition, failed: tuple[str, ...]
) -> None:
    assert compared(source, *books, failure=failure).failed == failed


@pytest.mark.parametrize("text", ["20", "20/week", "x/day", "-1/day", ""])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 20/day"):
        rate_of(text)


def test_labels_give_precision_and_recall_of_each_side(
    source: ReplaySource, books: tuple[Rulebook, Rulebook], tmp_path: Path, found: Backtest
) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(
        '{"rule_id": "ships", "article_id": "a0", "right": true}\n'
        '{"rule_id": "ships", "article_id": "a1", "right": false}\n'
        f'{{"alert_id": "{told(found, "trains").alert_id}", "right": true}}\n'
        '{"rule_id": "unknown", "article_id": "a1", "right": false}\n',
        encoding="utf-8",
    )
    labeled = compared(source, *books, labels=read_labels(file))
    scores = {
        (one.rule_id, one.side): (one.right, one.wrong, one.missed, one.precision, one.recall) for one in labeled.labels
    }
    assert scores == {
        ("ships", "old"): (1, 1, 0, 0.5, 1.0), ("ships", "new"): (0, 1, 1, 0.0, 0.0),
        ("trains", "old"): (0, 0, 1, None, 0.0), ("trains", "new"): (1, 0, 0, 1.0, 1.0),
    }  # fmt: skip


@pytest.mark.parametrize("line", ["{}", "nonsense", '{"right": true}', '{"right": true, "rule_id": "a"}'])
def test_a_broken_label_is_an_error_with_its_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(f'{{"right": true, "alert_id": "a"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"labels.jsonl:2: not a label"):
        read_labels(file)


async def test_rules_that_are_not_on_record_say_what_is(source: ReplaySource) -> None:
    knowledge: Knowledge = knowledge_of(Rulebook())
    for text in ("live", "release:3"):
        with pytest.raises(ConfigError, match="no rules are on record there"):
            await chosen_rules(text, source, knowledge, shipped_ledger().groups)


def test_what_people_said_are_labels_the_last_word_on_each_alert() -> None:
    said = [
        Feedback(alert_id=alert_id, author=author, verdict=verdict, made_at=f"2025-07-0{day}T10:00:00.000Z")
        for alert_id, author, verdict, day in (
            ("a", "ada", "right", 3),
            ("a", "bob", "false_alarm", 2),
            ("b", "ada", "acknowledged", 2),
            ("c", "ada", "right", 1),
            ("c", "bob", "false_alarm", 4),
        )
    ]
    assert {label.alert_id: label.right for label in labels_of_feedback(said)} == {"a": True, "c": False}

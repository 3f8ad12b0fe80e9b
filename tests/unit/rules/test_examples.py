"""Examples of watches and event rules: what fails is told with its place and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.errors import ConfigError
from firstwire.rules.examples import TriedExamples, try_examples
from tests.support.knowledge import shipped_knowledge
from tests.support.records import at
from tests.support.rules import rules_of

WATCH = "watches:\n  - id: w\n    query: '{query}'\n    examples:\n      {key}: [{example}]\n"
EVENT = "events:\n  - id: e\n    action: {action}\n    novelty: {novelty}\n    examples:\n      {key}: ['{text}']\n"


def tried(folder: Path, text: str) -> TriedExamples:
    return try_examples(rules_of(folder, text), *shipped_knowledge(), at(0))


@pytest.mark.parametrize(
    ("query", "key", "example", "why"),
    [
        ("moon sun", "match", "Moon only", "sun does not occur in title, summary, body"),
        ("moon NEAR/1 sun", "match", "Moon a b sun", "never in one field with at most 1 words between"),
        ("moon AND NOT sun", "match", "Moon and sun", "NOT sun fails: 'sun' occurs in title"),
        ("moon source:afp", "match", "{title: Moon, source: AP}", "source:afp fails: source is ap"),
        ("moon sun", "no_match", "Moon and sun", "“Moon”, “sun” in title"),
        ("body:moon", "match", "Moon", "moon does not occur in body"),
        ("body:moon", "no_match", "{title: Sun, body: A moon.}", "“moon” in body"),
        ("tag:taliban", "no_match", "The Taliban speak", "it has the tags and values asked for"),
    ],
)
def test_a_failed_example_of_a_watch_says_why(tmp_path: Path, query: str, key: str, example: str, why: str) -> None:
    (failed,) = tried(tmp_path, WATCH.format(query=query, key=key, example=example)).failed
    assert failed.place == f"{tmp_path / 'rules.yaml'}:5:{len(key) + 10}"
    assert (failed.rule_id, failed.wanted) == ("w", key == "match")
    assert why in failed.why


@pytest.mark.parametrize(
    ("action", "novelty", "text", "why"),
    [
        ("recognize", "any", "Russia may recognize the Taliban government", "status is unconfirmed"),
        ("recognize", "any", "Hamas recognizes the Taliban government", "no actor of kind nation"),
        ("recognize", "any", "Pele scores twice", "no word of recognition"),
        ("sever_relations", "any", "Russia recognizes the Taliban government", "it reports recognize by russia"),
        ("recognize", "first", "Russia is the second country to recognize the Taliban", "counts it as number 2"),
    ],
)
def test_an_event_rule_that_raises_nothing_says_why(
    tmp_path: Path, action: str, novelty: str, text: str, why: str
) -> None:
    for key, fails in (("match", 1), ("no_match", 0)):
        found = tried(tmp_path, EVENT.format(action=action, novelty=novelty, key=key, text=text))
        assert len(found.failed) == fails
        assert all(why in failed.why for failed in found.failed)


def test_an_event_rule_that_must_not_raise_says_what_it_raised(tmp_path: Path) -> None:
    text = EVENT.format(action="recognize", novelty="first", key="no_match", text="Norway recognizes Palestine")
    (failed,) = tried(tmp_path, text).failed
    assert failed.why.startswith("raises “Norway recognizes Palestine”: “")


def test_examples_know_no_ledger_and_are_published_now_unless_they_say_when(tmp_path: Path) -> None:
    text = (
        "events:\n  - id: e\n    action: recognize\n    novelty: first\n    examples:\n"
        "      match:\n        - Nepal recognizes the Taliban government\n"
        "        - {title: In 1997 Pakistan recognized the Taliban, published_at: 1997-05-25}\n"
        "      no_match: [In 1997 Pakistan recognized the Taliban]\n"
    )
    assert tried(tmp_path, text).failed == ()


def test_rules_without_examples_are_named(tmp_path: Path) -> None:
    found = tried(tmp_path, "watches: [{id: a, query: moon, examples: {match: [moon]}}, {id: b, query: sun}]")
    assert (found.rules, found.examples, found.failed, found.untested) == (2, 1, (), ("b",))


@pytest.mark.parametrize(
    ("example", "message"),
    [
        ("{body: moon}", "lacks 'title'"),
        ("{title: moon, published: x}", "did you mean 'published_at'?"),
        ("{title: moon, published_at: soon}", "invalid example: published_at is no time"),
        ("''", "invalid example: no title"),
        ("7", "str"),
    ],
)
def test_an_example_that_is_no_article_is_an_error_at_its_place(tmp_path: Path, example: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        tried(tmp_path, WATCH.format(query="moon", key="match", example=example))
    assert str(caught.value).startswith(f"{tmp_path / 'rules.yaml'}:5:")
    assert message in str(caught.value)

"""Matchers: Alertmanager's syntax and meaning, in a table of our own.

After github.com/prometheus/alertmanager, matcher/compliance and matcher/parse. Where we differ, the row says so.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.routes.labels import labels_of
from firstwire.core.routes.matchers import LabelMatcher, mismatch_of, parse_matcher, parse_matchers
from tests.support.alerts import covering_article, first_alert, watch_alert

READ = [
    # an operator, bare and quoted
    ("severity=critical", [("severity", "=", "critical")]),
    ('severity="critical"', [("severity", "=", "critical")]),
    ("severity!=critical", [("severity", "!=", "critical")]),
    ('severity=~"warn.*"', [("severity", "=~", "warn.*")]),
    ("severity=~warn.*", [("severity", "=~", "warn.*")]),
    ("severity!~warn.*", [("severity", "!~", "warn.*")]),
    ("severity!~ warn.*", [("severity", "!~", "warn.*")]),
    ("  severity  =  critical  ", [("severity", "=", "critical")]),
    ("severity=\ncritical", [("severity", "=", "critical")]),
    # an empty value
    ("severity=", [("severity", "=", "")]),
    ('severity=""', [("severity", "=", "")]),
    ('severity!=""', [("severity", "!=", "")]),
    # lists, braces, one comma at the end
    ("{}", []),
    ("", []),
    ("{severity=info}", [("severity", "=", "info")]),
    ("{severity=info,}", [("severity", "=", "info")]),
    ("severity=info,", [("severity", "=", "info")]),
    ("{severity=info, kind!=watch}", [("severity", "=", "info"), ("kind", "!=", "watch")]),
    ("severity=info,kind!=watch", [("severity", "=", "info"), ("kind", "!=", "watch")]),
    ('{severity="info",kind!~"watch"}', [("severity", "=", "info"), ("kind", "!~", "watch")]),
    # what is quoted
    ('tag="a, b"', [("tag", "=", "a, b")]),
    ('tag="a=b"', [("tag", "=", "a=b")]),
    ('tag="{a}"', [("tag", "=", "{a}")]),
    ('tag=" a "', [("tag", "=", " a ")]),
    (r'tag="a\"b"', [("tag", "=", 'a"b')]),
    (r'tag="a\\b"', [("tag", "=", "a\\b")]),
    (r'tag="a\nb"', [("tag", "=", "a\nb")]),
    (r'tag=~"\d+"', [("tag", "=~", r"\d+")]),
    ('tag="путин, 习"', [("tag", "=", "путин, 习")]),
    ("tag=путин", [("tag", "=", "путин")]),
    ("source=https://a.example/x?y", [("source", "=", "https://a.example/x?y")]),
    # ours: today's name of a rule, and numbers
    ("rule_id=first", [("rule", "=", "first")]),
    ("origins>=2", [("origins", ">=", "2")]),
    ("origins<10", [("origins", "<", "10")]),
]

REFUSED = [
    ("severity", "is no matcher"),
    ("=critical", "is no matcher"),
    ("critical", "is no matcher"),
    ("severity==critical", "put the value in double quotes"),
    ("severity=!critical", "put the value in double quotes"),
    ("severity=a b", "put the value in double quotes"),
    ("severity='a'", "put the value in double quotes"),
    ('severity="a', "closing quote is missing"),
    ('severity="a\\"', "closing quote is missing"),
    ('severity="a"b', "something follows the closing quote"),
    ('severity=a"', "put the value in double quotes"),
    ("{severity=a", "a brace is not closed or not opened"),
    ("severity=a}", "a brace is not closed or not opened"),
    ("{severity=a,,kind=b}", "is no matcher"),
    ("{,severity=a}", "is no matcher"),
    ("severty=a", "no label 'severty'; did you mean 'severity'?"),
    ("severity=~(", "not a regular expression"),
    ('tag=~"["', "not a regular expression"),
    ("tag=~*", "not a regular expression"),
    ("tag>=2", ">= compares numbers, and tag is none"),
    ("origins>=two", "'two' is not a whole number"),
    ("origins>=-1", "'-1' is not a whole number"),
    ('origins<"2.5"', "'2.5' is not a whole number"),
]

LABELS = {"severity": ("critical",), "tag": ("taliban", "kabul"), "language": (), "origins": ("3",)}
HOLDS = [
    ("severity=critical", True),
    ("severity=crit", False),
    ("severity!=critical", False),
    ("severity!=info", True),
    # a regular expression fits the whole value
    ("severity=~crit", False),
    ("severity=~crit.*", True),
    ("severity=~info|critical", True),
    ("severity=~CRITICAL", False),
    ("severity!~crit", True),
    ("severity!~.*cal", False),
    ("severity=~.+", True),
    # what is missing is the empty text
    ("language=", True),
    ("language!=", False),
    ("language=en", False),
    ("language!=en", True),
    ("language=~.*", True),
    ("language=~.+", False),
    ("language!~.+", True),
    ("language=~en|", True),
    ("story=", True),
    # ours: a label may have several values
    ("tag=taliban", True),
    ("tag=kabul", True),
    ("tag=cricket", False),
    ("tag!=cricket", True),
    ("tag!=kabul", False),
    ("tag=~k.*", True),
    ("tag!~k.*", False),
    ("tag=", False),
    ("origins>=3", True),
    ("origins>=4", False),
    ("origins<4", True),
    ("origins<3", False),
    ("origins=3", True),
    ("origins=~[3-5]", True),
]


@pytest.mark.parametrize(("text", "read"), READ)
def test_matchers_are_read_as_alertmanager_reads_them(text: str, read: list[tuple[str, str, str]]) -> None:
    assert [(each.label, each.operator, each.value) for each in parse_matchers(text)] == read


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_what_is_no_matcher_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        parse_matchers(text)


@pytest.mark.parametrize(("text", "holds"), HOLDS)
def test_a_matcher_holds_as_in_alertmanager(text: str, holds: bool) -> None:
    assert parse_matcher(text).holds(LABELS) is holds


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30), st.sampled_from(("=", "!=")))
def test_a_matcher_is_written_so_that_it_can_be_read(value: str, operator: str) -> None:
    matcher = LabelMatcher("tag", operator, value)  # type: ignore[arg-type]
    assert parse_matchers(str(matcher)) == parse_matchers(f"{{{matcher}}}") == (matcher,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind=watch", "kind is first, not watch"),
        ("rule=other", "rule_id is first-to-recognize, not other"),
        ("tag=cricket", "no tag cricket"),
        ("certainty=sure", "no certainty sure"),
        ("tag!=russia", 'tag is afghanistan, russia, taliban, vladimir-putin, asked is tag!="russia"'),
        ("certainty=~.+", 'certainty is missing, asked is certainty=~".+"'),
        ("origins>=3", 'origins is 2, asked is origins>="3"'),
        ("kind=first,severity=info,tag=cricket", "severity is critical, not info"),
        ("kind=first,tag=russia", None),
    ],
)
def test_the_first_condition_that_is_not_met_is_named(text: str, says: str | None) -> None:
    assert mismatch_of(parse_matchers(text), labels_of(first_alert())) == says


def test_the_labels_of_an_alert_on_an_act() -> None:
    coverage = (covering_article(1, language="en-US"), covering_article(2, language="ru"))
    labels = labels_of(first_alert(coverage=coverage, certainty="sure"))
    assert {name: values for name, values in labels.items() if name not in ("tag", "source")} == {
        "alert": ("7f3a9b21c04de58812",),
        "certainty": ("sure",),
        "entity": ("russia", "taliban"),
        "kind": ("first",),
        "language": ("en-us", "en", "ru"),
        "origins": ("2",),
        "rule": ("first-to-recognize",),
        "severity": ("critical",),
        "status": ("asserted",),
        "story": (),
    }
    assert labels["source"] == ("a.example", "b.example", "c.example")


def test_the_entities_of_a_watch_are_its_tags() -> None:
    labels = labels_of(watch_alert())
    assert labels["entity"] == labels["tag"] == ("afghanistan", "russia", "taliban", "vladimir-putin")
    assert labels["story"] == ("s1",)

"""Rates over an archive: matches, alerts, shares, and what an archive shows that a rule does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.files.articles import UnreadableLine
from firstwire.rules.lint import LintFinding
from firstwire.rules.rates import Rates
from tests.support.records import article
from tests.support.rules import KNOWLEDGE, NO_LEDGER, rules_of

RULES = """
watches:
  - {id: moon, query: moon}
  - {id: landing, query: moon OR landing}
  - {id: sun, query: sun}
events:
  - {id: any, action: recognize}
  - {id: first, action: recognize, novelty: first}
"""


@pytest.fixture
def rates(tmp_path: Path) -> Rates:
    found = Rates(rules_of(tmp_path, RULES), KNOWLEDGE, NO_LEDGER)
    found.add(UnreadableLine(1, "x", "not JSON"))
    for number in range(4):
        found.add(article(f"m{number}", title=f"Moon {number}", body="", hours=12 * number))
    for number, actor in enumerate(("Russia", "Russia", "Nepal")):
        title = f"{actor} becomes the first country to recognize the Taliban government"
        found.add(article(f"r{number}", title=title, body="", hours=36 + 4 * number))
    found.add(article("last", title="Nothing", body="", hours=48))
    return found


def test_matches_and_alerts_are_counted_with_the_last_of_each(rates: Rates) -> None:
    assert (rates.articles, rates.days, rates.unreadable) == (8, 2.0, 1)
    assert [(rate.rule_id, rate.count, rate.articles, rates.per_day(rate)) for rate in rates.matched()] == [
        ("moon", 4, 4, 2.0),
        ("landing", 4, 4, 2.0),
        ("any", 2, 3, 1.0),
        ("first", 2, 3, 1.0),  # both on one day
    ]
    assert rates.rules["moon"].last_title == "Moon 3"
    assert rates.share(rates.rules["moon"]) == 0.5
    assert rates.unmatched() == ["sun"]


def test_watches_that_find_the_same_are_told_unless_it_is_known(rates: Rates) -> None:
    (finding,) = rates.findings()
    assert (finding.rule_id, finding.kind) == ("landing", "same matches")
    assert finding.message == "finds the same 4 articles as moon; is one enough?"
    assert rates.findings([LintFinding("", "landing", "duplicate", "warning", "")]) == []


def test_a_watch_that_finds_a_twentieth_of_a_large_archive_is_too_broad(tmp_path: Path) -> None:
    found = Rates(rules_of(tmp_path, "watches: [{id: moon, query: moon}, {id: sun, query: sun}]"), KNOWLEDGE, NO_LEDGER)
    for number in range(200):
        title = "Moon" if number < 11 else "Sun" if number < 21 else "Mars"
        found.add(article(f"a{number}", title=title, body="", hours=number))
    assert [(each.rule_id, each.kind) for each in found.findings()] == [("moon", "too broad")]
    assert "5.5%" in found.findings()[0].message


def test_an_outlet_that_no_article_is_from_is_named_with_the_nearest(tmp_path: Path) -> None:
    queries = {
        "typing": "moon source:Reuter",
        "one-of": 'moon source:("El Pais" OR bbc*)',
        "absent": "moon NOT source:xinhua",
        "fitting": "moon source:(re?ters OR *pais)",
    }
    text = "watches:\n" + "".join(f"  - id: {name}\n    query: '{query}'\n" for name, query in queries.items())
    text += "events: [{id: acts, action: recognize, source: [El País, Tanjug]}]\n"
    found = Rates(rules_of(tmp_path, text), KNOWLEDGE, NO_LEDGER)
    assert found.findings() == []  # nothing is known of an archive without articles
    for number, source in enumerate(("Reuters", "El País", None)):
        found.add(article(f"a{number}", source=source))
    told = [
        (each.rule_id, each.kind, each.message, each.place.rpartition("rules.yaml:")[2]) for each in found.findings()
    ]
    assert told == [
        (
            "typing",
            "unknown source",
            "no article of the archive is from `source:reuter`; the nearest is 'Reuters'",
            "3:18",
        ),
        ("one-of", "unknown source", "no article of the archive is from `source:bbc*`", "5:39"),
        ("absent", "unknown source", "no article of the archive is from `source:xinhua`", "7:22"),
        ("acts", "unknown source", "no article of the archive is from `tanjug`", "10:48"),
    ]


@pytest.mark.parametrize(("hours", "per_day"), [(23.9, None), (24, 2.0), (48, 1.0)])
def test_less_than_a_day_gives_no_rate(tmp_path: Path, hours: float, per_day: float | None) -> None:
    found = Rates(rules_of(tmp_path, "watches: [{id: moon, query: moon}]"), KNOWLEDGE, NO_LEDGER)
    for number, at in enumerate((0, hours)):
        found.add(article(f"a{number}", title="Moon", body="", hours=at))
    assert found.per_day(found.rules["moon"]) == per_day


def test_an_archive_of_one_moment_has_no_rates(tmp_path: Path) -> None:
    found = Rates(rules_of(tmp_path, "watches: [{id: moon, query: moon}]"), KNOWLEDGE, NO_LEDGER)
    assert (found.days, found.matched(), found.unmatched()) == (0.0, [], ["moon"])
    found.add(article(title="Moon", body=""))
    assert found.per_day(found.rules["moon"]) is None

"""The articles of an alert by title, outlet, origin and times: the earliest; of a watch the first and the newest."""

from __future__ import annotations

import pytest

from firstwire.core.alerts.coverage import COVERAGE_KEPT, COVERAGE_LIMIT, coverage_of, grown_coverage
from schemas.event import Context
from schemas.state import Report
from tests.support.alerts import covering_article
from tests.support.records import FIRST_RULE, RUSSIA, at, event, final_alerts


def report(number: int, hours: float = 0, title: str = "A title") -> Report:
    context = Context(
        title=title,
        url=f"https://{number}.example/",
        source=f"outlet {number}",
        language="en",
        origin_id="a0",
        relation="new",
        published_at=None,
        fetched_at=at(hours),
    )
    return Report(article_id=f"a{number}", context=context)


def test_an_article_is_listed_once_by_its_newest_report() -> None:
    (listed,) = coverage_of([report(1, 0, "Old\n title"), report(1, 2, "New\ttitle"), report(1, 1, "Middle")])
    assert (listed.title, listed.fetched_at, listed.source, listed.origin_id) == ("New title", at(2), "outlet 1", "a0")
    assert listed.published_at is None


@pytest.mark.slow
def test_only_what_fits_into_a_record_is_listed() -> None:
    assert len(coverage_of(report(number) for number in range(500))) == COVERAGE_KEPT
    long = coverage_of(report(number, title="x" * 5_000) for number in range(500))
    assert all(len(each.title) <= 300 for each in long)
    assert sum(len(each.title) + len(each.url or "") for each in long) <= COVERAGE_LIMIT
    wide = grown_coverage((), covering_article(0, url="https://a.example/" + "x" * 2_000))
    for number in range(1, 200):
        wide = grown_coverage(wide, covering_article(number, url="https://a.example/" + "x" * 2_000))
    assert [wide[0].article_id, wide[-1].article_id] == ["a0", "a199"]
    assert sum(len(each.title) + len(each.url or "") + len(each.source or "") for each in wide) <= COVERAGE_LIMIT


def test_of_a_watch_the_first_and_the_newest_are_listed_in_order() -> None:
    held = ()
    for number in range(300):
        held = grown_coverage(held, covering_article(number))
    assert [each.article_id for each in held] == ["a0", *(f"a{number}" for number in range(201, 300))]


def test_a_revision_takes_the_place_of_the_one_before() -> None:
    held = (covering_article(1), covering_article(2), covering_article(3))
    again = grown_coverage(held, covering_article(2, title="Corrected"))
    assert [(each.article_id, each.title == "Corrected") for each in again] == [
        ("a1", False),
        ("a2", True),
        ("a3", False),
    ]


def test_an_alert_resolves_the_ids_of_its_articles_and_origins() -> None:
    told = [
        event(RUSSIA, article_id="a", claims_first=True, source="Reuters"),
        event(RUSSIA, article_id="b", hours=1, source="The Harbor Post", origin="a"),
    ]
    (alert,) = final_alerts(told, FIRST_RULE).values()
    assert tuple(each.article_id for each in alert.coverage) == alert.articles == ("a", "b")
    assert [(each.source, each.origin_id, each.fetched_at) for each in alert.coverage] == [
        ("Reuters", "a", at(0)),
        ("The Harbor Post", "a", at(1)),
    ]
    assert {each.origin_id for each in alert.coverage} == set(alert.origins)

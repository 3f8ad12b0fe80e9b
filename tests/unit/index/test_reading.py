"""Lists and permanent links from the index: alerts by filter, stories, articles with what was decided on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.errors import ConfigError
from firstwire.index.reading import IndexReader
from firstwire.index.results import AlertFilter
from schemas import Alert, Delivery, Feedback, Outcome, Receipt, Times, Verdict
from schemas.alert import VerdictKind
from tests.support.alerts import covering_article, first_alert
from tests.support.indexing import Topics, filled, place_in, story, written
from tests.support.records import RUSSIA, at, event

IDS = [f"{number:x}" * 32 for number in range(16)]


def alert(number: int, *, hours: float = 0, **changes: object) -> Alert:
    times = Times(published_at=at(hours), fetched_at=at(hours))
    return first_alert(**{"alert_id": IDS[number], "times": times, "certainty": "sure", **changes})


ALERTS = [
    alert(1, hours=1),
    alert(2, hours=3, rule_id="other", severity="info", certainty="unsure", state="corrected"),
    alert(3, hours=2, kind="watch", rule_id="desk", tags=("kosovo",), certainty=None, shadow=True),
    alert(4, hours=3, coverage=(covering_article(1, language="pt-BR", source="Folha"),), outlets=("Folha",)),
]


@pytest.fixture
def desk(tmp_path: Path) -> IndexReader:
    return filled(tmp_path, ALERTS)


def numbers(reader: IndexReader, wanted: AlertFilter) -> list[int]:
    return [IDS.index(one.alert.alert_id) for one in reader.alerts(wanted).alerts]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AlertFilter(), [2, 4, 1]),
        (AlertFilter(shadow=None), [2, 4, 3, 1]),
        (AlertFilter(shadow=True), [3]),
        (AlertFilter({"rule": ("first-to-recognize",)}), [4, 1]),
        (AlertFilter({"rule": ("first-to-recognize", "other"), "severity": ("info", "warning")}), [2]),
        (AlertFilter({"kind": ("watch",)}, shadow=None), [3]),
        (AlertFilter({"entity": ("russia",)}, shadow=None), [2, 4, 1]),
        (AlertFilter({"tag": ("kosovo",)}, shadow=None), [3]),
        (AlertFilter({"language": ("pt",)}), [4]),
        (AlertFilter({"source": ("Folha",)}), [4]),
        (AlertFilter({"certainty": ("unsure",)}), [2]),
        (AlertFilter(lives=("corrected", "retracted")), [2]),
        (AlertFilter(since=at(2)), [2, 4]),
        (AlertFilter(until=at(2)), [1]),
        (AlertFilter({"rule": ("x' OR 1 --",)}), []),
    ],
)
def test_alerts_are_filtered_the_newest_first(desk: IndexReader, wanted: AlertFilter, found: list[int]) -> None:
    assert numbers(desk, wanted) == found
    assert desk.alerts(wanted).total == len(found)


def test_pages_of_alerts_follow_each_other(desk: IndexReader) -> None:
    found, after = list[str](), None
    for _ in range(3):
        page = desk.alerts(limit=1, after=after)
        found += [one.alert.alert_id for one in page.alerts]
        after = page.next
        assert page.total == 3
    assert found == [IDS[2], IDS[4], IDS[1]]
    assert after is None
    with pytest.raises(ConfigError, match="is not a place in a list"):
        desk.alerts(after="x")


def test_an_alert_is_found_by_its_id_or_the_beginning_of_it(tmp_path: Path) -> None:
    topics = Topics()
    changed = alert(1, hours=1, revision=2, headline="Corrected")
    first, second = ((("alerted_at", at(hours).encode()),) for hours in (1.5, 2))
    said = Feedback(alert_id=IDS[1], author="ann", verdict="right", made_at=at(3))
    later = Feedback(alert_id=IDS[1], author="bob", verdict="acknowledged", made_at=at(4))
    other = alert(2).alert_id[:8] + "0" * 24
    written(
        tmp_path,
        [
            topics.received(*ALERTS, alert(2, alert_id=other), headers=first),
            topics.received(changed, hours=2, headers=second),
            topics.received(said, later),
        ],
    )
    reader = IndexReader(place_in(tmp_path))
    found = reader.alert(IDS[1][:6])
    assert found is not None
    assert (found.alert, found.receipt.alerted_at) == (changed, at(1.5))
    assert (found.raised_at, found.changed_at, found.feedback) == (at(1), at(2), (later, said))
    assert reader.alert(IDS[9]) is None
    with pytest.raises(ConfigError, match="is ambiguous"):
        reader.alert(IDS[2][:6])
    assert reader.alert(IDS[1][:3]) is None


def test_a_deleted_alert_is_gone_with_its_labels(tmp_path: Path) -> None:
    topics = Topics()
    written(tmp_path, [topics.received(*ALERTS), topics.tombstone("alerts", IDS[1])])
    reader = IndexReader(place_in(tmp_path))
    assert reader.alert(IDS[1]) is None
    assert numbers(reader, AlertFilter({"rule": ("first-to-recognize",)})) == [4]


def test_an_alert_has_its_verdicts_and_deliveries(tmp_path: Path) -> None:
    receipt = Receipt(published_at=None, fetched_at=at(0))
    deliveries = [
        Delivery(alert_id=IDS[1], revision=revision, destination="desk", state=state, receipt=receipt)
        for revision, state in ((2, "pending"), (1, "delivered"), (2, "delivered"))
    ]
    verdicts = [verdict("a", IDS[1]), verdict("b", IDS[2]), verdict("c", None)]
    trail = filled(tmp_path, [*deliveries, *verdicts]).alert_trail(IDS[1])
    assert trail.verdicts == (verdicts[0],)
    assert trail.deliveries == (deliveries[1], deliveries[2])


def verdict(article_id: str, alert_id: str | None) -> Verdict:
    return Verdict(
        rule_id="desk",
        rule_version=1,
        article_id=article_id,
        verdict=VerdictKind.RAISED if alert_id else VerdictKind.HELD_BACK,
        alert_id=alert_id,
        reason="because",
    )


FLEET = [
    story(IDS[1], "Ships may leave", story_id=IDS[11], url="https://a.example/1", source="A"),
    story(IDS[2], "Ships leave", story_id=IDS[11], hours=1, source="B", url="https://b.example/2"),
    story(IDS[1], "Ships have left", story_id=IDS[11], hours=2, url="https://a.example/1", source="A"),
    story(IDS[3], "Rain", story_id=IDS[12], hours=3, source=None),
]


def test_stories_of_a_time_come_with_those_of_most_outlets_first(tmp_path: Path) -> None:
    reader = filled(tmp_path, FLEET)
    page = reader.stories(since=at(0))
    assert [(one.title, len(one.articles), one.outlets) for one in page.stories] == [
        ("Ships have left", 2, 2),
        ("Rain", 1, 1),
    ]
    assert page.total == 2
    assert [one.title for one in reader.stories(since=at(0), limit=1, offset=1).stories] == ["Rain"]
    (early,) = reader.stories(since=at(0), until=at(1)).stories
    assert (early.title, early.outlets) == ("Ships may leave", 1)


def test_a_story_is_found_by_its_id_or_the_beginning_of_it(tmp_path: Path) -> None:
    reader = filled(tmp_path, FLEET)
    for wanted in (IDS[11], IDS[11][:5]):
        found = reader.story(wanted)
        assert found is not None
        assert [one.article_id for one in found.articles] == [IDS[1], IDS[2]]
    assert reader.story(IDS[9]) is None


@pytest.mark.parametrize("wanted", [IDS[1], IDS[1][:5], "http://www.a.example/1/?utm_source=x"])
def test_an_article_is_found_with_all_that_was_decided_on_it(tmp_path: Path, wanted: str) -> None:
    outcome = Outcome(article_id=IDS[1], outcome="alerting", reason="handed over", rules=("desk",))
    act = event(RUSSIA, article_id=IDS[1])
    others = [verdict(IDS[2], None), Outcome(article_id=IDS[2], outcome="no_match", reason="nothing")]
    reader = filled(tmp_path, [*FLEET, outcome, act, verdict(IDS[1], IDS[5]), *others])
    found = reader.article(wanted)
    assert found is not None
    assert found.revisions == (FLEET[0], FLEET[2])
    assert (found.outcomes, found.events, found.verdicts) == ((outcome,), (act,), (verdict(IDS[1], IDS[5]),))


def test_a_duplicate_is_found_by_its_outcome(tmp_path: Path) -> None:
    outcome = Outcome(article_id="dup-1", outcome="duplicate", reason="seen before")
    reader = filled(tmp_path, [outcome])
    found = reader.article("dup-1")
    assert found is not None
    assert (found.revisions, found.outcomes) == ((), (outcome,))
    assert reader.article("dup-2") is None


def test_several_articles_on_a_page_are_told_apart_by_the_fragment(tmp_path: Path) -> None:
    reader = filled(tmp_path, [story(name, url=f"https://a.example/live#{name}") for name in ("one", "two")])
    with pytest.raises(ConfigError, match="is ambiguous: one, two"):
        reader.article("https://a.example/live")
    found = reader.article("https://a.example/live#two")
    assert found is not None and found.article_id == "two"

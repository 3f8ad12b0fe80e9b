"""Filters of alerts: read of an address, and the same for those that come as for those in the index."""

from __future__ import annotations

from pathlib import Path

import pytest
from multidict import MultiDict

from firstwire.errors import ConfigError
from firstwire.web.alert_filters import asked_alerts, is_asked_for
from schemas import Feedback
from tests.support.alerts import covering_article, first_alert, watch_alert
from tests.support.indexing import filled

NOW = "2025-07-04T00:00:00.000Z"
ALERTS = [
    first_alert(coverage=(covering_article(1, language="en-US"),), certainty="sure"),
    watch_alert(alert_id="watch00001", severity="info", coverage=(covering_article(2, language="de"),)),
    first_alert(alert_id="shadow0001", shadow=True, state="retracted", certainty="unsure"),
    watch_alert(alert_id="watch00002", outlets=("Le Monde", "El País"), tags=("São Tomé", "Łódź", "cote-d'ivoire")),
]
QUERIES = [
    {},
    {"kind": "first"},
    {"kind": "watch"},
    {"severity": "critical"},
    {"certainty": "sure"},
    {"state": "retracted", "shadow": "yes"},
    {"shadow": "only"},
    {"shadow": "yes"},
    {"rule": "taliban-recognition"},
    {"rule": "none"},
    {"entity": "Russia"},
    {"entity": "afghanistan"},
    {"tag": "Vladimir Putin"},
    {"source": "a.example"},
    {"source": "le monde"},
    {"source": "EL PAIS"},
    {"source": "El País"},
    {"entity": "sao tome"},
    {"tag": "São-Tomé"},
    {"tag": "łódź"},
    {"rule": "Taliban-Recognition"},
    {"entity": "france"},
    {"language": "en"},
    {"language": "en-us"},
    {"language": "de"},
    {"since": "24h"},
    {"since": "1h"},
    {"since": "2025-07-03"},
    {"until": "2025-07-03T00:00:00Z"},
]


SAID = {
    alert_id: {author: Feedback(alert_id=alert_id, author=author, verdict=verdict, made_at=NOW)}  # type: ignore[arg-type]
    for alert_id, author, verdict in (("watch00001", "ann", "false_alarm"), ("watch00002", "bob", "acknowledged"))
}


@pytest.mark.parametrize("query", QUERIES)
def test_alerts_that_come_are_judged_as_the_index_does(query: dict[str, str], tmp_path: Path) -> None:
    asked = asked_alerts(MultiDict(query), NOW).filter
    reader = filled(tmp_path, ALERTS)
    found = {one.alert.alert_id for one in reader.alerts(asked).alerts}
    assert found == {alert.alert_id for alert in ALERTS if is_asked_for(asked, alert)}


def test_the_queries_tell_the_alerts_apart() -> None:
    def shown(query: dict[str, str]) -> frozenset[str]:
        asked = asked_alerts(MultiDict(query), NOW).filter
        return frozenset(alert.alert_id for alert in ALERTS if is_asked_for(asked, alert))

    assert len({shown(query) for query in QUERIES}) >= 6
    for query in QUERIES:
        if set(query) <= {"source", "tag"} or query.get("entity") == "sao tome":
            assert shown(query), query


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("kind", "frist", "first"),
        ("severity", "high", "no 'high'"),
        ("shadow", "maybe", "no 'maybe'"),
        ("since", "soon", "not a time"),
    ],
)
def test_a_value_that_no_alert_has_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        asked_alerts(MultiDict({name: value}), NOW)


def test_several_values_of_one_name_are_alternatives() -> None:
    asked = asked_alerts(MultiDict([("kind", "first"), ("kind", "watch")]), NOW)
    assert [is_asked_for(asked.filter, alert) for alert in ALERTS] == [True, True, False, True]
    assert asked.given == (("kind", "first"), ("kind", "watch"))


@pytest.mark.parametrize(
    ("verdicts", "found"),
    [
        (("false_alarm",), {"watch00001"}),
        (("false_alarm", "acknowledged"), {"watch00001", "watch00002"}),
        (("right",), set()),
        (("none",), {ALERTS[0].alert_id}),
        (("none", "acknowledged"), {ALERTS[0].alert_id, "watch00002"}),
        (("none", "right"), {ALERTS[0].alert_id}),
    ],
)
def test_alerts_are_found_by_what_people_said(verdicts: tuple[str, ...], found: set[str], tmp_path: Path) -> None:
    asked = asked_alerts(MultiDict(("feedback", each) for each in verdicts), NOW, SAID).filter
    assert {one.alert.alert_id for one in filled(tmp_path, ALERTS).alerts(asked).alerts} == found
    assert {alert.alert_id for alert in ALERTS if is_asked_for(asked, alert)} == found

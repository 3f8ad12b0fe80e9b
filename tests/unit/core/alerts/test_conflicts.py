"""Several articles on one event: the best supported status, and who says what where they disagree."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest

from firstwire.core.alerts.fusion import DISSENT_KEPT
from firstwire.core.rules.rulebook import EventRule
from schemas.alert import Alert
from schemas.event import Event
from schemas.record import Entity
from tests.support.records import ANY_RULE, FIRST_RULE, RUSSIA, event, final_alerts

EVERY_STATUS = EventRule(id="all", action=("recognize",), status=("*",))


def told(
    name: str,
    status: str = "asserted",
    *,
    hours: float = 1,
    published: str = "2025-07-03",
    date: str = "",
    **more: object,
) -> Event:
    found = event(
        RUSSIA,
        article_id=name,
        status=status,  # type: ignore[arg-type]
        hours=hours,
        date=date or published,
        source=f"outlet {name}",
        **more,  # type: ignore[arg-type]
    )
    context = msgspec.structs.replace(found.context, published_at=f"{published}T0{int(hours)}:00:00.000Z")
    return msgspec.structs.replace(found, context=context)


def alert_of(*flow: Event, rule: EventRule = EVERY_STATUS) -> Alert:
    """The one alert that these end in, in whatever order they come."""
    ends = [final_alerts(order, rule) for order in permutations(flow)]
    assert all(end == ends[0] for end in ends)
    (alert,) = ends[0].values()
    return alert


def sides(alert: Alert, about: str) -> list[tuple[str, tuple[str, ...], int]]:
    found = [conflict for conflict in alert.conflicts if conflict.about == about]
    return [(side.says, side.outlets, side.origins) for conflict in found for side in conflict.sides]


def test_what_most_origins_say_is_the_status_and_not_what_the_last_or_loudest_says() -> None:
    alert = alert_of(told("a"), told("b", hours=2), told("c", "negated", hours=3, strength=900))
    assert alert.status == "asserted"
    assert alert.lead.article_id in ("a", "b")
    assert sides(alert, "status") == [("asserted", ("outlet a", "outlet b"), 2), ("negated", ("outlet c",), 1)]


def test_copies_of_one_origin_count_once() -> None:
    flow = [told("a", origin="x"), told("b", origin="x", hours=2), told("c", "negated", hours=3, strength=900)]
    assert alert_of(*flow).status == "negated"


@pytest.mark.parametrize("prospect", ["planned", "unconfirmed", "conditional", "demanded"])
def test_a_prospect_gives_way_to_what_came_of_it_and_is_no_conflict(prospect: str) -> None:
    flow = [told("a", prospect), told("b", prospect, hours=2), told("c", hours=3)]
    alert = alert_of(*flow)
    assert (alert.status, alert.conflicts) == ("asserted", ())
    late = alert_of(told("a", hours=1), told("b", hours=2), told("c", prospect, hours=3))
    assert [says for says, *_ in sides(late, "status")] == ["asserted", prospect]


@pytest.mark.parametrize("status", ["planned", "unconfirmed", "demanded", "negated", "historical"])
def test_what_is_not_said_to_have_happened_is_told_in_the_words_of_its_title(status: str) -> None:
    title = "Russia may recognize the Taliban government"
    alert = alert_of(titled(told("a", status), title))
    assert (alert.status, alert.headline) == (status, title)
    moved = alert_of(titled(told("a", "planned"), title), told("b", hours=2))
    assert (moved.status, moved.headline) == ("asserted", "Russia recognizes the Taliban government")


def titled(event: Event, title: str) -> Event:
    return msgspec.structs.replace(event, context=msgspec.structs.replace(event.context, title=title))


@pytest.mark.parametrize("rule", [ANY_RULE, FIRST_RULE], ids=["any", "first"])
def test_who_says_that_it_did_not_happen_is_named_though_the_rule_asks_for_assertions(rule: EventRule) -> None:
    flow = [told("a"), told("b", "negated", hours=2)]
    alert = alert_of(*flow, rule=rule)
    assert (alert.status, alert.articles, alert.revision) == ("asserted", ("a",), 2)
    assert sides(alert, "status") == [("asserted", ("outlet a",), 1), ("negated", ("outlet b",), 1)]


def test_who_only_says_that_it_did_not_happen_raises_nothing() -> None:
    assert final_alerts([told("b", "negated")], ANY_RULE) == {}


def test_who_corrects_himself_disagrees_with_nobody() -> None:
    flow = [told("a"), told("b", hours=2), told("b", "negated", hours=3)]
    assert sides(alert_of(*flow, rule=ANY_RULE), "status") == [
        ("asserted", ("outlet a",), 1),
        ("negated", ("outlet b",), 1),
    ]
    flow = [told("b", "negated"), told("b", hours=2)]
    assert alert_of(*flow, rule=ANY_RULE).conflicts == ()


def test_days_that_texts_name_disagree_and_days_of_publication_do_not() -> None:
    assert alert_of(told("a"), told("b", hours=2, published="2025-07-04")).conflicts == ()
    assert alert_of(told("a", date="2025-07-01"), told("b", hours=2, published="2025-07-04")).conflicts == ()
    named = alert_of(
        told("a", date="2025-07-01"), told("b", hours=2, date="2025-07-02"), told("c", hours=3, date="2025-07-02")
    )
    assert sides(named, "date") == [
        ("2025-07-02", ("outlet b", "outlet c"), 2),
        ("2025-07-01", ("outlet a",), 1),
    ]
    before = alert_of(told("a", date="2025-07-02"), told("b", hours=2, published="2025-07-01"))
    assert {says for says, *_ in sides(before, "date")} == {"2025-07-02", "2025-07-01"}


def test_of_those_who_deny_only_some_are_kept_whatever_the_order() -> None:
    flow = [told("a"), *(told(f"d{number:02}", "negated", hours=2) for number in range(DISSENT_KEPT + 10))]
    (one,) = final_alerts(flow, ANY_RULE).values()
    (other,) = final_alerts(reversed(flow), ANY_RULE).values()
    assert one == other
    assert one.revision == 1 + DISSENT_KEPT


def test_a_flood_of_long_titles_is_not_kept_with_dissent() -> None:
    long = told("b", "negated", hours=2)
    context = msgspec.structs.replace(long.context, title="x" * 500_000)
    (alert,) = final_alerts([told("a"), msgspec.structs.replace(long, context=context)], ANY_RULE).values()
    assert isinstance(alert.actor, Entity)

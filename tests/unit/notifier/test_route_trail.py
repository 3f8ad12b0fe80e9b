"""Which routes take an alert and why not, and what each receiver would be sent."""

from __future__ import annotations

from collections.abc import Sequence

from firstwire.commands.routes_text import trail_lines
from firstwire.core.routes.routing import Routing
from firstwire.core.routes.settings import Route, RouteMatch
from firstwire.core.routes.tree import compiled
from firstwire.notifier.delivery_log import DeliveryLog, new_entry
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import after_attempt
from firstwire.notifier.route_trail import RouteTrail, route_trail
from schemas import Alert, Silence
from tests.support.alerts import NOW, first_alert, grown_alert, receipt

ROUTES = (
    Route(receivers=("newsroom", "desk"), match=RouteMatch(kind="first", tag="russia")),
    Route(receivers=("sports",), match=RouteMatch(severity="info")),
)


def trail_of(alert: Alert, routes: Sequence[Route], log: DeliveryLog, *said: Silence) -> RouteTrail:
    routing = Routing(compiled(routes), log)
    for each in said:
        routing.hear(each)
    return route_trail(alert, routing, log, NOW)


def test_the_trail_of_a_new_alert_ends_with_the_message() -> None:
    lines = list(trail_lines(first_alert(), trail_of(first_alert(), ROUTES, DeliveryLog())))
    assert lines[0].startswith("alert     7f3a9b21c04de58812, revision 1, raised: Russia recognizes")
    assert lines[3:7] == [
        "route 1   takes it, for newsroom, desk",
        "route 2   severity is critical, not info",
        "newsroom: sent at once: first seen",
        "desk: sent at once: first seen",
    ]
    assert lines[7] == "  | FIRST  Russia recognizes the Taliban government"


def test_what_was_delivered_is_not_sent_again_and_a_parked_receiver_waits() -> None:
    alert = first_alert()
    done, parked = (
        after_attempt(new_entry(alert, name, receipt()), ReplyVerdict(verdict, "404"), NOW, NOW, 9).entry
        for name, verdict in (("newsroom", "delivered"), ("desk", "parked"))
    )
    corrected = first_alert(revision=2, state="corrected")
    first = list(trail_lines(alert, trail_of(alert, ROUTES, DeliveryLog([done, parked]))))
    assert first[5:] == ["newsroom: revision 1 was delivered already", "desk: nothing new; revision 1 is parked"]
    second = list(trail_lines(corrected, trail_of(corrected, ROUTES, DeliveryLog([done, parked]))))
    assert second[5:7] == [
        "newsroom: sent at once: corrected",
        "desk: sent later, the receiver is parked: 404: corrected",
    ]


def test_of_developments_the_message_holds_what_the_receiver_was_not_told() -> None:
    told = after_attempt(new_entry(grown_alert(1), "newsroom", receipt()), ReplyVerdict("delivered", ""), NOW, NOW, 9)
    trail = trail_of(grown_alert(3), (Route(receivers=("newsroom",)),), DeliveryLog([told.entry]))
    assert "  | 2 DEVELOPMENTS  Toll rises to 3" in list(trail_lines(grown_alert(3), trail))


def test_nobody_is_notified_of_an_alert_in_shadow_or_without_a_route() -> None:
    for alert, routes in ((first_alert(shadow=True), ROUTES), (first_alert(), ROUTES[1:])):
        lines = list(trail_lines(alert, trail_of(alert, routes, DeliveryLog())))
        assert lines[-1] == "nobody is notified"
        assert ("          raised by a rule in shadow: nobody is notified" in lines) is alert.shadow


def test_the_trail_says_what_an_alert_waits_for_and_who_silenced_it() -> None:
    routes = (
        Route(receivers=("late",), group_wait="30s"),
        Route(receivers=("digest",), digest_count=5),
    )
    lines = list(trail_lines(first_alert(), trail_of(first_alert(), routes, DeliveryLog())))
    assert lines[5:7] == [
        "late: sent later, at 2025-07-03T14:03:11.000Z: first seen; waits for its group",
        "digest: sent later, with the digest: first seen; digest",
    ]
    silence = Silence(
        silence_id="s",
        matchers=("tag=taliban",),
        starts_at="2025-07-03T00:00:00.000Z",
        ends_at="2025-07-04T00:00:00.000Z",
        author="Ada",
        made_at="2025-07-03T00:00:00.000Z",
    )
    silenced = list(trail_lines(first_alert(), trail_of(first_alert(), routes, DeliveryLog(), silence)))
    assert silenced[5] == "late: muted: silenced until 2025-07-04T00:00:00.000Z by Ada"

"""Whatever a route groups, holds or gathers: every alert is told once, none before its time, none in quiet hours."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.routes.calendar import quiet_times, quiet_until
from firstwire.core.routes.messages import messages_of
from firstwire.core.routes.settings import QuietHours, Route
from firstwire.core.routes.tree import GROUPED_BY, compiled
from schemas import Subject
from tests.support.alerts import watch_alert
from tests.support.timelines import moment

SPANS = st.sampled_from([None, "0s", "30s", "5m", "3h"])
QUIET = st.sampled_from(
    [(), (QuietHours(begin="22:00", end="07:00"),), (QuietHours(begin="09:00", end="17:00", days=("mon", "tue")),)]
)
ROUTES = st.builds(
    Route,
    receivers=st.just(("desk",)),
    group_by=st.lists(st.sampled_from(GROUPED_BY), max_size=2, unique=True).map(tuple),
    group_wait=SPANS,
    group_interval=SPANS,
    cooldown=SPANS,
    quiet_hours=QUIET,
    digest=st.sampled_from([None, "hourly", "daily 08:00"]),
    timezone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"]),
)
ARRIVALS = st.lists(
    st.tuples(st.integers(0, 3 * 86_400), st.sampled_from("xyz"), st.sampled_from(("info", "critical"))), max_size=40
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(route=ROUTES, arrivals=ARRIVALS, gathers=st.booleans())
def test_every_alert_is_told_once_and_in_its_time(
    route: Route, arrivals: list[tuple[int, str, str]], gathers: bool
) -> None:
    start = moment("2026-03-27 00:00:00")  # over the change to summer time
    records = [
        (
            start + timedelta(seconds=at),
            watch_alert(alert_id=f"{number}", subject=Subject(story=story), severity=severity),
        )
        for number, (at, story, severity) in enumerate(sorted(arrivals))
    ]
    sends = list(messages_of(records, compiled([route], ZoneInfo), gathering=["desk"] if gathers else []))
    told = Counter(alert.alert_id for send in sends for alert in send.alerts)
    assert told == Counter(alert.alert_id for _, alert in records)
    arrived = {alert.alert_id: at for at, alert in records}
    assert all(send.at >= arrived[alert.alert_id] for send in sends for alert in send.alerts)
    assert [send.at for send in sends] == sorted(send.at for send in sends)
    quiet, zone = quiet_times(route.quiet_hours or ()), ZoneInfo(route.timezone or "UTC")
    if not gathers:  # a message that waits for its turn may go a second later
        assert not [send.at for send in sends if quiet_until(quiet, send.at, zone) is not None]

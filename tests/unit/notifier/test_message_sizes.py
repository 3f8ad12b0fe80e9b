"""No message is greater than docs/receivers.md says of its type, whatever stands in the alerts and however much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import orjson
import pytest

from firstwire.notifier.event_size import EVENT_LIMIT_BYTES, shortened
from firstwire.notifier.events import alert_event
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.receiver_types import receiver_types
from firstwire.notifier.replies import Request
from schemas import Alert, Notice, Span
from tests.bench.hostile_messages import hostile_alert, hostile_text
from tests.support.alerts import (
    NOW,
    covering_article,
    development,
    first_alert,
    grown_alert,
    receipt,
    told,
    watch_alert,
)
from tests.support.message_checks import made
from tests.support.receivers import listed

PAGE = Path(__file__).parents[3] / "docs" / "receivers.md"
SEVERAL = 10


def stated() -> dict[str, tuple[int, int]]:
    """By type what the page says of a message about one alert, and how much more for each further alert."""
    page = PAGE.read_text(encoding="utf-8")
    section = page.partition("\n## Sizes\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+`) \| ([\d,]+) \| ([\d,]+) \|$", section, re.MULTILINE)
    return {
        kind: (int(one.replace(",", "")), int(further.replace(",", "")))
        for kinds, one, further in rows
        for kind in re.findall(r"`(\w+)`", kinds)
    }


def texts(draw: Random) -> Iterator[str]:
    """Hostile ones, and the longest in bytes."""
    return cycle(
        [*(hostile_text(draw)[:1_500] for _ in range(20)), "𝒲" * 1_200, "\x00" * 1_200, "中" * 1_200, '"\\' * 600]
    )


def huge_alert(draw: Random, *, is_watch: bool) -> Alert:
    """All that an alert lists, in numbers and lengths beyond what the core keeps."""
    source = texts(draw)
    words = source.__next__
    url = f"https://a.example/{'ä' * 1_000}"
    fields: dict[str, Any] = {
        "headline": words(),
        "articles": tuple(f"{number:032x}" for number in range(2_000)),
        "coverage": tuple(
            covering_article(number, title=words(), url=url, source=words(), origin_id=words()) for number in range(100)
        ),
        "outlets": tuple(islice(source, 60)),
        "origins": tuple(f"{number:032x}" for number in range(1_000)),
        "tags": tuple(islice(source, 40)),
        "evidence": tuple(Span(field="body", start=at, end=at + 9, text=words()) for at in range(12)),
    }
    grown = hostile_alert(draw)
    fields |= {name: getattr(grown, name) for name in ("novelty", "conflicts", "actor", "target", "status", "lead")}
    if not is_watch:
        return first_alert(**fields)
    developments = tuple(
        development(each, words(), title=words(), url=url, source=words(), article_id=f"d{each}") for each in range(200)
    )
    return watch_alert(**fields, developments=developments, developments_dropped=3)


def messages(one: Receiver, alert: Alert) -> Iterator[tuple[Request, int]]:
    """A request of every form, and how many alerts it is about."""
    notice = Notice(
        kind="receiver.parked",
        headline=alert.headline,
        lines=(f"Reason: 404 {alert.headline}"[:200],),
        happened_at="2025-07-03T14:02:41.000Z",
    )
    knows = told(status="planned", outlets=())
    for plain in (False, True):
        yield one.request(alert, receipt(), "k", NOW, plain=plain), 1
        yield one.request(alert, receipt(), "k", NOW, plain=plain, told=knows), 1
        yield one.list_request(listed(alert), "batch-k", NOW, plain=plain), 1
        yield one.list_request(listed(*[alert] * SEVERAL, limit=SEVERAL), "batch-k", NOW, plain=plain), SEVERAL
    yield one.notice_request(notice, "n", NOW), 1
    if (edit := one.edit_request(alert, receipt(), knows)) is not None:
        yield edit, 1


@pytest.mark.parametrize("kind", receiver_types())
def test_no_message_is_greater_than_the_page_says(kind: str, tmp_path: Path) -> None:
    one, (most, further) = made(kind, tmp_path), stated()[kind]
    for number in range(3):
        draw = Random(number)
        alert = hostile_alert(draw) if number == 0 else huge_alert(draw, is_watch=number % 2 == 0)
        for request, count in messages(one, alert):
            assert len(request.body) <= most + further * (count - 1), f"{count} alerts, number {number}"


@pytest.mark.parametrize("is_watch", [False, True])
def test_what_an_event_leaves_out_is_counted_and_its_record_stays_one(is_watch: bool) -> None:
    alert = huge_alert(Random(1), is_watch=is_watch)
    event = alert_event(alert, receipt())
    data = event["data"]
    assert len(orjson.dumps(event)) <= EVENT_LIMIT_BYTES
    kept = msgspec.convert(data["alert"], Alert)
    assert (kept.alert_id, kept.revision, kept.rule_id) == (alert.alert_id, alert.revision, alert.rule_id)
    assert kept.developments_so_far == alert.developments_so_far
    for name in ("articles", "coverage", "outlets", "origins", "tags", "evidence", "developments"):
        count = len(getattr(kept, name)) + data["left_out"].get(f"alert.{name}", 0)
        assert count == len(getattr(alert, name)), name


def test_of_developments_the_newest_stay() -> None:
    titles = tuple(development(each, title="Toll rises " * 20) for each in range(150))
    data = alert_event(grown_alert(0, developments=titles), receipt())["data"]
    listed_there = [each["article_id"] for each in data["alert"]["developments"]]
    assert listed_there == [f"d{each}" for each in range(150 - len(listed_there), 150)]
    assert [each["article_id"] for each in data["developments"]] == listed_there[::-1]
    assert data["left_out"] == dict.fromkeys(("alert.developments", "developments"), 150 - len(listed_there))


def test_an_alert_of_the_usual_size_is_whole_and_one_message_about_many_stays_small(tmp_path: Path) -> None:
    data = alert_event(first_alert(), receipt())["data"]
    assert data["left_out"] == {}
    assert msgspec.convert(data["alert"], Alert) == first_alert()
    many = listed(*[huge_alert(Random(1), is_watch=False)] * 80)
    assert len(made("webhook", tmp_path).list_request(many, "batch-k", NOW, plain=False).body) <= 1_000_000


def test_the_shortest_form_is_within_the_limit_of_an_event() -> None:
    for number in range(40):
        event = alert_event(huge_alert(Random(number), is_watch=number % 2 == 0), receipt())
        assert len(orjson.dumps(shortened(event, 0))) <= EVENT_LIMIT_BYTES

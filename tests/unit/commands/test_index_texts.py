"""Alerts and search results as people see them: within the width of the terminal, harmless, with the words marked."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console, RenderableType

from firstwire.commands import alerts_text, search_text
from firstwire.index.results import DayCount, SearchPage
from firstwire.index.search import search
from schemas import Feedback
from tests.support.alerts import first_alert
from tests.support.indexing import filled, story
from tests.support.records import at
from tests.support.small_gazetteer import GAZETTEER

BODY = f"{'Nothing. ' * 20}The \x1b[31m ships of Kabul\u202e cannot leave because there is no water. {'More. ' * 30}"


def printed(shown: RenderableType, width: int = 80) -> list[str]:
    console = Console(file=StringIO(), width=width, highlight=False)
    console.print(shown)
    assert isinstance(console.file, StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_what_is_found_is_quoted_within_80_columns(tmp_path: Path) -> None:
    reader = filled(tmp_path, [story("0123456789", "Rain [bold]in\nthe port", body=BODY, source=None)])
    page = search(reader, GAZETTEER, "rain AND ships")
    lines = printed(search_text.table(page.hits))
    assert max(map(len, lines)) <= 80
    assert "07-03 00:00  01234567  unknown outlet  Rain [bold]in the port" in lines[3]
    quoted = " ".join(line[40:].strip() for line in lines[4:])
    assert quoted.startswith("… Nothing.") and quoted.rstrip().endswith("…")
    assert "ships of Kabul cannot leave" in quoted
    assert "\x1b" not in quoted and "\u202e" not in quoted


def test_what_is_found_is_counted() -> None:
    days = tuple(DayCount(f"2025-07-0{day}", 2 * day, day) for day in (1, 2, 3))
    assert search_text.counts(SearchPage((), None, days)) == [
        "0 shown of 12 articles on 3 days, from 2025-07-01 to 2025-07-03",
        "as a watch: 6 messages, 2.0 a day  ▃▅█",
    ]
    cut = search_text.counts(SearchPage((), None, days, at(1)))
    assert cut[-1] == f"counted since {at(1)}: before, too much would have to be read"
    assert search_text.counts(SearchPage((), None)) == ["no article is on record in that time"]


def test_alerts_are_listed_within_80_columns(tmp_path: Path) -> None:
    alert = first_alert(state="corrected", certainty="unsure", headline="Russia\x1b[31m recognizes " + "it " * 40)
    lines = printed(alerts_text.table(filled(tmp_path, [alert]).alerts().alerts))
    assert max(map(len, lines)) <= 80
    assert lines[3].startswith(" 2025-07-03 14:02  7f3a9b21  critical  first   corrected: Russia")
    assert "\x1b" not in "".join(lines)


def test_an_alert_is_shown_with_what_people_said(tmp_path: Path) -> None:
    alert = first_alert(certainty="sure")
    said = Feedback(alert_id=alert.alert_id, author="ann\x1b", verdict="false_alarm", comment="satire", made_at=at(1))
    reader = filled(tmp_path, [alert, said])
    found = reader.alert(alert.alert_id)
    assert found is not None
    trail = reader.alert_trail(alert.alert_id)
    lines = alerts_text.details(found, trail)
    assert f"alert  {alert.alert_id}, revision 1, raised" in lines
    assert lines[-2:] == ["delivery  none yet", f"feedback  false alarm, by ann : satire at {at(1)}"]
    written = alerts_text.as_json(found, trail)
    assert (written["alert_id"], written["feedback"][0]["author"]) == (alert.alert_id, "ann\x1b")
    assert (written["deliveries"], written["receipt"]["fetched_at"]) == ([], alert.times.fetched_at)

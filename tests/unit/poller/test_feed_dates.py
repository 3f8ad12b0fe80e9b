"""Dates of feeds: every form that is read, and what is rather unknown than wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from time import struct_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument
from firstwire.poller.feed_dates import NO_DATE_BEFORE, feed_date
from firstwire.poller.feed_reader import read_document
from tests.fakes.origin import feed, item

AFTERNOON = "2025-07-03T14:02:11+00:00"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 03 Jul 2025 14:02:11 GMT", AFTERNOON),
        ("Thu, 03 Jul 2025 14:02:11 +0000 (UTC)", AFTERNOON),
        ("Thu,03 Jul 2025 16:02:11 +0200", AFTERNOON),
        (" thursday, 3 july 2025 16:02:11 +02:00 ", AFTERNOON),
        ("03-Jul-25 09:02:11 -0500", AFTERNOON),
        ("Jul 3, 2025 19:32:11 +0530", AFTERNOON),
        ("Thu Jul  3 14:02:11 2025", AFTERNOON),
        ("Thu Jul 03 10:02:11 EDT 2025", AFTERNOON),
        ("Thu Jul 03 2025 16:02:11 GMT+0200 (Central European Summer Time)", AFTERNOON),
        ("Thu, 03 Jul 2025 10:02:11 EDT", AFTERNOON),
        ("Thu, 03 Jul 2025 08:02:11 CST", AFTERNOON),
        ("Thu, 03 Jul 2025 14:02:11 Etc/UTC", AFTERNOON),
        ("Thu, 03 Jul 2025 17:02:11 UTC+3", AFTERNOON),
        ("Thu, 03 Jul 2025 14:02:11", AFTERNOON),
        ("03 septembre 2025 14:02:11 GMT", "2025-09-03T14:02:11+00:00"),
        ("Thu, 03 Jul 2025", "2025-07-03T00:00:00+00:00"),
        ("Thu, 03 Jul 99 01:00 GMT", "1999-07-03T01:00:00+00:00"),
        ("2025-07-03T14:02:11Z", AFTERNOON),
        ("2025-07-03t14:02:11.987654z", AFTERNOON),
        ("2025-07-03T19:32:11+0530", AFTERNOON),
        ("2025-07-03 16:02:11 +02:00", AFTERNOON),
        ("2025-07-03 10:02:11 EDT", AFTERNOON),
        ("2025/7/3 14:02:11", AFTERNOON),
        ("Thu, 2025/07/03 10:02:11 EDT", AFTERNOON),
        ("2025-07-03T14:02", "2025-07-03T14:02:00+00:00"),
        ("2025-7-3", "2025-07-03T00:00:00+00:00"),
        ("20250703", "2025-07-03T00:00:00+00:00"),
    ],
)
def test_a_date_is_read(text: str, moment: str) -> None:
    found = feed_date(text)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        # which of the two is the month?
        "03/07/2025 14:02",
        "3.7.2025 14:02",
        # of these feedparser reads the year, or takes the day for a year
        "2025",
        "2025-07",
        "2025.07.03",
        "15-07-2025 14:02:11",
        "2025-július-03",
        "1751551331",
        # unknown zones, which it takes for UTC
        *(f"Thu, 03 Jul 2025 14:02:11 {zone}" for zone in ("CET", "CEST", "BST", "IST", "MSK", "JST", "AST", "Local")),
        "Thu, 03 Jul 2025 14:02:11 Etc/GMT+2",
        "Thu, 03 Jul 2025 14:02:11 Europe/Paris",
        "Thu, 03 Jul 2025 14:02:11 +2500",
        "2025-07-03 14:02:11 CEST",
        "Thu Jul 03 14:02:11 CEST 2025",
        "July 3, 2025 02:02 pm",
        # November in Finnish
        "3 marraskuuta 2025 14:02:11 +0200",
        # no such time, or none before the epoch
        "Thu, 31 Feb 2025 14:02:11 GMT",
        "Thu, 03 Jul 2025 25:02:11 GMT",
        "2025-13-01",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 31 Dec 1969 19:00:00 EST",
        f"Thu, 03 Jul 2025 14:02:11 GMT{' ' * 90}(",
    ],
)
def test_what_cannot_be_read_with_certainty_is_unknown(text: str) -> None:
    assert feed_date(text) is None
    document = read_document(
        feed(item(pubDate=text)).body, url="https://a.example/", content_type="application/xml", entry_limit=9
    )
    assert isinstance(document, FeedDocument)
    assert document.entries[0].published_at is None


def test_greek_names_of_months_are_left_to_feedparser() -> None:
    for zone, moment in (("+0300", datetime(2025, 7, 3, 11, 2, 11, tzinfo=UTC)), ("EEST", None)):
        body = feed(item(pubDate=f"Πεμ, 03 Ιούλ 2025 14:02:11 {zone}")).body
        document = read_document(body, url="https://a.example/", content_type="application/xml", entry_limit=9)
        assert isinstance(document, FeedDocument)
        assert document.entries[0].published_at == moment


MOMENTS = st.datetimes(
    min_value=NO_DATE_BEFORE.replace(tzinfo=None) + timedelta(days=2),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
).map(lambda moment: moment.replace(microsecond=0))


@given(MOMENTS)
def test_what_is_written_by_the_standards_is_read_back(moment: datetime) -> None:
    if not datetime(1970, 1, 3, tzinfo=UTC) <= moment < datetime(9999, 12, 31, tzinfo=UTC):
        return
    for text in (format_datetime(moment), moment.isoformat(), moment.isoformat(" ")):
        assert feed_date(text) == moment


@given(st.text(max_size=120), st.from_regex(r"[A-Za-z0-9 :+/,.-]{0,40}", fullmatch=True))
def test_no_text_raises(text: str, likely: str) -> None:
    for each in (text, likely):
        found = feed_date(each, struct_time((2025, 7, 3, 0, 0, 0, 0, 0, 0)))
        assert found is None or found >= NO_DATE_BEFORE

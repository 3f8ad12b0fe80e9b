"""Dates of feeds: every form that is read, and what is rather unknown than wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument
from firstwire.poller.feed_dates import NO_DATE_BEFORE, NO_HINTS, DateHints, feed_date, is_day_first
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
        ("Thu, 03 July 2025 14:02:11 GMT", AFTERNOON),
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
    ("text", "moment"),
    [
        # names of months and days, whole or cut, in the languages of the feeds that write them
        ("jeu., 03 juil. 2025 16:02:11 +0200", AFTERNOON),
        ("jeudi 3 juillet 2025 à 16h02 CEST", "2025-07-03T14:02:00+00:00"),
        ("Do, 03 Okt 2025 16:02:11 +0200", "2025-10-03T14:02:11+00:00"),
        ("Donnerstag, 3. Juli 2025, 16:02 Uhr MESZ", "2025-07-03T14:02:00+00:00"),
        ("jue, 03 ago 2025 16:02:11 +0200", "2025-08-03T14:02:11+00:00"),
        ("3 de julio de 2025 14:02", "2025-07-03T14:02:00+00:00"),
        ("gio, 03 lug 2025 16:02:11 +0200", AFTERNOON),
        ("qui, 03 out 2025 11:02:11 -0300", "2025-10-03T14:02:11+00:00"),
        ("Чт, 03 сен 2025 17:02:11 +0300", "2025-09-03T14:02:11+00:00"),
        ("3 июля 2025 г. 17:02 МСК", "2025-07-03T14:02:00+00:00"),
        ("3 липня 2025 року, 17:02 EEST", "2025-07-03T14:02:00+00:00"),
        ("Per, 03 Ağu 2025 17:02:11 +0300", "2025-08-03T14:02:11+00:00"),
        ("Πεμ, 03 Ιούλ 2025 17:02:11 +0300", AFTERNOON),
        ("Πεμ, 03 Ιουλίου 2025 17:02:11 EEST", AFTERNOON),
        ("3 marraskuuta 2025 16:02:11 +0200", "2025-11-03T14:02:11+00:00"),
        ("2025 m. liepos 3 d. 17:02 EEST", "2025-07-03T14:02:00+00:00"),
        ("2025. július 3. 16:02 CEST", "2025-07-03T14:02:00+00:00"),
        ("الخميس، 3 يوليو 2025 17:02 AST", "2025-07-03T14:02:00+00:00"),
        ("٣ يوليو ٢٠٢٥ ١٧:٠٢ +0300", "2025-07-03T14:02:00+00:00"),
        ("3 जुलाई 2025 19:32 IST", "2025-07-03T14:02:00+00:00"),
        ("3 ก.ค. 2568 21:02 ICT", "2025-07-03T14:02:00+00:00"),
        ("3 tháng 7, 2025 21:02 +07", "2025-07-03T14:02:00+00:00"),
        ("2025年7月3日 23:02 JST", "2025-07-03T14:02:00+00:00"),
        ("2025년 7월 3일 23:02 KST", "2025-07-03T14:02:00+00:00"),
        # other orders and marks
        ("Thursday, July 3, 2025 - 14:02", "2025-07-03T14:02:00+00:00"),
        ("July 3rd, 2025 at 2:02 pm", "2025-07-03T14:02:00+00:00"),
        ("July 3, 2025 02:02:11 p.m. UTC", AFTERNOON),
        ("Jul 3, 2025 12:02 AM", "2025-07-03T00:02:00+00:00"),
        ("3.7.2025 14:02", "2025-07-03T14:02:00+00:00"),
        ("Do. 03.07.2025, 16:02 Uhr CEST", "2025-07-03T14:02:00+00:00"),
        ("2025.07.03 14:02", "2025-07-03T14:02:00+00:00"),
        ("15-07-2025 14:02:11", "2025-07-15T14:02:11+00:00"),
        ("07/15/2025 14:02", "2025-07-15T14:02:00+00:00"),
        ("15/07/2025", "2025-07-15T00:00:00+00:00"),
        ("07/07/2025", "2025-07-07T00:00:00+00:00"),
        ("1751551331", AFTERNOON),
        ("1751551331000", AFTERNOON),
        # zones
        ("Thu, 03 Jul 2025 15:02:11 CET", AFTERNOON),
        ("Thu, 03 Jul 2025 16:02:11 CEST", AFTERNOON),
        ("Thu, 03 Jul 2025 15:02:11 BST", AFTERNOON),
        ("Thu, 03 Jul 2025 17:02:11 MSK", AFTERNOON),
        ("Thu, 03 Jul 2025 19:32:11 IST", AFTERNOON),
        ("Thu, 03 Jul 2025 23:02:11 JST", AFTERNOON),
        ("Thu, 03 Jul 2025 16:02:11 Europe/Paris", AFTERNOON),
        ("Thu, 04 Dec 2025 15:02:11 Europe/Paris", "2025-12-04T14:02:11+00:00"),
        ("Thu, 03 Jul 2025 10:02:11 America/New_York", AFTERNOON),
        ("Thu, 03 Jul 2025 12:02:11 Etc/GMT+2", AFTERNOON),
        ("Thu, 03 Jul 2025 17:02:11 GMT+03:00", AFTERNOON),
        ("Thu, 03 Jul 2025 17:02:11 (UTC+3)", AFTERNOON),
        ("Thu Jul 03 16:02:11 CEST 2025", AFTERNOON),
        ("2025-07-03 16:02:11 CEST", AFTERNOON),
    ],
)
def test_what_feeds_really_write_is_read(text: str, moment: str) -> None:
    found = feed_date(text, DateHints("ar" if "AST" in text else None))
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    ("text", "hints", "moment"),
    [
        ("03/07/2025 14:02", DateHints("en-gb"), "2025-07-03T14:02:00+00:00"),
        ("03/07/2025 14:02", DateHints("fr"), "2025-07-03T14:02:00+00:00"),
        ("03/07/2025 14:02", DateHints("en-us"), "2025-03-07T14:02:00+00:00"),
        ("03/07/2025 14:02", DateHints("en"), None),
        ("03/07/2025 14:02", DateHints("en-us", day_first=True), "2025-07-03T14:02:00+00:00"),
        ("03/07/2025 14:02", DateHints("fr", day_first=False), "2025-03-07T14:02:00+00:00"),
        ("3 lis 2025", DateHints("pl"), "2025-11-03T00:00:00+00:00"),
        ("3 lis 2025", DateHints("hr"), "2025-10-03T00:00:00+00:00"),
        ("3 lis 2025", NO_HINTS, None),
        ("3 Mar 2025", DateHints("fi"), "2025-03-03T00:00:00+00:00"),
        ("Thu, 03 Jul 2025 16:02:11 IST", DateHints("he"), AFTERNOON),
        ("Thu, 03 Jul 2025 22:02:11 CST", DateHints("zh-cn"), AFTERNOON),
        ("Thu, 03 Jul 2025 14:02:11 AST", DateHints("es"), None),
    ],
)
def test_what_is_ambiguous_is_read_by_the_feeds_language_and_other_dates(
    text: str, hints: DateHints, moment: str | None
) -> None:
    found = feed_date(text, hints)
    assert (None if found is None else found.isoformat()) == moment


def test_a_feeds_other_dates_show_the_order_of_day_and_month() -> None:
    assert is_day_first(["03/07/2025", "15/07/2025 10:00", "yesterday"]) is True
    assert is_day_first(["03/07/2025", "07-15-2025"]) is False
    assert is_day_first(["15/07/2025", "07/15/2025"]) is None
    assert is_day_first(["03/07/2025", ""]) is None
    items = [item(f"{day}", pubDate=f"{day}/07/2025") for day in ("03", "15")]
    body = feed(*items, language="en").body
    document = read_document(body, url="https://a.example/", content_type="application/xml", entry_limit=9)
    assert isinstance(document, FeedDocument)
    assert [entry.published_at for entry in document.entries] == [
        datetime(2025, 7, 3, tzinfo=UTC),
        datetime(2025, 7, 15, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2 hours ago",
        "now",
        "today 14:02",
        # which of the two is the month?
        "03/07/2025 14:02",
        "03-07-2025",
        # of these feedparser reads the year, or takes the day for a year
        "2025",
        "2025-07",
        "July 2025",
        "2025-july-03",
        "17515513",
        "03.07.25",
        # unknown zones, which it takes for UTC
        *(f"Thu, 03 Jul 2025 14:02:11 {zone}" for zone in ("AST", "Local", "XYZ", "Europe/Nowhere", "TZ")),
        "Thu, 03 Jul 2025 14:02:11 +2500",
        "Thu Jul 03 14:02:11 Local 2025",
        # no such time, or none before the epoch
        "Thu, 31 Feb 2025 14:02:11 GMT",
        "Thu, 03 Jul 2025 25:02:11 GMT",
        "Thu, 03 Jul 2025 00:02 pm",
        "31/31/2025",
        "2025-13-01",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 31 Dec 1969 19:00:00 EST",
        # other calendars
        "1404-04-12",
        "۱۲ تیر ۱۴۰۴",
        f"Thu, 03 Jul 2025 14:02:11 GMT{' ' * 90}(",
        f"{'x' * 90} 3 Jul 2025",
    ],
)
def test_what_cannot_be_read_with_certainty_is_unknown(text: str) -> None:
    assert feed_date(text) is None
    document = read_document(
        feed(item(pubDate=text), language=None).body,
        url="https://a.example/",
        content_type="application/xml",
        entry_limit=9,
    )
    assert isinstance(document, FeedDocument)
    assert document.entries[0].published_at is None


def test_the_first_date_of_an_entry_that_can_be_read_counts() -> None:
    body = feed(
        "<item><pubDate>soon</pubDate><dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2025-07-03T14:02:11Z</dc:date></item>"
    ).body
    document = read_document(body, url="https://a.example/", content_type="application/xml", entry_limit=9)
    assert isinstance(document, FeedDocument)
    assert document.entries[0].published_at == datetime(2025, 7, 3, 14, 2, 11, tzinfo=UTC)


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
        found = feed_date(each)
        assert found is None or found >= NO_DATE_BEFORE

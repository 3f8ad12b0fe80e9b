"""The dates of feeds: read with certainty or not at all. Pure.

feedparser takes a zone that it does not know for UTC, and of a date that it does not know it reads the year and invents
month and day. An unknown date is better than a wrong one.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo

DATE_LIMIT_CHARACTERS = 100

NO_DATE_BEFORE = datetime(1970, 1, 2, tzinfo=UTC)
"""Programs write the epoch, in some zone, for a date that they do not have."""

ZONE_HOURS = (
    dict.fromkeys(("ut", "utc", "gmt", "z"), 0)
    # As RFC 822 defines them
    | {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
    | {"met": 1, "mest": 2}
)
"""Abbreviations of zones that are read. IST, say, is the time of India, of Israel and of Ireland."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[^\W\d]*\.?,?\s*)?"
# Months of other languages with the same first letters are the same ones, but for one: Finnish marraskuu is November
_MONTH = rf"(?P<month>(?!marra)(?:{'|'.join(_MONTHS)}))[^\W\d]*\.?"
_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4}|\d{2})"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_ZONE = r"(?:\s*(?:etc/)?(?P<zone>[a-z]+)|\s*(?:gmt|utc?)?(?P<offset>[+-]\d{1,2}(?::?\d{2})?))?(?:\s*\(.*\))?"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # RFC 822 and its variants: "Thu, 03 Jul 2025 14:02:11 +0200", "July 3, 2025", "Thu Jul  3 14:02:11 GMT 2025"
        rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH}[\s-]+{_YEAR}(?:\s+{_TIME}{_ZONE})?",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}(?:\s+{_TIME}{_ZONE})?",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_TIME}{_ZONE}\s+(?P<year>\d{{4}})",
        # ISO 8601 and what begins with the year: "2025-07-03T14:02:11Z", "2025/7/3 14:02", "20250703"
        rf"{_WEEKDAY}(?P<year>\d{{4}})(?P<mark>[-/])(?P<number>\d{{1,2}})(?P=mark){_DAY}(?:(?:\s*t\s*|\s+){_TIME}{_ZONE})?",
        r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})",
    )
)
_GREEK = re.compile(rf"[\u0370-\u03ff].*\s\d\d:\d\d:\d\d{_ZONE}", re.IGNORECASE)


def feed_date(text: str, parsed: object = None) -> datetime | None:
    """The time that a feed's date states, UTC if it names no zone; None if it cannot be read with certainty.

    `parsed` is feedparser's reading, which is only relied on for Greek names of months.
    """
    text = text.strip()
    if len(text) > DATE_LIMIT_CHARACTERS:
        return None
    for form in _FORMS:
        if (found := form.fullmatch(text)) is not None:
            return _moment(found.groupdict())
    greek = _GREEK.fullmatch(text)
    if greek is None or not isinstance(parsed, time.struct_time) or _zone(greek["zone"], greek["offset"]) is None:
        return None
    return datetime(*parsed[:6], tzinfo=UTC)


def _moment(parts: dict[str, str | None]) -> datetime | None:
    zone = _zone(parts.get("zone"), parts.get("offset"))
    name, number = parts.get("month"), parts.get("number")
    month = _MONTHS.index(name.lower()) + 1 if name is not None else int(number or 0)
    hour, minute, second = (int(parts.get(unit) or 0) for unit in ("hour", "minute", "second"))
    if zone is None:
        return None
    try:
        day = datetime(_year(parts["year"] or ""), month, int(parts["day"] or 0), tzinfo=zone)
        moment = day.replace(hour=hour, minute=minute, second=second)
        return moment.astimezone(UTC) if moment >= NO_DATE_BEFORE else None
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> int:
    """A year of two digits is one from 1990 to 2089."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 90 else 1900)


def _zone(name: str | None, offset: str | None) -> tzinfo | None:
    """The zone of an abbreviation or of "+0200", "+02:00", "+2"; UTC without either, None if it is unknown."""
    if offset is not None:
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        ahead = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-ahead if offset[0] == "-" else ahead) if ahead < timedelta(days=1) else None
    if name is None:
        return UTC
    zone_hours = ZONE_HOURS.get(name.lower())
    return None if zone_hours is None else timezone(timedelta(hours=zone_hours))

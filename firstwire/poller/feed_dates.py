"""The dates of feeds: read with certainty or not at all. Pure.

feedparser takes a zone that it does not know for UTC, and of a date that it does not know it reads the year and invents
month and day. An unknown date is better than a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from firstwire.poller.month_names import month_number
from firstwire.poller.zones import zone_of

DATE_LIMIT_CHARACTERS = 100

NO_DATE_BEFORE = datetime(1970, 1, 2, tzinfo=UTC)
"""Programs write the epoch, in some zone, for a date that they do not have."""

BUDDHIST_YEARS = range(2500, 2650)
"""Years of the Thai calendar, 543 ahead."""

MONTH_FIRST = ("en-us", "en-ph", "fil")
"""Languages of which "07/03" is the third of July. Plain English says nothing of it."""


@dataclass(frozen=True, slots=True)
class DateHints:
    """What the rest of a feed says of its dates."""

    language: str | None = None
    """BCP 47, lower case."""
    day_first: bool | None = None
    """Of "3/7/2025"; None if its other dates do not show it."""


NO_HINTS = DateHints()

# "[^\W\d_]" is a letter; names of months may have dots, apostrophes and marks of their script
_WORD = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff.'’])*"
_WEEKDAY = rf"(?:{_WORD}(?:[ ]{_WORD}){{0,2}}(?:[ ]?,[ ]?|[ ]))?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|ª|º|\.)?"
_YEAR, _FULL_YEAR = r"(?P<year>\d{4}|\d{2})", r"(?P<year>\d{4})"
_OF = r"(?:(?:de|of|del|di)[ ]|d['’])?"
_MONTH = rf"{_OF}(?P<month>{_WORD})"
_HALF = r"(?:[ ]?(?P<half>[ap]\.?m\.?)(?![a-z]))?"
_TIME = rf"(?P<hour>\d{{1,2}})[:h.](?P<minute>\d{{2}})(?:[:.m](?P<second>\d{{2}})(?:[.,]\d+)?s?)?{_HALF}"
_ZONE = (
    r"(?:[ ]?\(?(?P<zone>(?!am\b|pm\b)[a-zа-я]+(?:/[a-z0-9_+-]+){0,2})\)?"
    r"|[ ]?\(?(?:gmt|utc?)?[ ]?(?P<offset>[+−-]\d{1,2}(?::?\d{2})?)\)?)?(?:[ ]?\([^()]*\))?"
)
_BETWEEN = r"(?:[ ]?(?:,|-|–|—|\||at|um|à|a las|às|alle|o|в|kl\.?|klo|om)[ ]?|[ ]?(?:г\.?|року|m\.)[ ]?,?[ ]?|[ ])"
_CLOCK = rf"(?:{_BETWEEN}{_TIME}(?:[ ]?uhr)?{_ZONE})?(?:[ ]?г\.?|[ ]?\.)?"
_ISO_CLOCK = rf"(?:(?:[ ]?t[ ]?|{_BETWEEN}){_TIME}{_ZONE})?"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # RFC 822 and its variants: "Thu, 03 Jul 2025 14:02:11 +0200", "July 3, 2025", "Thu Jul  3 14:02:11 GMT 2025"
        rf"{_WEEKDAY}{_DAY}[ -]{{1,2}}{_MONTH}[ -]?,?[ ]?{_OF}{_YEAR}{_CLOCK}",
        rf"{_WEEKDAY}{_MONTH}[ ]{_DAY},?[ ]{_YEAR}{_CLOCK}",
        rf"{_WEEKDAY}{_MONTH}[ ]{_DAY}[ ]{_TIME}{_ZONE}[ ]{_FULL_YEAR}",
        rf"{_FULL_YEAR}\.?[ ](?:m\.[ ])?{_MONTH}[ ]{_DAY}(?:[ ]d\.)?{_CLOCK}",
        # ISO 8601 and what begins with the year: "2025-07-03T14:02:11Z", "2025/7/3 14:02", "2025.07.03", "20250703"
        rf"{_WEEKDAY}{_FULL_YEAR}(?P<mark>[-/.])[ ]?(?P<number>\d{{1,2}})(?P=mark)[ ]?{_DAY}{_ISO_CLOCK}",
        r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})",
        # The day first, as everywhere where dots are written
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.[ ]?(?P<number>\d{{1,2}})\.[ ]?{_FULL_YEAR}{_CLOCK}",
        # East Asia and Vietnam: "2025年7月3日 14:02", "3 tháng 7, 2025"
        rf"{_FULL_YEAR}[ ]?[年년][ ]?(?P<number>\d{{1,2}})[ ]?[月월][ ]?(?P<day>\d{{1,2}})[ ]?[日일]"
        rf"(?:[ ]?\(?\w{{1,3}}\)?)?{_CLOCK}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})[ ]tháng[ ](?P<number>\d{{1,2}}),?[ ]{_FULL_YEAR}{_CLOCK}",
    )
)
_EITHER_ORDER = re.compile(
    rf"{_WEEKDAY}(?P<one>\d{{1,2}})(?P<mark>[-/])(?P<other>\d{{1,2}})(?P=mark){_FULL_YEAR}{_CLOCK}", re.IGNORECASE
)
_EPOCH = re.compile(r"([12]\d{9})(?:\d{3})?")
"""Seconds or milliseconds since 1970, from September 2001 on."""
_SPACE = re.compile(r"\s+")

Parts = dict[str, str | None]


def feed_date(text: str, hints: DateHints = NO_HINTS) -> datetime | None:
    """The time that a feed's date states, UTC if it names no zone; None if it cannot be read with certainty."""
    text = _plain(text)
    if len(text) > DATE_LIMIT_CHARACTERS:
        return None
    if (seconds := _EPOCH.fullmatch(text)) is not None:
        return datetime.fromtimestamp(int(seconds[1]), UTC)
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is not None and (moment := _moment(found.groupdict(), hints)) is not None:
            return moment
    either = _EITHER_ORDER.fullmatch(text)
    ordered = None if either is None else _ordered(either.groupdict(), hints)
    return None if ordered is None else _moment(ordered, hints)


def first_date(texts: Iterable[str], hints: DateHints = NO_HINTS) -> datetime | None:
    """The first of an entry's dates that can be read."""
    moments = (feed_date(text, hints) for text in texts)
    return next((moment for moment in moments if moment is not None), None)


def is_day_first(texts: Iterable[str]) -> bool | None:
    """Whether "3/7/2025" is the third of July in a feed, if others of its dates show that; None if none or both do."""
    shown = set()
    for text in texts:
        found = _EITHER_ORDER.fullmatch(_plain(text[: DATE_LIMIT_CHARACTERS + 1]))
        if found is not None and (int(found["one"]) > 12) != (int(found["other"]) > 12):
            shown.add(int(found["one"]) > 12)
    return shown.pop() if len(shown) == 1 else None


def _plain(text: str) -> str:
    """The text with ASCII digits and single spaces."""
    if text.isascii():
        return _SPACE.sub(" ", text).strip()
    digits = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return _SPACE.sub(" ", digits.replace("\u200e", "").replace("\u200f", "").replace("،", ",")).strip()


def _ordered(parts: Parts, hints: DateHints) -> Parts | None:
    """The parts with day and number of the month; None if nothing says which is which."""
    one, other = parts["one"] or "", parts["other"] or ""
    day_first = hints.day_first
    if int(one) > 12 or int(other) > 12:
        day_first = int(one) > 12
    elif one.lstrip("0") == other.lstrip("0"):
        day_first = True
    elif day_first is None and hints.language is not None and hints.language != "en":
        day_first = not hints.language.startswith(MONTH_FIRST)
    if day_first is None:
        return None
    return parts | ({"day": one, "number": other} if day_first else {"day": other, "number": one})


def _moment(parts: Parts, hints: DateHints) -> datetime | None:
    name, number = parts.get("month"), parts.get("number")
    month = month_number(name, hints.language) if name is not None else int(number or 0)
    zone = zone_of(parts.get("zone"), parts.get("offset"), hints.language)
    hour = _hour(parts)
    if month is None or zone is None or hour is None:
        return None
    try:
        day = datetime(_year(parts["year"] or "", name), month, int(parts["day"] or 0), tzinfo=zone)
        moment = day.replace(hour=hour, minute=int(parts.get("minute") or 0), second=int(parts.get("second") or 0))
        return moment.astimezone(UTC) if moment >= NO_DATE_BEFORE else None
    except (ValueError, OverflowError):
        return None


def _hour(parts: Parts) -> int | None:
    hour, half = int(parts.get("hour") or 0), (parts.get("half") or "").lower()
    if not half or hour > 12:
        return hour
    if hour == 0:
        return None
    return hour % 12 + (12 if half.startswith("p") else 0)


def _year(text: str, month: str | None) -> int:
    """A year of two digits is one from 1990 to 2089; beside a Thai month it is of the Thai calendar."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 90 else 1900)
    is_thai = month is not None and "\u0e00" <= month[0] <= "\u0e7f"
    return year - 543 if is_thai and year in BUDDHIST_YEARS else year

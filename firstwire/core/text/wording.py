"""Formats parts of alerts: verbs, days, durations, and untrusted text made harmless."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, tzinfo

from schemas.times import parse_timestamp

_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_IRREGULAR = {"be": "is", "have": "has", "quiz": "quizzes"}
_PAST = frozenset({"agreed", "decreed", "freed", "guaranteed"})
_BARE_ED = ("eed", "bed", "shed", "shred", "sled", "wed")
_BARE_S = ("ss", "us", "ias", "canvas", "gas")
"""Endings of base forms that look like past or third person."""
_HISSING = re.compile(r"(?:s|x|z|ch|sh|[^aeiou]o)$")
"""Verbs that take -es: those that end in a sibilant, and "veto", not "radio"."""
_ACTIONS = {"delist_terror": "delists as terrorist"}
"""Phrases for actions whose ids do not read well."""

_INVISIBLE = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
    + "".join(chr(code) for code in range(0xE0000, 0xE0080))
)
"""Bidi overrides and invisible characters: with them a title displays other words than it contains."""


def harmless(text: str) -> str:
    """Text on one line without control characters, bidi overrides and lone surrogates."""
    return "".join(
        " " if char in "\u2028\u2029" or unicodedata.category(char) in ("Cc", "Cs") else char
        for char in text
        if char not in _INVISIBLE
    )


def one_line(text: str) -> str:
    """Harmless text with each run of white space collapsed to one space."""
    return " ".join(harmless(text).split())


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` code points, with an ellipsis if it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def third_person(action: str) -> str:
    """`withdraw_recognition` → `withdraws recognition`; past or third-person phrases remain unchanged."""
    if action in _ACTIONS:
        return _ACTIONS[action]
    verb, *rest = one_line(action.replace("_", " ")).split(" ")
    return " ".join([_third_person_of(verb), *rest])


def _third_person_of(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    is_english = verb.isalpha() and verb.isascii()
    if not is_english or verb in _PAST or (verb.endswith("ed") and not verb.endswith(_BARE_ED)):
        return verb
    if verb.endswith("s") and not verb.endswith(_BARE_S):
        return verb
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return verb + ("es" if _HISSING.search(verb) else "s")


def counted(number: int, noun: str) -> str:
    """`1 outlet`, `3 outlets`, `3 watches`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}{'es' if _HISSING.search(noun) else 's'}"


def day(text: str) -> str:
    """`2021-08-15` → `15 Aug 2021`; other text unchanged, on one line."""
    try:
        moment = date.fromisoformat(text)
    except ValueError:
        return one_line(text)
    return f"{moment.day} {_SHORT_MONTHS[moment.month - 1]} {moment.year}"


def clock_time(timestamp: str, zone: tzinfo, beside: str | None = None) -> str:
    """`14:02:11` in a time zone, preceded by the day unless `beside` has the same day there."""
    moment = parse_timestamp(timestamp).astimezone(zone)
    is_same_day = beside is not None and parse_timestamp(beside).astimezone(zone).date() == moment.date()
    return f"{moment:%H:%M:%S}" if is_same_day else f"{day(moment.date().isoformat())} {moment:%H:%M:%S}"


def zone_name(timestamp: str, zone: tzinfo) -> str:
    """The name of a time zone at a time: `CEST`, `UTC`, `+03`."""
    return one_line(parse_timestamp(timestamp).astimezone(zone).tzname() or "UTC")


def seconds_between(earlier: str, later: str) -> float:
    return (parse_timestamp(later) - parse_timestamp(earlier)).total_seconds()


def span_of_time(seconds: float) -> str:
    """`0.18 s`, `12 s`, `3 min 05 s`, `2 h 05 min`, `4 d 3 h`; negative when clocks disagree."""
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    if seconds < 10:
        return f"{sign}{seconds:.2f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{sign}{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{sign}{minutes} min {whole % 60:02d} s"
    hours = minutes // 60
    if hours < 48:
        return f"{sign}{hours} h {minutes % 60:02d} min"
    return f"{sign}{hours // 24} d {hours % 24} h"

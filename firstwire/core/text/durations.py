"""Durations as people write them: `90s`, `15m`, `1h30m`, `3d`."""

from __future__ import annotations

import re

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
LONGEST_SECONDS = 36_500 * 86_400.0
"""A hundred years: more than any setting needs, less than a date can represent."""

_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(text: str) -> float:
    """Seconds of a duration such as `90s`, `15m`, `1h30m`. Raises ValueError if it is malformed."""
    compact = text.strip().lower()
    if not compact or _DURATION.sub("", compact):
        raise ValueError(f"{text!r} is not a duration; write for example 90s, 15m, 1h30m or 2d")
    total = sum(float(number) * _UNIT_SECONDS[unit] for number, unit in _DURATION.findall(compact))
    if not 0 < total <= LONGEST_SECONDS:
        raise ValueError(f"{text!r} is out of range: more than 0, at most 36500d")
    return total


def written_duration(span_seconds: float) -> str:
    """A duration as `seconds` reads it, in the largest units: `1h30m`."""
    milliseconds = round(span_seconds * 1000)
    parts = []
    for unit, size in sorted(_UNIT_SECONDS.items(), key=lambda pair: -pair[1]):
        count, milliseconds = divmod(milliseconds, round(size * 1000))
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts)


def rounded_duration(span_seconds: float) -> str:
    """A duration in its largest unit, without the rest, which nobody needs: `40d`."""
    unit = next((unit for unit in ("d", "h", "m") if span_seconds >= _UNIT_SECONDS[unit]), "s")
    return f"{int(span_seconds // _UNIT_SECONDS[unit])}{unit}"

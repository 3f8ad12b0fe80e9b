"""Zones of time by what feeds write: offsets, abbreviations, names of the IANA. Pure."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from firstwire.core.stories.identity import language_key

_HOURS: dict[str, float] = (
    dict.fromkeys(("ut", "utc", "gmt", "z", "wet", "ghst", "гмт"), 0)
    # As RFC 822 defines them
    | {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
    | {"akst": -9, "akdt": -8, "hst": -10, "nst": -3.5, "ndt": -2.5, "adt": -3}
    | {"met": 1, "mest": 2, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "bst": 1, "west": 1, "wat": 1}
    | {"eet": 2, "eest": 3, "cat": 2, "sast": 2, "eat": 3, "msk": 3, "мск": 3, "msd": 4, "trt": 3, "idt": 3}
    | {"irst": 3.5, "samt": 4, "azt": 4, "aft": 4.5, "pkt": 5, "uzt": 5, "yekt": 5, "ist": 5.5, "npt": 5.75}
    | {"omst": 6, "mmt": 6.5, "wib": 7, "ict": 7, "krat": 7, "novt": 7, "wita": 8, "hkt": 8, "sgt": 8, "myt": 8}
    | {"awst": 8, "irkt": 8, "pht": 8, "wit": 9, "jst": 9, "kst": 9, "yakt": 9, "acst": 9.5, "acdt": 10.5}
    | {"aest": 10, "aedt": 11, "vlat": 10, "magt": 11, "nzst": 12, "nzdt": 13, "pett": 12}
    | {"brt": -3, "brst": -2, "art": -3, "uyt": -3, "clt": -4, "clst": -3, "bot": -4, "vet": -4, "pyt": -4, "pyst": -3}
    | {"cot": -5, "pet": -5, "ect": -5}
)
"""Abbreviations with their hours ahead of UTC, of several meanings the one that news write: `ist` is India's."""

_HOURS_IN = {
    ("ist", "he"): 2.0,
    ("ist", "ga"): 1.0,
    ("ast", "ar"): 3.0,
    ("cst", "zh"): 8.0,
}
"""Other meanings in feeds of a language. AST, say, is of Arabia or of the Atlantic, so elsewhere it is unknown."""

_IANA = re.compile(r"[a-z]+(?:/[a-z0-9_+-]+){1,2}", re.IGNORECASE)


def zone_of(name: str | None, offset: str | None, language: str | None = None) -> tzinfo | None:
    """The zone of a name or of "+0200", "+02:00", "+2"; UTC without either, None if it is unknown."""
    if offset is not None:
        return _of_offset(offset.replace("−", "-"))
    if name is None:
        return UTC
    if _IANA.fullmatch(name):
        return _named(name)
    key = name.lower().strip(".")
    hours = _HOURS_IN.get((key, language_key(language or "")), _HOURS.get(key))
    return None if hours is None else timezone(timedelta(hours=hours))


def _of_offset(offset: str) -> tzinfo | None:
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if offset[0] == "-" else ahead) if ahead < timedelta(days=1) else None


@lru_cache(maxsize=256)
def _named(name: str) -> tzinfo | None:
    spelled = "/".join(part[:1].upper() + part[1:] for part in name.split("/"))
    for key in (name, spelled):
        try:
            return ZoneInfo(key)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None

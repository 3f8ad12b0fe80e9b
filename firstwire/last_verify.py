"""What `firstwire verify` found last, kept in the data folder: for *System*, and for the metrics of `firstwire run`.

The nightly one and those by hand have a file each: metrics and their alert rules are about the nightly one alone, so
that a look at one hour hides no difference that the night has found.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry

from firstwire.files.atomic import make_folder, write_whole
from firstwire.metrics import VERIFY_ALERTS, VERIFY_DURATION, VERIFY_ENDED, sampled
from schemas.times import parse_timestamp

NIGHTLY, BY_HAND = "verify-nightly.json", "verify-by-hand.json"
SAME = "same"
"""The result of alerts in which live and replay agree; others are named by the cause of their difference."""


class LastVerify(msgspec.Struct, frozen=True, kw_only=True):
    """When it ended, over what, and what it found."""

    ended_at: str
    seconds: float
    """How long it took."""
    nightly: bool
    stage: str
    """From which records: `stories` or `articles`."""
    since: str | None
    """Alerts whose first article was fetched at or after this time; None: all on record."""
    until: str | None
    articles: int
    alerts: int
    differences: Mapping[str, int]
    """How many alerts differ, by every cause that there may be."""
    unexplained: int


def keep_result(data_dir: Path, found: LastVerify) -> None:
    """Keep a result in place of the one before. Raises ConfigError if it cannot be written."""
    make_folder(data_dir)
    write_whole(data_dir / (NIGHTLY if found.nightly else BY_HAND), msgspec.json.encode(found).decode() + "\n")


def last_verify(data_dir: Path) -> LastVerify | None:
    """The last result; None if there is none that can be read."""
    found = [one for name in (NIGHTLY, BY_HAND) if (one := _read(data_dir / name)) is not None]
    return max(found, key=lambda one: one.ended_at, default=None)


def sample_verify(registry: CollectorRegistry, data_dir: Path) -> None:
    """Report what the last nightly run found; nothing before the first one."""

    def found() -> list[LastVerify]:
        one = _read(data_dir / NIGHTLY)
        return [] if one is None else [one]

    sampled(registry, VERIFY_ENDED, lambda: [((), parse_timestamp(one.ended_at).timestamp()) for one in found()])
    sampled(registry, VERIFY_DURATION, lambda: [((), one.seconds) for one in found()])
    sampled(registry, VERIFY_ALERTS, lambda: [((name,), n) for one in found() for name, n in _results(one).items()])


def _results(one: LastVerify) -> dict[str, int]:
    return {SAME: one.alerts - sum(one.differences.values()), **one.differences}


def _read(file: Path) -> LastVerify | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=LastVerify)
    except (OSError, msgspec.DecodeError):
        return None

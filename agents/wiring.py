"""What the outside world is for a worker: the clock, and the way out. Tests pass their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from schemas.times import format_timestamp


@dataclass(frozen=True)
class Wiring:
    """`clock` gives the wall-clock timestamp, `leave` ends the process."""

    clock: Callable[[], str]
    leave: Callable[[int], NoReturn]


def wall_clock() -> str:
    """The time now, for receipts and for what was known when; judgement never asks it."""
    return format_timestamp(datetime.now(UTC))

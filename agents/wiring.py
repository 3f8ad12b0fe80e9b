"""A worker's access to the outside world: the clock, and the exit. Tests pass their own."""

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
    """The current time, for receipts and for the time of knowledge; judgment never uses it."""
    return format_timestamp(datetime.now(UTC))

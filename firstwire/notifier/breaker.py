"""The breaker of one destination: while nothing but failures comes back, ever fewer attempts are made. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES_TO_OPEN = 5
"""Attempts in a row, of whatever deliveries, after which the destination and not a message is to blame."""

FIRST_OPEN_SECONDS = 5.0
LONGEST_OPEN_SECONDS = 300.0
"""5 s, 10 s, 20 s … 5 min between attempts: a destination that is back hears of it within five minutes."""

TELL_AFTER = timedelta(hours=1)
"""After so long without anything but failures others are told."""


@dataclass(frozen=True)
class Breaker:
    """How long a destination has failed. It is open from the fifth failure in a row until something is answered."""

    failures: int = 0
    failing_since: datetime | None = None
    is_told: bool = False
    """Whether others were told of it."""

    @property
    def is_open(self) -> bool:
        return self.failures >= FAILURES_TO_OPEN

    def after_failure(self, now: datetime) -> Breaker:
        """The breaker after one more failure in a row."""
        return Breaker(self.failures + 1, self.failing_since or now, self.is_told)

    def open_until(self, name: str, now: datetime) -> datetime | None:
        """When a destination of that name may be tried again; None if it is not open. By name, not all at once."""
        if not self.is_open:
            return None
        plain = min(FIRST_OPEN_SECONDS * 2.0 ** min(self.failures - FAILURES_TO_OPEN, 20), LONGEST_OPEN_SECONDS)
        return now + timedelta(seconds=jittered(plain, f"{name}#{self.failures}"))

    def is_to_be_told(self, now: datetime) -> bool:
        """Whether others are to be told now, which they are once."""
        return not self.is_told and self.failing_since is not None and now - self.failing_since >= TELL_AFTER

    def told(self) -> Breaker:
        """The breaker once others were told."""
        return Breaker(self.failures, self.failing_since, is_told=True)


JITTER = 0.1
"""Share by which a delay may be longer or shorter, so that what failed together is not tried again together."""


def jittered(seconds: float, of: str) -> float:
    """The delay, up to a tenth longer or shorter; the same for the same text."""
    digest = hashlib.sha256(of.encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return seconds * (1 - JITTER + 2 * JITTER * share)

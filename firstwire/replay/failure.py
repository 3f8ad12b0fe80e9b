"""When a backtest fails, for continuous integration: too many alerts, or a kind of difference."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from firstwire.core.text.wording import counted
from schemas.backtest import AlertDifference, BacktestSide

_RATE = re.compile(r"(\d+(?:\.\d+)?)/(day|hour)")


@dataclass(frozen=True)
class AlertRate:
    """A greatest mean number of alerts, as written: `20/day`."""

    text: str
    alerts: float
    per: str


@dataclass(frozen=True)
class FailureCondition:
    """What fails a backtest; nothing by default."""

    over: AlertRate | None = None
    on: tuple[Literal["added", "removed", "changed"], ...] = ()
    """Kinds of differences of which there must be none."""

    def that_hold(self, new: BacktestSide, found: Iterable[AlertDifference]) -> tuple[str, ...]:
        """The conditions that hold, in words. Differences of shadow alerts, of which nobody is told, are none."""
        failed = []
        if self.over is not None:
            rate = new.alerts_per_day if self.over.per == "day" else new.alerts_per_hour
            if rate > self.over.alerts:
                failed.append(f"alerts per {self.over.per} under the new rules: {rate:g}, more than {self.over.text}")
        told = [one for one in found if not one.shadow or any(change.what == "shadow" for change in one.changes)]
        counts = Counter(one.difference for one in told)
        failed += [f"{counted(counts[kind], 'alert')} {kind}" for kind in self.on if counts[kind]]
        return tuple(failed)


NEVER = FailureCondition()


def rate_of(text: str) -> AlertRate:
    """The rate of a text. Raises ValueError if it is none."""
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no rate; write it like 20/day or 3/hour")
    return AlertRate(text, float(found[1]), found[2])

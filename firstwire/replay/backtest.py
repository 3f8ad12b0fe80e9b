"""Runs two sets of rules over one reading of old records, and sums up how they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge, ReadStory
from firstwire.files.articles import UnreadableLine
from firstwire.replay.differences import Reasons, differences
from firstwire.replay.failure import NEVER, FailureCondition
from firstwire.replay.labels import Label, scores
from firstwire.replay.reading import Duplicate, LoneEvents, StageChoice, told_by
from firstwire.replay.rule_choice import ChosenRules
from firstwire.replay.sources import ReplaySource
from firstwire.replay.span import ReplaySpan
from firstwire.replay.trial import Messages, RuleTrial
from schemas.backtest import (
    AlertDifference,
    Backtest,
    BacktestRange,
    BacktestSide,
    ReceiverCounts,
    RuleCounts,
)
from schemas.times import parse_timestamp

HOURS = 24
WEEKDAYS = 7


class ReadSoFar(NamedTuple):
    """How far a backtest has come, for whoever waits."""

    articles: int
    fetched_at: str
    old_alerts: int
    new_alerts: int


@dataclass(frozen=True)
class BacktestTask:
    """What is compared over what."""

    source: ReplaySource
    span: ReplaySpan
    stage: StageChoice
    old: ChosenRules
    new: ChosenRules
    labels: Sequence[Label] = ()
    failure: FailureCondition = NEVER


@dataclass
class _Extent:
    """What was read of the range."""

    articles: int = 0
    unreadable: int = 0
    first_at: str = ""
    last_at: str = ""

    def add(self, fetched_at: str) -> None:
        self.articles += 1
        self.first_at = min(self.first_at or fetched_at, fetched_at)
        self.last_at = max(self.last_at, fetched_at)

    @property
    def days(self) -> tuple[str, ...]:
        if not self.first_at:
            return ()
        first, last = date.fromisoformat(self.first_at[:10]), date.fromisoformat(self.last_at[:10])
        return tuple((first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1))


async def backtest(
    task: BacktestTask,
    knowledge: Knowledge,
    seeds: Seeds,
    window: timedelta,
    messages: Callable[[], Messages],
    progress: Callable[[ReadSoFar], None],
) -> Backtest:
    """Compare two sets of rules. `messages` makes what counts the messages of one side; `progress` is told of every
    article. Raises what the source raises.
    """
    corrections = await task.source.corrections(task.span)
    old, new = (RuleTrial(chosen, knowledge, seeds, corrections, messages()) for chosen in (task.old, task.new))
    extent, reasons = _Extent(), Reasons(old, new)
    async for each in told_by(task.source, task.span, task.stage.stage, knowledge, window):
        told = each.record
        if isinstance(told, UnreadableLine):
            extent.unreadable += not each.is_warm_up
        elif isinstance(told, ReadStory | LoneEvents):
            verdicts = [trial.take(told, is_in_range=not each.is_warm_up) for trial in (old, new)]
            if not each.is_warm_up:
                reasons.note(told, *verdicts)
            if isinstance(told, ReadStory) and not each.is_warm_up:
                extent.add(told.story.fetched_at)
                progress(ReadSoFar(extent.articles, told.story.fetched_at, len(old.alerts), len(new.alerts)))
        else:
            assert isinstance(told, Duplicate)
    for trial in (old, new):
        trial.end()
    return _summed_up(task, extent, old, new, differences(old, new, reasons))


def _summed_up(
    task: BacktestTask, extent: _Extent, old: RuleTrial, new: RuleTrial, found: list[AlertDifference]
) -> Backtest:
    sides = _side(old, extent.days), _side(new, extent.days)
    before, after = ([each.alert for each in trial.alerts.values() if each.is_in_range] for trial in (old, new))
    known = {*task.old.newest.by_id, *task.new.newest.by_id}
    return Backtest(
        range=BacktestRange(
            source=task.source.name,
            since=task.span.since_time,
            until=task.span.until_time,
            first_at=extent.first_at or None,
            last_at=extent.last_at or None,
            days=extent.days,
            articles=extent.articles,
            unreadable=extent.unreadable,
            stage=task.stage.stage.value,
            stage_reason=task.stage.reason,
        ),
        old=sides[0],
        new=sides[1],
        differences=tuple(found),
        rules=tuple(_rule_counts(old, new, found)),
        receivers=tuple(_receiver_counts(old, new)),
        labels=tuple(scores(task.labels, before, after, known)),
        failed=task.failure.that_hold(sides[1], found),
    )


def _side(trial: RuleTrial, days: tuple[str, ...]) -> BacktestSide:
    raised = [each for each in trial.alerts.values() if each.is_raised_in_range]
    times = [each.raised_at for each in raised if not each.alert.shadow]
    by_day = Counter(at[:10] for at in times)
    hours = Counter((parse_timestamp(at).weekday(), int(at[11:13])) for at in times)
    busiest = max(days, key=lambda day: by_day[day], default=None) if times else None
    per_day = len(times) / len(days) if days else 0.0
    return BacktestSide(
        name=trial.chosen.name,
        watches=len(trial.chosen.newest.watches),
        events=len(trial.chosen.newest.events),
        alerts=len(times),
        shadow_alerts=len(raised) - len(times),
        alerts_per_day=round(per_day, 3),
        alerts_per_hour=round(per_day / HOURS, 4),
        quiet_days=sum(not by_day[day] for day in days),
        busiest_day=busiest,
        busiest_day_alerts=by_day[busiest] if busiest is not None else 0,
        by_day=tuple(by_day[day] for day in days),
        by_hour=tuple(tuple(hours[weekday, hour] for hour in range(HOURS)) for weekday in range(WEEKDAYS)),
        messages=trial.messages.total(),
    )


def _rule_counts(old: RuleTrial, new: RuleTrial, found: list[AlertDifference]) -> list[RuleCounts]:
    before, after = (
        Counter(each.alert.rule_id for each in trial.alerts.values() if each.is_raised_in_range) for trial in (old, new)
    )
    kinds = Counter((one.rule_id, one.difference) for one in found)
    counts = [
        RuleCounts(
            rule_id=rule_id,
            old=before[rule_id],
            new=after[rule_id],
            added=kinds[rule_id, "added"],
            removed=kinds[rule_id, "removed"],
            changed=kinds[rule_id, "changed"],
        )
        for rule_id in {*before, *after, *(one.rule_id for one in found)}
    ]
    return sorted(counts, key=lambda one: (-one.new, -one.old, one.rule_id))


def _receiver_counts(old: RuleTrial, new: RuleTrial) -> list[ReceiverCounts]:
    return [
        ReceiverCounts(
            receiver=receiver,
            rule_id=rule_id,
            old=old.messages[rule_id, receiver],
            new=new.messages[rule_id, receiver],
        )
        for rule_id, receiver in sorted({*old.messages, *new.messages}, key=lambda key: (key[1], key[0]))
    ]

"""Runs two sets of rules over one reading of old records, and sums up how they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.routes.messages import MessageCounter
from firstwire.files.articles import UnreadableLine
from firstwire.replay.differences import Reasons, differences
from firstwire.replay.failure import NEVER, FailureCondition
from firstwire.replay.labels import Label, scores
from firstwire.replay.plan import READ_HERE, ReadingPlan, told_under
from firstwire.replay.progress import ReadSoFar
from firstwire.replay.reading import Duplicate, LoneEvent, StageChoice
from firstwire.replay.readings import MatchedStory, ReadingTask
from firstwire.replay.rule_choice import ChosenRules, rules_in_both, without
from firstwire.replay.sources import ReplaySource
from firstwire.replay.span import ReplaySpan
from firstwire.replay.trial import RuleTrial, TrialAlert, TrialMessages
from schemas.alert import Verdict
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
    corrections: bool = True
    """Whether the ledger's corrections by hand apply, each from the time when it was made."""


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
    counter: Callable[[], MessageCounter],
    progress: Callable[[ReadSoFar], None],
    plan: ReadingPlan = READ_HERE,
) -> Backtest:
    """Compare two sets of rules. `counter` makes what counts the messages of one side; `progress` is told of every
    article. Raises what the source raises.
    """
    corrections = await task.source.corrections(task.span) if task.corrections else []
    shared = rules_in_both(task.old.rules, task.new.rules)
    old_messages, new_messages = TrialMessages(counter()), TrialMessages(counter())

    def trial(number: int, *messages: TrialMessages) -> RuleTrial:
        return RuleTrial(reading.rules[number], knowledge, seeds, corrections, messages, number)

    reading = ReadingTask(knowledge, (shared, without(task.old.rules, shared), without(task.new.rules, shared)))
    trials = _Trials(
        shared=trial(0, old_messages, new_messages),
        only_old=trial(1, old_messages),
        only_new=trial(2, new_messages),
        old_messages=old_messages,
        new_messages=new_messages,
    )
    extent, reasons = _Extent(), Reasons(task.old.rules, task.new.rules)
    async with told_under(plan, task.source, task.span, task.stage.stage, reading, window) as found:
        async for each in found.told:
            told = each.record
            if isinstance(told, UnreadableLine):
                extent.unreadable += not each.is_warm_up
            elif not isinstance(told, Duplicate):
                old, new = trials.take(told, is_in_range=not each.is_warm_up)
                if each.is_warm_up:
                    continue
                reasons.note(told, old, new)
                if isinstance(told, MatchedStory):
                    extent.add(told.story.fetched_at)
                    at, share = told.story.fetched_at, found.source.meter.share
                    progress(ReadSoFar(extent.articles, at, share, trials.counts))
    trials.end()
    return _summed_up(task, extent, trials, differences(trials.only_old, trials.only_new, reasons))


@dataclass(frozen=True)
class _Trials:
    """Rules that are in both sets are judged once: what a rule raises depends on no other rule."""

    shared: RuleTrial
    only_old: RuleTrial
    only_new: RuleTrial
    old_messages: TrialMessages
    new_messages: TrialMessages

    @property
    def old(self) -> tuple[RuleTrial, RuleTrial]:
        return self.shared, self.only_old

    @property
    def new(self) -> tuple[RuleTrial, RuleTrial]:
        return self.shared, self.only_new

    @property
    def counts(self) -> tuple[int, int]:
        """How many alerts there are so far, before and after."""
        shared, old, new = (len(trial.alerts) for trial in (self.shared, self.only_old, self.only_new))
        return shared + old, shared + new

    def take(self, told: MatchedStory | LoneEvent, *, is_in_range: bool) -> tuple[list[Verdict], list[Verdict]]:
        """Judge what an article says. The verdicts of the rules that are in one set only."""
        self.shared.take(told, is_in_range=is_in_range)
        return self.only_old.take(told, is_in_range=is_in_range), self.only_new.take(told, is_in_range=is_in_range)

    def end(self) -> None:
        for trial in (self.shared, self.only_old, self.only_new):
            trial.end()
        for messages in (self.old_messages, self.new_messages):
            messages.end()


def _summed_up(task: BacktestTask, extent: _Extent, trials: _Trials, found: list[AlertDifference]) -> Backtest:
    new = _side(task.new, trials.new, trials.new_messages, extent.days)
    before, after = ([each.alert for each in _alerts(side) if each.is_in_range] for side in (trials.old, trials.new))
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
        old=_side(task.old, trials.old, trials.old_messages, extent.days),
        new=new,
        differences=tuple(found),
        rules=tuple(_rule_counts(trials, found)),
        receivers=tuple(_receiver_counts(trials)),
        labels=tuple(scores(task.labels, before, after, known)),
        failed=task.failure.that_hold(new, found),
    )


def _alerts(trials: Sequence[RuleTrial]) -> Iterator[TrialAlert]:
    return (each for trial in trials for each in trial.alerts.values())


def _side(
    chosen: ChosenRules, trials: Sequence[RuleTrial], messages: TrialMessages, days: tuple[str, ...]
) -> BacktestSide:
    raised = [each for each in _alerts(trials) if each.is_raised_in_range]
    times = [each.raised_at for each in raised if not each.alert.shadow]
    by_day = Counter(at[:10] for at in times)
    hours = Counter((parse_timestamp(at).weekday(), int(at[11:13])) for at in times)
    busiest = max(days, key=lambda day: by_day[day], default=None) if times else None
    per_day = len(times) / len(days) if days else 0.0
    return BacktestSide(
        name=chosen.name,
        watches=len(chosen.newest.watches),
        events=len(chosen.newest.events),
        alerts=len(times),
        shadow_alerts=len(raised) - len(times),
        alerts_per_day=round(per_day, 3),
        alerts_per_hour=round(per_day / HOURS, 4),
        quiet_days=sum(not by_day[day] for day in days),
        busiest_day=busiest,
        busiest_day_alerts=by_day[busiest] if busiest is not None else 0,
        by_day=tuple(by_day[day] for day in days),
        by_hour=tuple(tuple(hours[weekday, hour] for hour in range(HOURS)) for weekday in range(WEEKDAYS)),
        messages=messages.counts.total(),
    )


def _rule_counts(trials: _Trials, found: list[AlertDifference]) -> list[RuleCounts]:
    before, after = (
        Counter(each.alert.rule_id for each in _alerts(side) if each.is_raised_in_range)
        for side in (trials.old, trials.new)
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


def _receiver_counts(trials: _Trials) -> list[ReceiverCounts]:
    old, new = trials.old_messages.counts, trials.new_messages.counts
    return [
        ReceiverCounts(receiver=receiver, rule_id=rule_id, old=old[rule_id, receiver], new=new[rule_id, receiver])
        for rule_id, receiver in sorted({*old, *new}, key=lambda key: (key[1], key[0]))
    ]

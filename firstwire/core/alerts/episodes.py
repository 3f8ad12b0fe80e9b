"""Done, undone, done again: an act that its actor repeats after undoing it is a new act.

The days of undoing divide an act into episodes, each with an alert of its own. Reports only ever add episodes, so that
no alert loses its number, and the order of arrival does not matter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence

import msgspec

from firstwire.core.alerts.fusion import alert_id_of, day_of, gathered, supporting_revisions
from schemas.record import Date, Timestamp
from schemas.state import AlertMemory, Episode, Report, SupportingRevision

OPPOSITES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("recognize",), ("withdraw_recognition",)),
    (("establish_relations", "restore_relations"), ("sever_relations", "suspend_relations")),
    (("open_embassy",), ("close_embassy",)),
)
"""Acts that toggle between two states. Sanctions are not among them: several are in force at once, some are lifted."""

_UNDOING = {
    action: undoing for one, other in OPPOSITES for done, undoing in ((one, other), (other, one)) for action in done
}
_FAMILY = {action: one[0] for one, other in OPPOSITES for action in (*one, *other)}


def undoing(action: str) -> tuple[str, ...]:
    """The actions that undo an action; for most there are none."""
    return _UNDOING.get(action, ())


def event_key(action: str, target: str) -> str:
    """The key of events: an action and its undoing share it, so that both reach the same partition."""
    return f"{_FAMILY.get(action, action)}|{target}"


def cuts(done: Iterable[Date], undone: Iterable[Date]) -> tuple[Date, ...]:
    """The days on which the act was undone; the earliest of several without the act in between.

    An act on the day of an undoing is taken to precede it.
    """
    doings = sorted(set(done))
    ends: list[Date] = []
    for day in sorted(set(undone)):
        since = bisect_right(doings, ends[-1]) if ends else 0
        if since < len(doings) and doings[since] <= day:
            ends.append(day)
    return tuple(ends)


def is_inside(episode: Episode, day: Date) -> bool:
    return (episode.after is None or episode.after < day) and (episode.until is None or day <= episode.until)


def apart(
    memories: Sequence[AlertMemory], seeded: Iterable[Date], undone: Collection[Date], corrections: int
) -> list[AlertMemory]:
    """The memories of one actor's act on one target under one rule, divided into one memory for each episode.

    `memories` may overlap. `seeded` are further days on which the act is known to have been done, `undone` those on
    which it was undone; `corrections` is the number of corrections of its undoing.
    """
    days = [day_of(report) for memory in memories for report in memory.reports]
    ends = cuts([*seeded, *days], undone)
    undated = _days_of_undated(memories)
    heaps: dict[int, _Heap] = {}
    for memory in memories:
        for report in memory.reports:
            heaps.setdefault(_number(ends, day_of(report)), _Heap()).reports.append(report)
        for report in memory.dissent:
            heaps.setdefault(_number(ends, day_of(report)), _Heap()).dissent.append(report)
        for revision in memory.supporting:
            known = (undated.get((revision.article_id, at)) for at in (revision.fetched_at, None))
            day = revision.act_date or next(filter(None, known), revision.fetched_at[:10])
            heaps.setdefault(_number(ends, day), _Heap()).supporting.append(revision)
    held = {memory.episode.number: memory for memory in memories if memory.alert is not None}
    found = [
        gathered(_blank(held.get(number, memories[0]), number, ends), heap.reports, heap.supporting, heap.dissent)
        for number, heap in sorted(heaps.items())
    ]
    counts = [supporting_revisions(memory) + len(memory.dissent) for memory in found]
    everything = sum(counts) + len(undone) + corrections
    return [
        msgspec.structs.replace(memory, episode=msgspec.structs.replace(memory.episode, elsewhere=everything - own))
        for memory, own in zip(found, counts, strict=True)
    ]


def _days_of_undated(memories: Iterable[AlertMemory]) -> dict[tuple[str, Timestamp | None], Date]:
    """The days of reports that state none, by article and revision, and by article alone for the newest.

    A revision must be in the episode of its report, or of the report that replaced its own.
    """
    undated = [report for memory in memories for report in memory.reports if report.act_date is None]
    days: dict[tuple[str, Timestamp | None], Date] = {}
    for report in sorted(undated, key=lambda each: each.context.fetched_at):
        days[report.article_id, report.context.fetched_at] = days[report.article_id, None] = day_of(report)
    return days


class _Heap:
    """The reports of one episode, in order of arrival."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.dissent: list[Report] = []
        self.supporting: list[SupportingRevision] = []


def _number(ends: Sequence[Date], day: Date) -> int:
    return bisect_left(ends, day) + 1


def _blank(memory: AlertMemory, number: int, ends: Sequence[Date]) -> AlertMemory:
    """The memory of an episode without reports, with its alert if it has one."""
    episode = Episode(
        number=number,
        after=ends[number - 2] if number > 1 else None,
        until=ends[number - 1] if number <= len(ends) else None,
    )
    subject = msgspec.structs.replace(memory.subject, era=memory.era, episode=number)
    return msgspec.structs.replace(
        memory,
        alert_id=alert_id_of(memory.rule_id, subject),
        subject=subject,
        episode=episode,
        supporting=(),
        reports=(),
        dissent=(),
        alert=memory.alert if memory.episode.number == number else None,
    )

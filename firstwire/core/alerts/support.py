"""Support: which revisions of articles count for an alert, and since when they are enough to raise it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from firstwire.core.firsts.corroboration import enough_reports
from firstwire.core.firsts.current_page import retracts
from firstwire.core.firsts.ledger import reports_of
from firstwire.core.rules.rulebook import EventRule
from schemas.ledger import Correction, ReportedDay, Reporting
from schemas.record import Certainty, Date, Timestamp
from schemas.state import AlertMemory, SupportingRevision
from schemas.times import shifted

NEWS_FOR = timedelta(days=7)
"""A report published longer than this after the day on record for its act is a retelling."""


@dataclass(frozen=True)
class Support:
    """What supports an alert under a rule. Times are event times, so that the order of arrival does not matter."""

    known_since: Mapping[SupportingRevision, Date]
    """Revisions published long after the day that is on record for the act: they retell it, and raise nothing."""
    raised_at: Timestamp | None
    """When the revisions then standing were enough to raise an alert; None if they never were."""
    later: int
    """The number of revisions after those."""
    is_enough: bool
    """Whether those that stand now are enough."""
    certainty: Certainty
    """The best of those that stand now; of all, if none does."""
    waits_for: str
    """Why they were never enough, in words; empty if they were."""


def support_of(
    memory: AlertMemory, rule: EventRule, days: Sequence[ReportedDay], withdrawals: Sequence[Correction]
) -> Support:
    """The support of a memory. `days` are those on record for the act, `withdrawals` those by outlets."""
    known = {each: known_since(each, days) for each in memory.supporting}
    late = {each: since for each, since in known.items() if since is not None}
    news = [each for each in memory.supporting if each not in late]
    ends = {each: _withdrawn_at(each, withdrawals) for each in news}
    enough = _enough(news, ends, rule)
    standing = [each for each in news if ends[each] is None]
    before = set(_revisions(news[:enough])) if enough is not None else set()
    judged = standing or news or memory.supporting  # a day set by hand may make retellings of all: they read as before
    best: Certainty = "sure" if any(each.certainty == "sure" for each in judged) else "unsure"
    return Support(
        known_since=late,
        raised_at=news[enough - 1].fetched_at if enough is not None else None,
        later=len(set(_revisions(memory.supporting)) - before),
        is_enough=_enough(standing, {}, rule) is not None,
        certainty=best,
        waits_for="" if enough is not None else _waits_for(news, late.values(), rule),
    )


def known_since(revision: SupportingRevision, days: Iterable[ReportedDay]) -> Date | None:
    """The day on record for the act, if the revision was published long after it and so retells it.

    Another report of the same late day is no such record unless it came long before: two outlets may both be the first
    to tell of an act that is older.
    """
    published_at = revision.published_at or revision.fetched_at
    before = shifted(published_at, -NEWS_FOR)
    own_day = revision.act_date or published_at[:10]
    for day in days:
        if day.date >= before[:10]:
            continue
        others = [each.known_at for each in reports_of(day) if each.origin_id != origin_of(revision)]
        is_later = own_day > shifted(f"{day.date}T00:00:00.000Z", NEWS_FOR)[:10]
        if others and (is_later or min(others) <= shifted(revision.fetched_at, -NEWS_FOR)):
            return day.date
    return None


def origin_of(revision: SupportingRevision) -> str:
    return revision.origin_id or revision.article_id


def _enough(
    news: Sequence[SupportingRevision], ends: Mapping[SupportingRevision, Timestamp | None], rule: EventRule
) -> int | None:
    """The number of revisions, from the first, after which those then standing are enough; None if they never are."""
    withdrawn = [end for end in ends.values() if end is not None]
    if not withdrawn:
        return _with_a_date(news, _enough_of(news, rule), rule)
    for number in range(1, len(news) + 1):
        now = news[number - 1].fetched_at
        standing = [each for each in news[:number] if (end := ends[each]) is None or end > now]
        if _with_a_date(standing, _enough_of(standing, rule), rule) is not None:
            return number
    return None


def _enough_of(news: Sequence[SupportingRevision], rule: EventRule) -> int | None:
    reports = [
        Reporting(origin_id=origin_of(each), source=each.source, certainty=each.certainty, known_at=each.fetched_at)
        for each in news
    ]
    return enough_reports(reports, sure=rule.corroboration.sure, unsure=rule.corroboration.unsure)


def _with_a_date(news: Sequence[SupportingRevision], enough: int | None, rule: EventRule) -> int | None:
    """The same for a rule about firsts, which needs a date: undated reports alone raise no first."""
    if enough is None or rule.novelty != "first":
        return enough
    dated = next((number for number, each in enumerate(news, start=1) if _is_dated(each)), None)
    return max(enough, dated) if dated is not None else None


def _is_dated(revision: SupportingRevision) -> bool:
    return revision.published_at is not None or revision.act_date is not None


def _withdrawn_at(revision: SupportingRevision, withdrawals: Iterable[Correction]) -> Timestamp | None:
    """When its outlet withdrew it; None if it stands."""
    day = revision.act_date or (revision.published_at or revision.fetched_at)[:10]
    times = [
        each.made_at
        for each in withdrawals
        if each.source == revision.source and retracts(each, day, revision.fetched_at)
    ]
    return min(times, default=None)


def _waits_for(news: Sequence[SupportingRevision], late: Iterable[Date], rule: EventRule) -> str:
    if not news:
        return f"known since {min(late)}"
    enough = _enough_of(news, rule)
    if enough is not None:
        return "date unknown: undated reports alone raise no first"
    needed = rule.corroboration
    if all(each.certainty == "unsure" for each in news):
        return f"unsure, waits for {_an_origin(needed.unsure)}"
    return f"waits for {_an_origin(min(needed.sure, needed.unsure))}"


def _an_origin(needed: int) -> str:
    return "a second origin" if needed == 2 else f"{needed} independent origins"


def _revisions(revisions: Iterable[SupportingRevision]) -> list[tuple[str, str]]:
    """The revisions themselves: one that states several days is one."""
    return [(each.article_id, each.fetched_at) for each in revisions]

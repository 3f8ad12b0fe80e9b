"""Live is replay, as a standing check: a range judged again by the rules of its time, beside what was raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_span
from datetime import timedelta
from enum import StrEnum

from msgspec.structs import fields, replace

from firstwire.broker.reader import read_all
from firstwire.broker.topics import ALERTS, topic_name
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.history import RuleHistory
from firstwire.errors import FatalError, place_of
from firstwire.replay.judging import Judge
from firstwire.replay.reading import LoneEvent, StartStage, chosen_stage, told_by
from firstwire.replay.readings import MatchedStory, ReadHere, ReadingTask
from firstwire.replay.run import Replayed
from firstwire.replay.span import ReplaySpan
from firstwire.replay.topic import TopicSource
from schemas.alert import Act, Alert, AlertLife
from schemas.codec import DecodeError, decode
from schemas.times import SINCE_EVER, shifted

SETTLED_AFTER = timedelta(minutes=10)
"""Alerts with an article this young, counted from the newest one read, may still be on their way through the stages."""

_TAKEN_BACK: tuple[AlertLife, ...] = ("corrected", "retracted")


class DifferenceCause(StrEnum):
    """Why live and replay differ in an alert."""

    RULE = "rule"
    """The rule, or its version of that time, is not on the topic of rules."""
    READER = "reader"
    """Read again, the articles say something else: entities, the lexicon or the program have changed."""
    LEDGER = "ledger"
    """The files of the ledger know other acts than then."""
    EXPIRED = "expired"
    """Records that it was made of are no longer there."""
    ORDER = "order"
    """It was taken back: whether it was raised before that depends on which of its articles was judged first."""
    UNDER_WAY = "under way"
    """An article of it was fetched just before the end."""
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class VerifiedDifference:
    """An alert in which live and replay differ: raised by one of them only, or with other values of some fields."""

    alert_id: str
    rule_id: str
    headline: str
    what: str
    """`only live`, `only replayed`, or the fields that differ."""
    cause: DifferenceCause
    detail: str


@dataclass(frozen=True)
class Verified:
    """The result: how many alerts were compared, and those that differ, by rule and alert."""

    stage: StartStage
    articles: int
    alerts: int
    differences: tuple[VerifiedDifference, ...]

    @property
    def by_cause(self) -> dict[str, int]:
        """How many alerts differ, by each cause that there is."""
        found = Counter(one.cause for one in self.differences)
        return {cause.value: found[cause] for cause in DifferenceCause}

    @property
    def unexplained(self) -> int:
        return self.by_cause[DifferenceCause.UNEXPLAINED]


@dataclass(frozen=True)
class Explanation:
    """What is known to explain differences with. `read_anew`: whether `replayed` comes of reading articles again."""

    rules: RuleHistory
    seeds: Seeds
    articles: Mapping[str, str]
    """Those on record, and when they were fetched."""
    recorded: Mapping[str, Alert]
    """What recorded stories and events lead to."""
    read_anew: bool

    def cause_of(self, live: Alert | None, replayed: Alert | None) -> tuple[DifferenceCause, str]:
        """The cause of a difference, and the record, rule or act that it is about."""
        alert = live or replayed
        assert alert is not None
        if (live is None or replayed is None) and alert.state in _TAKEN_BACK:
            return DifferenceCause.ORDER, f"it is {alert.state}: raised before that or never, by the order of articles"
        known = self.recorded.get(alert.alert_id)
        if self.read_anew and same(live, known):
            return DifferenceCause.READER, "what was read then leads to what was raised live"
        if not self._rule_is_known(alert):
            return DifferenceCause.RULE, f"{alert.rule_id} v{alert.rule_version} is not on the topic of rules"
        if gone := sorted(set(live.articles if live is not None else ()) - self.articles.keys()):
            return DifferenceCause.EXPIRED, f"article {gone[0]} is not on record"
        if (newest := self._newest_article(live, replayed)) is not None:
            return DifferenceCause.UNDER_WAY, f"article {newest} is among the newest"
        if live is not None and replayed is not None:
            return self._cause_of_fields(live, replayed)
        return DifferenceCause.UNEXPLAINED, "please report it"

    def _rule_is_known(self, alert: Alert) -> bool:
        return any(
            change.rule_id == alert.rule_id and change.rule is not None and change.rule.version == alert.rule_version
            for release in self.rules.releases
            for change in release.changes
        )

    def _newest_article(self, *alerts: Alert | None) -> str | None:
        """An article of the alerts that was fetched just before the end."""
        settled_until = shifted(max(self.articles.values(), default=SINCE_EVER), -SETTLED_AFTER)
        articles = [each for alert in alerts if alert is not None for each in alert.articles]
        return next((each for each in articles if self.articles.get(each, "") > settled_until), None)

    def _cause_of_fields(self, live: Alert, replayed: Alert) -> tuple[DifferenceCause, str]:
        if different_fields(live, replayed) == ("tags",):
            return DifferenceCause.READER, "other entities are known than then"
        before, after = _acts_of(live), _acts_of(replayed)
        for act in sorted(before ^ after, key=lambda one: (one.date, one.actor)):
            page = self.seeds.pages.get((live.subject.action or "", live.subject.target or ""))
            is_seeded = page is not None and any(each.actor == act.actor for each in page.actors)
            if act in after and is_seeded:
                return DifferenceCause.LEDGER, f"the ledger's files now know {act.name} on {act.date}"
            if act in before and not is_seeded:
                return DifferenceCause.EXPIRED, f"the report on {act.name} of {act.date} is not on record"
        return DifferenceCause.UNEXPLAINED, "please report it"


async def verify(
    source: TopicSource,
    span: ReplaySpan,
    stage: StartStage,
    knowledge: Knowledge,
    rules: RuleHistory,
    seeds: Seeds,
    window: timedelta,
) -> Verified:
    """Compare the alerts whose first article was fetched in the span with those that a replay raises.

    Everything from its beginning until now is judged, since later articles change the state of earlier alerts. Recorded
    stories and events are always judged; from articles, these are read again too. Raises ConfigError if the stories of
    the span have expired, FatalError for an unreadable alert.
    """
    read = replace_span(span, until=None)
    await chosen_stage(source, read, StartStage.STORIES)
    recorded, articles = await _replayed(source, read, StartStage.STORIES, knowledge, rules, seeds, window)
    read_anew = stage is StartStage.ARTICLES
    replayed = recorded
    if read_anew:
        replayed, _ = await _replayed(source, read, StartStage.ARTICLES, knowledge, rules, seeds, window)
    live = await _live_alerts(source.bootstrap_servers, source.prefix)
    explanation = Explanation(rules, seeds, articles, recorded, read_anew)
    compared = sorted(
        alert_id
        for alert_id, alert in {**replayed, **live}.items()
        if (span.since_time or "") <= alert.times.fetched_at < (span.until_time or "~")
    )
    found = verified_differences(compared, live, replayed, explanation)
    return Verified(stage, len(articles), len(compared), tuple(found))


def verified_differences(
    alert_ids: Sequence[str], live: Mapping[str, Alert], replayed: Mapping[str, Alert], explanation: Explanation
) -> list[VerifiedDifference]:
    """Every difference with its cause, by rule and alert."""
    found = []
    for alert_id in alert_ids:
        one, other = live.get(alert_id), replayed.get(alert_id)
        if same(one, other):
            continue
        alert = one or other
        assert alert is not None
        what = (
            "only replayed"
            if one is None
            else "only live"
            if other is None
            else ", ".join(different_fields(one, other))
        )
        cause, detail = explanation.cause_of(one, other)
        found.append(VerifiedDifference(alert_id, alert.rule_id, alert.headline, what, cause, detail))
    return sorted(found, key=lambda one: (one.rule_id, one.alert_id))


def same(one: Alert | None, other: Alert | None) -> bool:
    """Whether two final states are the same; how many revisions led there depends on how partitions met."""
    if one is None or other is None:
        return one is other
    return replace(one, revision=0) == replace(other, revision=0)


def different_fields(one: Alert, other: Alert) -> tuple[str, ...]:
    """The names of the fields that differ."""
    return tuple(
        each.name
        for each in fields(Alert)
        if each.name != "revision" and getattr(one, each.name) != getattr(other, each.name)
    )


async def _replayed(
    source: TopicSource,
    span: ReplaySpan,
    stage: StartStage,
    knowledge: Knowledge,
    rules: RuleHistory,
    seeds: Seeds,
    window: timedelta,
) -> tuple[dict[str, Alert], dict[str, str]]:
    """The alerts in their final state; and the articles, with the time when the newest revision of each was fetched."""
    judge, found = Judge(rules, knowledge, seeds, await source.corrections(span)), Replayed()
    articles: dict[str, str] = {}
    task = ReadingTask(knowledge, (rules,))
    async for each in told_by(source, span, stage, task, ReadHere(task), window):
        told = each.record
        found.take(told, judge)
        found.forget_articles()
        if isinstance(told, MatchedStory):
            articles[told.story.article_id] = told.story.fetched_at
        elif isinstance(told, LoneEvent):
            articles[told.event.article_id] = told.context.fetched_at
    found.end(judge)
    return found.alerts, articles


async def _live_alerts(bootstrap_servers: str, prefix: str) -> dict[str, Alert]:
    found: dict[str, Alert] = {}
    async for record in read_all(bootstrap_servers, topic_name(prefix, ALERTS)):
        if record.value is None:
            found.pop(record.key, None)
            continue
        try:
            alert = decode(record.value, Alert)
        except DecodeError as err:
            place = place_of(record.topic, record.partition, record.offset)
            raise FatalError(f"an alert cannot be read: {err}", place=place) from err
        found[alert.alert_id] = alert
    return found


def _acts_of(alert: Alert) -> set[Act]:
    return set(alert.novelty.earlier) if alert.novelty is not None else set()

"""Alerts on matches: one for each watch and story, raised by the first article and carried on by developments.

The matches of one watch and story come in one partition, in order. So unlike alerts on events, which any order of
reports must leave the same, these are folded in the order of arrival.
"""

from __future__ import annotations

from firstwire.core.alerts.alerting import Alerted
from firstwire.core.alerts.developments import Telling, news_mark, telling_of
from firstwire.core.alerts.states import Remembered, WatchAlertState
from firstwire.core.alerts.watch_memory import articles_of, remembered, watch_alert_id
from firstwire.core.state import WATCH_STATE
from schemas.alert import Alert, Verdict, VerdictKind
from schemas.event import MatchedWatch, Matches
from schemas.state import WatchedRevision, WatchTelling


def raise_watch_alerts(state: WatchAlertState, matches: Matches) -> Alerted:
    """Fold the matches of an article into the alerts of its story, each under its watch."""
    verdicts: list[Verdict] = []
    tellings: list[WatchTelling] = []
    news = news_mark(matches)
    for watch in matches.watches:
        if watch.held_back:
            verdicts.append(_verdict(matches, watch, Telling(VerdictKind.HELD_BACK, watch.held_back), None))
            continue
        alert_id = watch_alert_id(watch.rule_id, matches.story_id)
        telling = telling_of(matches, watch.tell, news, articles_of(state.alerts.get(alert_id)))
        verdicts.append(_verdict(matches, watch, telling, alert_id))
        if not telling.is_known:
            tellings.append(_remembering(watch, telling))
    if not tellings:
        return Alerted(verdicts=tuple(verdicts))
    revision = WatchedRevision(
        article_id=matches.article_id,
        story_id=matches.story_id,
        news=news,
        is_development=matches.development_of is not None,
        context=matches.context,
        tellings=tuple(tellings),
    )
    memories = remembered(state.alerts, revision)
    alerts = tuple(memory.alert for memory in memories.values() if memory.alert is not None)
    return Alerted(alerts, tuple(verdicts), (Remembered(WATCH_STATE, _key(alerts[0]), revision, memories),))


def _key(alert: Alert) -> str:
    """The key of a revision's record: no other record ever has it, since each raises the revision of its alerts.

    So compaction, which keeps the newest record of a key, never removes one or puts it after a later one.
    """
    return f"{alert.alert_id}:{alert.revision}"


def _remembering(watch: MatchedWatch, telling: Telling) -> WatchTelling:
    return WatchTelling(
        rule_id=watch.rule_id,
        rule_version=watch.rule_version,
        severity=watch.severity,
        shadow=watch.shadow,
        tags=watch.tags,
        evidence=watch.evidence,
        verdict=telling.verdict,
        what=telling.what,
        untold=telling.is_untold,
    )


def _verdict(matches: Matches, watch: MatchedWatch, telling: Telling, alert_id: str | None) -> Verdict:
    return Verdict(
        rule_id=watch.rule_id,
        rule_version=watch.rule_version,
        article_id=matches.article_id,
        verdict=telling.verdict,
        alert_id=alert_id,
        partner=telling.partner,
        reason=telling.reason,
    )

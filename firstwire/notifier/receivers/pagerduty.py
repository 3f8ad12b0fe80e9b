"""PagerDuty: an alert triggers an incident, and resolves it when it is corrected or retracted.

https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from firstwire.config import ReceiverSettings
from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.notifier.fitting import fitted
from firstwire.notifier.json_receiver import JsonReceiver
from firstwire.notifier.listing import AlertList, list_lines
from firstwire.notifier.receiver_type import ReceiverType, token_of
from firstwire.notifier.rendering import Parts, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict, status_verdict
from firstwire.notifier.view import View
from schemas import Alert

SUMMARY_LIMIT = 1_024
DETAILS_LIMIT = 20_000
"""Of an event's 512,000 bytes."""
DEDUP_LIMIT = 255


@dataclass(frozen=True)
class PagerDutyReceiver(JsonReceiver):
    """A service's integration. Several alerts of one message are one incident."""

    routing_key: str = field(default="", repr=False)

    def alert_body(self, alert: Alert, parts: Parts, key: str) -> Any:
        payload = {
            "component": alert.rule_id,
            "class": alert.kind,
            "group": alert.subject.target or alert.subject.story or "",
            "timestamp": alert.times.fetched_at,
        }
        links = [("Read the article", parts.url), ("Open in the console", parts.console)]
        event = self._event(alert.alert_id, parts.title, alert.severity, plain_lines(parts), links, **payload)
        return {**event, "event_action": "resolve"} if alert.state in TAKEN_BACK else event

    def list_body(self, alerts: AlertList, key: str) -> Any:
        return self._event(key, alerts.title, alerts.severity, list_lines(alerts, self.view))

    def lines_body(self, lines: Sequence[str], key: str) -> Any:
        return self._event(key, lines[0], "warning", lines)

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """By the status: 202 is accepted, 400 is about the event, 403 about the key."""
        return status_verdict(reply, f"{self.url}/{self.routing_key}", plain=plain, access="receivers.token")

    def _event(
        self,
        dedup_key: str,
        summary: str,
        severity: str,
        lines: Sequence[str],
        links: Sequence[tuple[str, str | None]] = (),
        **payload: str,
    ) -> dict[str, Any]:
        return {
            "routing_key": self.routing_key,
            "event_action": "trigger",
            "dedup_key": dedup_key[:DEDUP_LIMIT],
            "client": "firstwire",
            "links": [{"href": url, "text": text} for text, url in links if url is not None],
            "payload": {
                "summary": fitted([summary], SUMMARY_LIMIT),
                "source": "firstwire",
                "severity": severity,
                "custom_details": {"text": fitted(lines, DETAILS_LIMIT)},
                **payload,
            },
        }


def _configured(section: ReceiverSettings, url: str, view: View) -> PagerDutyReceiver:
    return PagerDutyReceiver(url, view, routing_key=token_of(section))


TYPE = ReceiverType("pagerduty", _configured, default_url="https://events.pagerduty.com/v2/enqueue", keys=("token",))

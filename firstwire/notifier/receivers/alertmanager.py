"""Whatever takes Alertmanager's webhooks: its payload, version 4.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.core.text.wording import cut
from firstwire.notifier.fitting import fitted
from firstwire.notifier.json_receiver import JsonReceiver
from firstwire.notifier.listing import AlertList
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.rendering import HEADLINE_LIMIT, Parts, parts_of, plain_lines
from schemas import Alert

LABEL_LIMIT = 200
DESCRIPTION_LIMIT = 4_000
"""Of labels in code points, of a description in UTF-16 units."""
_NO_END = "0001-01-01T00:00:00Z"
"""How Go writes the end of what has none."""


@dataclass(frozen=True)
class AlertmanagerReceiver(JsonReceiver):
    """`name` is what the payload calls the receiver."""

    name: str = "firstwire"
    gathers: bool = False

    def alert_body(self, alert: Alert, parts: Parts, key: str) -> Any:
        return self._payload(alert.alert_id, [_alert(alert, parts)])

    def list_body(self, alerts: AlertList, key: str) -> Any:
        """All of them: a machine needs no shorter list."""
        listed = [
            _alert(each.alert, parts_of(each.alert, each.receipt, each.told, self.view)) for each in alerts.alerts
        ]
        return self._payload(key, listed)

    def lines_body(self, lines: Sequence[str], key: str) -> Any:
        notice = {
            "status": "firing",
            "labels": {"alertname": "firstwire", "severity": "warning"},
            "annotations": {
                "summary": fitted(lines[:1], HEADLINE_LIMIT),
                "description": fitted(lines, DESCRIPTION_LIMIT),
            },
            "startsAt": _NO_END,
            "endsAt": _NO_END,
            "generatorURL": self.view.console,
            "fingerprint": key[:16],
        }
        return self._payload(key, [notice])

    def _payload(self, key: str, alerts: Sequence[dict[str, Any]]) -> dict[str, Any]:
        is_firing = any(each["status"] == "firing" for each in alerts)
        return {
            "version": "4",
            "groupKey": key,
            "truncatedAlerts": 0,
            "status": "firing" if is_firing else "resolved",
            "receiver": self.name,
            "groupLabels": {},
            "commonLabels": _common([each["labels"] for each in alerts]),
            "commonAnnotations": _common([each["annotations"] for each in alerts]),
            "externalURL": self.view.console,
            "alerts": list(alerts),
        }


def _alert(alert: Alert, parts: Parts) -> dict[str, Any]:
    subject = alert.subject
    labels = {
        "alertname": alert.rule_id,
        "severity": alert.severity,
        "kind": alert.kind,
        "action": subject.action,
        "actor": subject.actor,
        "target": subject.target,
        "story": subject.story,
    }
    is_over = alert.state in TAKEN_BACK
    return {
        "status": "resolved" if is_over else "firing",
        "labels": {name: cut(value, LABEL_LIMIT) for name, value in labels.items() if value},
        "annotations": {
            "summary": parts.headline,
            "description": fitted(plain_lines(parts), DESCRIPTION_LIMIT),
            **({} if parts.url is None else {"url": parts.url}),
        },
        "startsAt": alert.times.fetched_at,
        "endsAt": alert.times.fetched_at if is_over else _NO_END,
        "generatorURL": parts.console or parts.url or "",
        "fingerprint": alert.alert_id[:16],
    }


def _common(tables: Sequence[dict[str, str]]) -> dict[str, str]:
    first, *others = tables
    return {name: value for name, value in first.items() if all(each.get(name) == value for each in others)}


TYPE = ReceiverType("alertmanager", lambda section, url, view: AlertmanagerReceiver(url, view, name=section.name))

"""One message about several alerts: a digest, a group, a flood, a reminder. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.text.wording import counted, cut
from firstwire.notifier.changes import Told
from firstwire.notifier.rendering import LINE_LIMIT, Parts, parts_of
from firstwire.notifier.view import View
from schemas import Alert, Receipt
from schemas.alert import Severity
from schemas.delivery import MessageOccasion

_WEIGHTS = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class ListedAlert:
    """One of the alerts, as it is known to the destination."""

    alert: Alert
    receipt: Receipt
    told: Told | None


@dataclass(frozen=True)
class AlertList:
    """What the message is about; `limit` is the number of alerts that it lists, the others are counted."""

    alerts: tuple[ListedAlert, ...]
    occasion: MessageOccasion
    limit: int

    @property
    def title(self) -> str:
        """`12 alerts`, `Digest: 12 alerts`."""
        number = counted(len(self.alerts), "alert")
        if self.occasion == "repeat":
            return f"Not acknowledged yet: {number}"
        return f"Digest: {number}" if self.occasion == "digest" else number

    @property
    def shown(self) -> tuple[ListedAlert, ...]:
        """The weightiest, those of one weight in the order in which they came."""
        ordered = sorted(self.alerts, key=lambda each: _WEIGHTS[each.alert.severity])
        return tuple(ordered[: self.limit])

    @property
    def severity(self) -> Severity:
        """That of the weightiest."""
        return min((each.alert.severity for each in self.alerts), key=_WEIGHTS.__getitem__)

    @property
    def more(self) -> str | None:
        """`and 3 more`; None if all are listed."""
        left = len(self.alerts) - self.limit
        return f"and {left:,} more" if left > 0 else None


@dataclass(frozen=True)
class ListItem:
    """One listed alert, each text one line."""

    headline: str
    """`FIRST  Russia recognizes the Taliban government`."""
    details: str
    """What changed, or the outlets; the severity."""
    url: str | None
    """The quoted article."""
    console: str | None


def items_of(alerts: AlertList, view: View) -> list[ListItem]:
    """The alerts that are listed."""
    return [_item(parts_of(each.alert, each.receipt, each.told, view), each.alert) for each in alerts.shown]


def short_lines(alerts: AlertList, view: View) -> list[str]:
    """The alerts that are listed as lines of plain text, without addresses, and how many more there are."""
    lines = [line for item in items_of(alerts, view) for line in (f"• {item.headline}", f"  {item.details}")]
    return lines if alerts.more is None else [*lines, alerts.more]


def list_lines(alerts: AlertList, view: View) -> list[str]:
    """The message as lines of plain text."""
    lines = [alerts.title.upper()]
    for item in items_of(alerts, view):
        lines += [f"• {item.headline}", f"  {' · '.join(filter(None, (item.details, item.url or item.console)))}"]
    return lines if alerts.more is None else [*lines, alerts.more]


def _item(parts: Parts, alert: Alert) -> ListItem:
    url = parts.url
    known: list[str | None] = [*parts.changes] or [parts.breadth]
    if parts.developments:
        newest = parts.developments[0]
        known, url = [newest.news], newest.url
    elif not parts.changes and len(alert.outlets) < 2:
        known = [parts.source]
    return ListItem(
        headline=parts.title,
        details=cut(" · ".join(filter(None, (*known, alert.severity))), LINE_LIMIT),
        url=url,
        console=parts.console,
    )

"""The messages that receivers are sent of an alert's revisions, by the routes of the configuration, for backtests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from firstwire.config import Route

if TYPE_CHECKING:
    from schemas import Alert


def flat_messages(routes: Sequence[Route]) -> Callable[[Alert], Sequence[str]]:
    """What counts messages: for each revision of an alert, in order, the receivers that are sent one of it.

    As the notifier decides, if every delivery arrives. This is the one place that knows how: it changes with the
    notifier's routing, and backtests do not.
    """
    from firstwire.notifier.routes import LastNotice, decide, receivers_of, wants_updates

    told: dict[tuple[str, str], LastNotice] = {}

    def sent(alert: Alert) -> list[str]:
        receivers = []
        for receiver in receivers_of(alert, routes):
            key = alert.alert_id, receiver
            if decide(alert, told.get(key), updates=wants_updates(alert, receiver, routes)).deliver:
                receivers.append(receiver)
                told[key] = LastNotice(
                    alert.revision, alert.state, len(alert.origins), alert.status, alert.developments_so_far
                )
        return receivers

    return sent

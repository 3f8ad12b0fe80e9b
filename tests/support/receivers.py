"""Receivers to try things on, and messages of every kind for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firstwire.config import ReceiverSettings, Secret, networks
from firstwire.notifier.listing import AlertList, ListedAlert
from firstwire.notifier.notices import trial_notice
from firstwire.notifier.posting import open_session
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.receiver_types import receivers_from
from firstwire.notifier.replies import Reply, ReplyVerdict, Request
from firstwire.notifier.transport import Transport
from schemas import Alert
from tests.support.alerts import NOW, first_alert, grown_alert, receipt, told

LOOPBACK = networks(("127.0.0.0/8",))
TOKEN = "hush-hush-hush"


def receiver(kind: str, url: str | None, folder: Path, **fields: Any) -> Receiver:
    """A receiver of a type; one that needs a token has TOKEN."""
    (folder / "token").write_text(TOKEN)
    token = Secret(file=str(folder / "token")) if kind in ("telegram", "pagerduty", "ntfy", "slack_bot") else None
    section = ReceiverSettings(name="desk", type=kind, url=url, token=token, **fields)
    return receivers_from((section,), console="https://console.example")["desk"]


def listed(*alerts: Alert, occasion: Any = "group", limit: int = 10) -> AlertList:
    return AlertList(tuple(ListedAlert(alert, receipt(), None) for alert in alerts), occasion, limit)


def requests_of(one: Receiver, alert: Alert, *, number: int = 30) -> Iterator[Request]:
    """A request of every kind: the first message, an update, developments, several, a notice; and each as text."""
    many = listed(*(first_alert(headline=alert.headline, alert_id=f"{each:032}") for each in range(number)))
    for plain in (False, True):
        yield one.request(alert, receipt(), "k", NOW, plain=plain)
        yield one.request(alert, receipt(), "k", NOW, plain=plain, told=told(status="planned", outlets=()))
        yield one.request(grown_alert(60, headline=alert.headline), receipt(), "k", NOW, plain=plain)
        yield one.list_request(many, "batch-k", NOW, plain=plain)
    yield one.notice_request(trial_notice("desk", NOW), "n", NOW)


def now() -> datetime:
    return datetime.now(UTC)


async def attempt(one: Receiver, request: Request, *, allow: bool = True, seconds: float = 5.0) -> ReplyVerdict:
    """The verdict on one request that is really sent."""
    networks_allowed = LOOPBACK if allow else ()
    async with open_session(networks_allowed, seconds) as session:
        answer = await Transport(session, networks_allowed, seconds, now).send(request)
    return one.judge(answer, plain=False) if isinstance(answer, Reply) else answer

"""What every type of receiver is: it builds requests, judges replies and says how fast it may be sent to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from firstwire.notifier.changes import Told
from firstwire.notifier.listing import AlertList
from firstwire.notifier.replies import Reply, ReplyVerdict, Request
from firstwire.notifier.view import View
from schemas import Alert, Notice, Receipt


@dataclass(frozen=True)
class Pace:
    """At most `burst` messages at once, and one per `interval_seconds` on average; 0 sets no limit."""

    interval_seconds: float = 0.0
    burst: int = 1


UNLIMITED = Pace()
CHAT_PACE = Pace(interval_seconds=1.0, burst=3)
"""A message a second and short bursts: what services for chat and mail accept."""


class Receiver(Protocol):
    """Builds requests and judges replies for one kind of destination; never waits or sends. A frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def view(self) -> View: ...

    @property
    def url(self) -> str: ...

    @property
    def pace(self) -> Pace: ...

    @property
    def gathers(self) -> bool:
        """Whether people read it, so that many alerts that wait for it become one message."""
        ...

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """The request that delivers an alert. The same key means the same message, however often it is sent.

        `told`: what the destination knows of it; None if it never got it.
        """
        ...

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """The request that delivers several alerts as one message."""
        ...

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """The request that brings the first message up to date, made before an update, and safe to repeat.

        None if there is nothing to edit. A reply that refuses it holds up nothing.
        """
        ...

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """The request that delivers a message about the notifier itself, as plain text where there are formats."""
        ...

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """What the reply to a request in that format means."""
        ...

"""Everything else, through Apprise: more than a hundred services by one URL each. It is an extra of the package.

Apprise says of a message whether it was accepted and little else: no thread, no edit, no pause that a service asks for.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.util import find_spec
from typing import Any

import orjson

from firstwire.config import ReceiverSettings
from firstwire.errors import ConfigError
from firstwire.notifier.changes import Told
from firstwire.notifier.fitting import fitted
from firstwire.notifier.listing import AlertList, list_lines
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.receiver import CHAT_PACE, Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.rendering import parts_of, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, status_verdict
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt

TITLE_LIMIT = 250
BODY_LIMIT = 4_000
"""Of services with less Apprise cuts the rest."""


@dataclass(frozen=True)
class AppriseReceiver:
    """A service by its Apprise URL, which is a secret. `url` is that after `apprise:`."""

    url: str = field(repr=False)
    view: View = IN_UTC
    pace: Pace = CHAT_PACE
    gathers: bool = True

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """Plain text with a title."""
        return self._lines(plain_lines(parts_of(alert, receipt, told, self.view)))

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """Plain text with a title."""
        return self._lines(list_lines(alerts, self.view))

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """None: what was sent stays."""
        return None

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """Plain text with a title."""
        return self._lines(notice_lines(notice))

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """By the status of the service, if Apprise tells it."""
        return status_verdict(reply, self.url, plain=True)

    def _lines(self, lines: Sequence[str]) -> Request:
        title, text = lines[:1], lines[1:] or lines[:1]
        body = {"title": fitted(title, TITLE_LIMIT, _unmentioned), "body": fitted(text, BODY_LIMIT, _unmentioned)}
        return Request(self.url, orjson.dumps(body), {})


def _unmentioned(char: str) -> str:
    """Apprise passes text on as it is, and some services take `@everyone` and `<!channel>` in it for mentions."""
    return f"{char}\u200b" if char in "@<" else char


def _configured(section: ReceiverSettings, url: str, view: View) -> AppriseReceiver:
    if find_spec("apprise") is None:
        message = "a receiver of the type apprise needs a package that is not there: pip install 'firstwire[apprise]'"
        raise ConfigError(message, place=section.place)
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it logs URLs that it does not understand
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of its plugins, of which it loads all
        service: Any = apprise.Apprise.instantiate(url)
    if service is None:
        said = "Apprise knows no such URL: https://appriseit.com/services says how those of a service are written"
        raise ConfigError(said, place=section.place)
    if not service.verify_certificate:
        raise ConfigError("certificates are always verified: leave verify=no out of the URL", place=section.place)
    return AppriseReceiver(f"apprise:{url}", view)


TYPE = ReceiverType("apprise", _configured, schemes=())

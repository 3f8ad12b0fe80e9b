"""E-mail by SMTP: text and HTML, updates in the thread of the first message."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_string
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from firstwire.config import ReceiverSettings
from firstwire.core.text.digest import digest
from firstwire.core.text.wording import cut, harmless, one_line
from firstwire.errors import ConfigError
from firstwire.notifier.changes import Told
from firstwire.notifier.listing import AlertList, items_of, list_lines
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.receiver import CHAT_PACE, Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.rendering import Parts, parts_of, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, result_of
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt
from schemas.times import parse_timestamp

SUBJECT_LIMIT = 200
PLAIN_WORD_LIMIT = 60
"""Characters of a word that fits into the first line of a header, which has 76."""


@dataclass(frozen=True)
class EmailReceiver:
    """`url` is `smtps://host`, or `smtp://host`, which turns to TLS first; it holds the login, if there is one."""

    url: str = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    view: View = IN_UTC
    pace: Pace = CHAT_PACE
    gathers: bool = True

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """The message of an alert: the first has an id that the later ones refer to."""
        parts = parts_of(alert, receipt, told, self.view)
        root = self._message_id(alert.alert_id)
        message = self._message(parts.title, receipt.alerted_at or receipt.fetched_at)
        message["Message-ID"] = root if told is None else self._message_id(key)
        if told is not None:
            message["In-Reply-To"] = root
            message["References"] = root
        return self._sent(message, plain_lines(parts), None if plain else _html_of(parts))

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """The message of a digest, a group or a flood."""
        newest = max(each.receipt.alerted_at or each.receipt.fetched_at for each in alerts.alerts)
        message = self._message(alerts.title, newest)
        message["Message-ID"] = self._message_id(key)
        return self._sent(message, list_lines(alerts, self.view), None if plain else _list_html(alerts, self.view))

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """None: what was sent stays."""
        return None

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """Plain text."""
        message = self._message(notice.headline, notice.happened_at)
        message["Message-ID"] = self._message_id(key)
        return self._sent(message, notice_lines(notice), None)

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """By SMTP's codes (RFC 5321, RFC 4954): 4xx may pass, a login or sender that is refused waits to be mended."""
        result = result_of(reply, self.url)
        if 200 <= reply.status < 300:
            return ReplyVerdict("delivered", result)
        if reply.status in (530, 534, 535, 538):
            return ReplyVerdict("parked", result, setting="receivers.password")
        if reply.status in (550, 551, 553):
            # An address is refused, for this message as for every other
            return ReplyVerdict("parked", result, setting="receivers.to or receivers.from", probed=True)
        if 500 <= reply.status < 600:
            return ReplyVerdict("failed" if plain else "plainer", result)
        return ReplyVerdict("retry", result)

    def _message(self, subject: str, sent_at: str) -> EmailMessage:
        # Parsed, for EmailMessage keeps the lines of what it parsed: its own folding decodes what looks like encoded
        # words, which could hold line ends, thus headers, and leaves words that nobody decodes
        message: EmailMessage = message_from_string(f"Subject: {_encoded(subject)}\r\n\r\n", policy=SMTP)
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        message["Date"] = parse_timestamp(sent_at)
        message["Auto-Submitted"] = "auto-generated"
        return message

    def _message_id(self, key: str) -> str:
        domain = self.sender.rpartition("@")[2].strip(">")
        return f"<{quote(key, safe='').replace('%', '.')}@{domain}>"

    def _sent(self, message: EmailMessage, lines: Sequence[str], page: str | None) -> Request:
        message.set_content("\n".join(lines) + "\n", cte="quoted-printable")
        if page is not None:
            message.add_alternative(page, subtype="html", cte="quoted-printable")
            # The same in every attempt, and nothing that a text contains by accident
            message.set_boundary("=_" + digest(str(message["Message-ID"])))
        envelope = {"from": self.sender, "to": ",".join(self.recipients)}
        return Request(self.url, message.as_bytes(), envelope)


def _encoded(subject: str) -> str:
    """The subject in lines of a header: short English words as they are, all else in encoded words (RFC 2047)."""
    # Some programs decode twice
    text = cut(one_line(subject).replace("=?", "= ?"), SUBJECT_LIMIT) or "(no headline)"
    is_plain = text.isascii() and all(len(word) <= PLAIN_WORD_LIMIT for word in text.split())
    return Header(text, "us-ascii" if is_plain else "utf-8", header_name="Subject").encode(linesep="\r\n")


def _html_of(parts: Parts) -> str:
    """The alert: headline, what changed, quotes, the article as a link, and the other lines as they are."""
    rows = [f"<h2>{_text(parts.title)}</h2>"]
    if parts.text is not None:
        return _page([*rows, *(f"<p>{_text(line)}</p>" for line in parts.text[1:])])
    if parts.changes:
        rows.append("<ul>" + "".join(f"<li>{_text(change)}</li>" for change in parts.changes) + "</ul>")
    if parts.act is not None:
        rows.append(f"<p><b>{_text(parts.act)}</b></p>")
    for quote_ in parts.quotes:
        # Not one line each: spaces stand at the ends of the pieces
        texts = ((html.escape(harmless(piece.text)), piece.highlighted) for piece in quote_)
        pieces = (f"<b>{text}</b>" if highlighted else text for text, highlighted in texts)
        rows.append(f"<blockquote>“{''.join(pieces)}”</blockquote>")
    if parts.source is not None or parts.url is not None:
        source = (_text(parts.source or ""), _link(parts.url, "read the article"))
        rows.append(f"<p>{' · '.join(filter(None, source))}</p>")
    for each in parts.developments:
        link = _link(each.url, "read the article")
        rows.append(f"<p><b>{_text(each.what)}</b><br>{' · '.join(filter(None, (_text(each.article), link)))}</p>")
    named = (
        ("How sure?", parts.certainty),
        ("First?", parts.first),
        ("Sources disagree", parts.conflicts),
        ("Belongs to", parts.belongs_to),
    )
    rows += [f"<p><b>{name}</b> {_text(value)}</p>" for name, value in named if value is not None]
    small = [each for each in (parts.unlisted, parts.breadth, parts.receipt, f"Why: {parts.why}") if each is not None]
    rows.append(f"<p><small>{'<br>'.join(map(_text, small))}</small></p>")
    if parts.console is not None:
        rows.append(f"<p>{_link(parts.console, 'open in the console')}</p>")
    return _page(rows)


def _list_html(alerts: AlertList, view: View) -> str:
    rows = [f"<h2>{_text(alerts.title)}</h2>", "<ul>"]
    for item in items_of(alerts, view):
        link = _link(item.url, "read the article") or _link(item.console, "open in the console")
        details = " · ".join(filter(None, (_text(item.details), link)))
        rows.append(f"<li><b>{_text(item.headline)}</b><br>{details}</li>")
    rows.append("</ul>")
    return _page([*rows, *([] if alerts.more is None else [f"<p>{_text(alerts.more)}</p>"])])


def _page(rows: Sequence[str]) -> str:
    return "<!doctype html>\n<html><body>\n" + "\n".join(rows) + "\n</body></html>\n"


def _text(text: str) -> str:
    return html.escape(one_line(text))


def _link(url: str | None, words: str) -> str:
    return "" if url is None else f'<a href="{html.escape(url)}">{words}</a>'


def _configured(section: ReceiverSettings, url: str, view: View) -> EmailReceiver:
    if section.sender is None or not section.recipients:
        raise ConfigError('e-mail needs from = "a@b.example" and to = ["c@d.example"]', place=section.place)
    for text in (section.sender, *section.recipients):
        _check_address(text, section)
    if (section.username is None) != (section.password is None):
        raise ConfigError("username and password belong together: give both or none", place=section.place)
    if section.username is not None and section.password is not None:
        split = urlsplit(url)
        login = f"{quote(section.username, safe='')}:{quote(section.password.read(section.place), safe='')}"
        url = urlunsplit(split._replace(netloc=f"{login}@{split.netloc.rpartition('@')[2]}"))
    return EmailReceiver(url, section.sender, section.recipients, view)


def _check_address(text: str, section: ReceiverSettings) -> None:
    try:
        address: Any = Address(addr_spec=text)
        is_sound = bool(address.username and address.domain) and text.isascii()
    except (ValueError, IndexError):
        is_sound = False
    if not is_sound:
        raise ConfigError(f"{text!r} is no e-mail address like desk@news.example", place=section.place)


TYPE = ReceiverType("email", _configured, schemes=("smtps", "smtp"), keys=("from", "to", "username", "password"))

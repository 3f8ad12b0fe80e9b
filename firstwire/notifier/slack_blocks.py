"""Alerts as Slack messages: Block Kit with a text fallback, or text alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from firstwire.notifier.fitting import length
from firstwire.notifier.listing import AlertList, items_of, list_lines
from firstwire.notifier.mrkdwn import bold_quote, escaped, plain_marks
from firstwire.notifier.rendering import Parts, plain_lines
from firstwire.notifier.view import View

# https://docs.slack.dev/reference/block-kit/blocks; over all blocks Slack also limits messages to about 13,200
# characters (bolt-js#2509), which these limits stay under
HEADER_LIMIT = 150
SECTION_LIMIT = 3_000
TITLE_IN_HEADER = 100
"""A longer title would be cut in the header, and is repeated below."""
LINE_LIMIT = 560
"""The act and at most four quotes share a section."""
LINK_LIMIT = 2_500
DEVELOPMENT_LINK_LIMIT = 600
"""Several share a section: a longer link is left out."""
FALLBACK_LIMIT = 3_500
LIST_SECTION_LIMIT = 2_900
LIST_SECTIONS = 3
"""With the fallback, which repeats the text, more would exceed the limit over all blocks."""


def block_message(parts: Parts) -> dict[str, Any]:
    """Header, what changed, the act with its quotes and source, the ledger's answer, and a context line of the rest.

    Of what a template made, a header and a section.
    """
    if parts.text is not None:
        return _text_blocks(parts, parts.text)
    act_lines = [f"• {plain_marks(change, LINE_LIMIT)}" for change in parts.changes]
    act_lines += [] if parts.act is None else [f"*{plain_marks(parts.act, LINE_LIMIT)}*"]
    act_lines += [f"“{bold_quote(quote, LINE_LIMIT)}”" for quote in parts.quotes]
    if parts.certainty is not None:
        act_lines.append(f"*How sure?*  {plain_marks(parts.certainty, LINE_LIMIT)}")
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(parts.title, HEADER_LIMIT)}]
    if act_lines:
        blocks.append({"type": "section", "text": _mrkdwn("\n".join(act_lines))})
    if (source := _source(parts)) is not None:
        blocks.append({"type": "section", "text": _mrkdwn(f"*Source*  {source}")})
    if parts.developments:
        blocks.append({"type": "section", "text": _mrkdwn(_developments(parts))})
    if parts.belongs_to is not None:
        belongs_to = plain_marks(parts.belongs_to, LINE_LIMIT)
        blocks.append({"type": "section", "text": _mrkdwn(f"*Belongs to*  {belongs_to}")})
    if parts.first is not None:
        first = plain_marks(parts.first, SECTION_LIMIT - 20)
        blocks.append({"type": "section", "text": _mrkdwn(f"*First?*  {first}")})
    if parts.conflicts is not None:
        disagree = plain_marks(parts.conflicts, LINE_LIMIT)
        blocks.append({"type": "section", "text": _mrkdwn(f"*Sources disagree*  {disagree}")})
    known = (parts.breadth, parts.receipt, f"Why: {parts.why}")
    lines = [plain_marks(line, LINE_LIMIT) for line in known if line is not None]
    if (console := _link(parts.console, "open in the console")) is not None:
        lines.append(console)
    blocks.append({"type": "context", "elements": [_mrkdwn(line) for line in lines]})
    return {**plain_message(parts), "blocks": blocks}


def _text_blocks(parts: Parts, text: Sequence[str]) -> dict[str, Any]:
    """As many of the lines as fit, the first as the header."""
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(text[0], HEADER_LIMIT)}]
    below, left = [], SECTION_LIMIT
    for line in text[1:]:
        below.append(plain_marks(line, left))
        left -= length(below[-1]) + 1
        if left < 10:
            break
    if below:
        blocks.append({"type": "section", "text": _mrkdwn("\n".join(below))})
    return {**plain_message(parts), "blocks": blocks}


def list_message(alerts: AlertList, view: View) -> dict[str, Any]:
    """A header, sections of the alerts with as many lines as fit, and how many more there are."""
    sections = [""]
    for item in items_of(alerts, view):
        link = _link(item.url) or _link(item.console, "open in the console")
        details = plain_marks(item.details, LINE_LIMIT)
        if link is not None and length(link) <= DEVELOPMENT_LINK_LIMIT:
            details += f" · {link}"
        text = f"*{plain_marks(item.headline, LINE_LIMIT)}*\n{details}"
        if length(sections[-1]) + length(text) + 2 > LIST_SECTION_LIMIT:
            sections.append("")
        sections[-1] = f"{sections[-1]}\n\n{text}".strip()
    kept = sections[:LIST_SECTIONS]
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(alerts.title, HEADER_LIMIT)}]
    blocks += [{"type": "section", "text": _mrkdwn(section)} for section in kept if section]
    left = len(alerts.alerts) - sum(section.count("\n\n") + 1 for section in kept)
    if left:
        blocks.append({"type": "context", "elements": [_mrkdwn(f"and {left:,} more")]})
    return {**plain_list(alerts, view), "blocks": blocks}


def plain_list(alerts: AlertList, view: View) -> dict[str, Any]:
    """The alerts as plain text."""
    return text_message(list_lines(alerts, view))


def _source(parts: Parts) -> str | None:
    link = _link(parts.url)
    known = [] if parts.source is None else [plain_marks(parts.source, LINE_LIMIT)]
    known += [] if link is None or length(link) > LINK_LIMIT else [link]
    return " · ".join(known) or None


def _developments(parts: Parts) -> str:
    """The developments, the newest first, as many as fit into a section; the others are counted."""
    lines = [] if parts.belongs_to is not None else ["*Since then*, the newest first:"]
    left = SECTION_LIMIT - length("\n".join([*lines, parts.unlisted or ""])) - 100
    shown = 0
    for each in parts.developments:
        link = _link(each.url)
        is_in_header = parts.belongs_to is not None and shown == 0 and length(each.title) <= TITLE_IN_HEADER
        known = (each.outlet or "") if is_in_header else each.article
        article = [plain_marks(known, LINE_LIMIT)] if known else []
        article += [link] if link is not None and length(link) <= DEVELOPMENT_LINK_LIMIT else []
        added = [f"*{plain_marks(each.what, LINE_LIMIT)}*", *([" · ".join(article)] if article else [])]
        left -= length("\n".join(added)) + 1
        if left < 0 and shown:
            break
        lines += added
        shown += 1
    if shown < len(parts.developments):
        lines.append(f"and {len(parts.developments) - shown} more")
    return "\n".join([*lines, *([] if parts.unlisted is None else [parts.unlisted])])


def _link(url: str | None, words: str = "read the article") -> str | None:
    return None if url is None else f"<{url.replace('&', '&amp;')}|{words}>"


def plain_message(parts: Parts) -> dict[str, Any]:
    """The alert as plain text: shown in notifications, and sent when Slack rejects the blocks."""
    return text_message(plain_lines(parts))


def text_message(text: Iterable[str]) -> dict[str, Any]:
    """Lines of plain text, as many as Slack shows."""
    lines: list[str] = []
    left = FALLBACK_LIMIT
    for line in text:
        lines.append(escaped(line, min(left, LINE_LIMIT * 3)))
        left -= length(lines[-1]) + 1
        if left < 10:
            break
    return {"text": "\n".join(lines), "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": escaped(text, limit), "emoji": False}


def _mrkdwn(text: str) -> dict[str, Any]:
    # verbatim: Slack makes no links or mentions of its own out of untrusted text
    return {"type": "mrkdwn", "text": text, "verbatim": True}

"""The report at the end of the demonstration, and whether all its claims hold."""

from __future__ import annotations

import base64
import hmac
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from firstwire.core.routes.receipts import receipt_of
from firstwire.demo.receivers import Seen
from firstwire.notifier.rendering import parts_of, plain_lines
from schemas.alert import Alert, Verdict
from schemas.delivery import Delivery, Receipt
from schemas.outcome import Outcome
from schemas.times import to_milliseconds

MEANING = {
    "duplicate": "seen before, unchanged",
    "rejected": "could not be read",
    "no_match": "judged, no rule covers it",
    "alerting": "handed to alerting under a rule",
}


SHOWN_REASONS = 4


@dataclass(frozen=True)
class Shown:
    """Everything in the report, as read from Kafka and the receivers."""

    articles: int
    outcomes: list[Outcome]
    alerts: list[Alert]
    deliveries: list[Delivery]
    slack: list[dict[str, Any]]
    webhooks: list[Seen]
    secret: str
    verdicts: Sequence[Verdict]
    """Of the replay, which are those of the run."""
    replayed: list[Alert]
    console_url: str
    listed: list[str]
    """Ids of the alerts that the console lists."""


def show(console: Console, shown: Shown) -> bool:
    """Print the report; True only if every claim in it holds."""
    firsts = [alert for alert in shown.alerts if alert.kind == "first"]
    for message in shown.slack:
        console.print()
        console.print(Panel(slack_text(message), title="Slack · newsroom", title_align="left", box=box.ROUNDED))
    for alert in firsts:
        now = "\n".join(escape(line) for line in plain_lines(parts_of(alert, _receipt(alert, shown))))
        console.print(Panel(now, title="Its current state · firstwire explain", title_align="left", box=box.ROUNDED))
    _show_outcomes(console, shown)
    console.print(verdict_table(shown.verdicts))
    _show_deliveries(console, shown)
    checks = [
        (len(firsts) == 1, f"exactly one alert of kind first ({len(firsts)})"),
        (
            len(shown.outcomes) == shown.articles == len({_place(one) for one in shown.outcomes}),
            f"{shown.articles} articles in = {len(shown.outcomes)} outcomes",
        ),
        (len(shown.slack) == 1, f"Slack was notified once ({len(shown.slack)})"),
        (
            len(shown.webhooks) == 1 and all(is_signed(seen, shown.secret) for seen in shown.webhooks),
            f"the webhook was notified once ({len(shown.webhooks)}), its signature is valid",
        ),
        (
            sorted(alert.alert_id for alert in shown.replayed) == sorted(alert.alert_id for alert in shown.alerts),
            "replay of the same articles gives the same alert ids",
        ),
        (
            sorted(shown.listed) == sorted(alert.alert_id for alert in shown.alerts if not alert.shadow),
            f"the console lists {len(shown.listed)} alert",
        ),
        *_ledger_checks(firsts),
    ]
    console.print()
    for holds, claim in checks:
        console.print(f"[{'green' if holds else 'red'}]{'✓' if holds else '✗'}[/] {escape(claim)}")
    return all(holds for holds, _ in checks)


def _ledger_checks(firsts: list[Alert]) -> list[tuple[bool, str]]:
    if len(firsts) != 1 or firsts[0].novelty is None:
        return [(False, "the ledger gave no answer")]
    novelty = firsts[0].novelty
    others = ", ".join(f"{act.name} {act.date[:4]}" for act in novelty.other_eras)
    return [
        (novelty.position == 1 and not novelty.earlier, f"ledger: {novelty.ledger}"),
        (len(novelty.other_eras) == 3, f"ledger: in another era {others or 'nobody'}"),
    ]


def slack_text(message: Mapping[str, Any]) -> str:
    """A Slack message for a terminal, with Slack's bold text in bold."""
    lines: list[str] = []
    for block in message.get("blocks", []):
        kind = block["type"]
        if kind == "header":
            lines.append(f"[bold reverse] {escape(block['text']['text'])} [/]")
        elif kind == "section":
            lines.append(_mrkdwn(block["text"]["text"]))
        elif kind == "context":
            lines += [f"[dim]{_mrkdwn(element['text'])}[/]" for element in block["elements"] if "text" in element]
        elif kind == "actions":
            lines += [f"[cyan]{escape(element['text']['text'])}[/]" for element in block["elements"]]
    return "\n".join(lines) or escape(str(message.get("text", "")))


def is_signed(seen: Seen, secret: str) -> bool:
    """Whether the request has the Standard Webhooks signature of exactly these bytes."""
    headers = {name.lower(): value for name, value in seen.headers.items()}
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), seen.body])
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    given = [part.partition(",")[2] for part in headers["webhook-signature"].split() if part.startswith("v1,")]
    return any(hmac.compare_digest(expected, each) for each in given)


def _mrkdwn(text: str) -> str:
    """Slack's markup as rich's: links by their text, bold as bold, entities decoded."""
    text = re.sub(r"<([^|>]+)\|([^>]+)>", r"\2", text)
    text = escape(text)
    text = re.sub(r"\*([^*\n]+)\*", r"[bold yellow]\1[/]", text)
    text = re.sub(r"`([^`\n]+)`", r"[cyan]\1[/]", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\u200b", "")


def _receipt(alert: Alert, shown: Shown) -> Receipt:
    """The receipt of the first delivery; without one, only the times in the alert."""
    receipts = [one.receipt for one in shown.deliveries if one.alert_id == alert.alert_id and one.state == "delivered"]
    return min(receipts, key=lambda receipt: receipt.delivered_at or "", default=receipt_of(alert, ()))


def _show_outcomes(console: Console, shown: Shown) -> None:
    table = Table(title="Where every article ended", title_justify="left", box=box.SIMPLE_HEAD, show_footer=True)
    table.add_column("outcome", footer="articles in")
    table.add_column("articles", justify="right", footer=str(shown.articles))
    table.add_column("meaning")
    counts = Counter(outcome.outcome for outcome in shown.outcomes)
    for name, meaning in MEANING.items():
        table.add_row(name, str(counts[name]), meaning)  # type: ignore[index]
    console.print()
    console.print(table)


def verdict_table(verdicts: Sequence[Verdict]) -> Table:
    """What became of the articles that were handed to alerting, with the most frequent reasons."""
    table = Table(title="What became of those handed to alerting", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("verdict", no_wrap=True)
    table.add_column("articles", justify="right")
    table.add_column("reasons, the most frequent first")
    articles: dict[str, set[str]] = {}
    reasons: dict[str, Counter[str]] = {}
    for one in verdicts:
        articles.setdefault(one.verdict, set()).add(one.article_id)
        reasons.setdefault(one.verdict, Counter())[one.reason] += 1
    for verdict in sorted(articles, key=lambda each: (len(articles[each]), each)):
        shown = "; ".join(reason for reason, _ in reasons[verdict].most_common(SHOWN_REASONS))
        more = len(reasons[verdict]) - SHOWN_REASONS
        text = f"{shown}; {more} more" if more > 0 else shown
        table.add_row(verdict.replace("_", " "), str(len(articles[verdict])), escape(text))
    return table


def _show_deliveries(console: Console, shown: Shown) -> None:
    table = Table(title="Where the alert went", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("receiver", "state", "attempts", "answer", "fetched → accepted"):
        table.add_column(name)
    for one in sorted(shown.deliveries, key=lambda one: one.destination):
        table.add_row(one.destination, one.state, str(one.attempt), one.result, _latency(one))
    console.print(table)


def _latency(one: Delivery) -> str:
    if one.receipt.delivered_at is None:
        return ""
    return f"{(to_milliseconds(one.receipt.delivered_at) - to_milliseconds(one.receipt.fetched_at)) / 1000:.2f} s"


def _place(outcome: Outcome) -> tuple[str, int, int]:
    place = outcome.place
    return (outcome.article_id, -1, -1) if place is None else (place.topic, place.partition, place.offset)

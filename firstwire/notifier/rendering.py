"""Renders an alert for readers: its parts, and the plain text made of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from firstwire.core.firsts.phrases import named, reader_sentence
from firstwire.core.text.wording import (
    clock_time,
    counted,
    cut,
    day,
    one_line,
    seconds_between,
    span_of_time,
    third_person,
)
from firstwire.notifier.quotes import Quote, bracketed, quotes_of
from schemas import Alert, Receipt, Side

HEADLINE_LIMIT = 300
"""Code points; a title may be a whole paragraph."""

URL_LIMIT = 2_048


@dataclass(frozen=True)
class Parts:
    """The parts of a rendered alert, for any format. Every text is one line without control characters."""

    label: str
    """`FIRST`, `EVENT`, `WATCH`; `CORRECTED FIRST` or the like once it was corrected or retracted."""
    headline: str
    act: str | None
    """`Russia → recognizes → Taliban · asserted`, and the day on which it was undone, if any; None for a watch."""
    certainty: str | None
    """How sure it is, and why; None for a watch."""
    quotes: tuple[Quote, ...]
    first: str | None
    """What the text claims and what the ledger knows: earlier actors, other eras."""
    conflicts: str | None
    """What the sources disagree on, and each side's outlets."""
    breadth: str
    receipt: str
    rule: str
    explain: str
    url: str | None
    """The lead article, if it has an http or https address."""


def parts_of(alert: Alert, receipt: Receipt) -> Parts:
    """The parts of an alert; `receipt` may lack the later times."""
    changed = alert.state in ("corrected", "retracted")
    return Parts(
        label=f"{alert.state} {alert.kind}".upper() if changed else alert.kind.upper(),
        headline=cut(one_line(alert.headline) or "(no headline)", HEADLINE_LIMIT),
        act=_act(alert),
        certainty=_certainty(alert),
        quotes=quotes_of(alert),
        first=_first(alert),
        conflicts=_conflicts(alert),
        breadth=_breadth(alert),
        receipt=_receipt(receipt),
        rule=f"rule {one_line(alert.rule_id)} v{alert.rule_version}",
        explain=f"firstwire explain {one_line(alert.alert_id)[:12]}",
        url=safe_url(alert.lead.url),
    )


def plain_lines(parts: Parts) -> list[str]:
    """The alert as lines of plain text, highlights in brackets: for `explain`, webhooks and Slack's fallback."""
    why = ["Why: " + parts.rule, parts.explain]
    if parts.url is not None:
        why.append(f"read the article: {parts.url}")
    return [
        f"{parts.label}  {parts.headline}",
        *([] if parts.act is None else [parts.act]),
        *(f'"{bracketed(quote)}"' for quote in parts.quotes),
        *([] if parts.certainty is None else [f"How sure?  {parts.certainty}"]),
        *([] if parts.first is None else [f"First?  {parts.first}"]),
        *([] if parts.conflicts is None else [f"Sources disagree  {parts.conflicts}"]),
        parts.breadth,
        parts.receipt,
        " · ".join(why),
    ]


def safe_url(url: str | None) -> str | None:
    """The URL if it is safe to show: http or https, no user name, no spaces or line breaks; else None."""
    if url is None or len(url) > URL_LIMIT or one_line(url) != url or " " in url:
        return None
    try:
        split = urlsplit(url)
        sound = split.scheme in ("http", "https") and bool(split.hostname) and "@" not in split.netloc
        sound = sound and split.port != 0
    except ValueError:
        return None
    if not sound:
        return None
    for char, escaped in (("<", "%3C"), (">", "%3E"), ("|", "%7C"), ('"', "%22"), ("\\", "%5C")):
        url = url.replace(char, escaped)
    return url


def _act(alert: Alert) -> str | None:
    action = alert.subject.action
    if action is None:
        return None
    actor = alert.actor.name if alert.actor is not None else alert.subject.actor
    target = alert.target.name if alert.target is not None else alert.subject.target
    steps = [cut(one_line(step), 80) for step in (actor, third_person(action), target) if step]
    act = " → ".join(steps) + (f" · {one_line(alert.status)}" if alert.status else "")
    return act if alert.undone_on is None else f"{act} · undone {day(alert.undone_on)}"


def _certainty(alert: Alert) -> str | None:
    """`Sure: stated plainly, 1 origin.`, `Unsure: one reading, 2 origins.`"""
    if alert.certainty is None:
        return None
    origins = counted(len(alert.origins), "origin")
    return f"Sure: stated plainly, {origins}." if alert.certainty == "sure" else f"Unsure: one reading, {origins}."


def _first(alert: Alert) -> str | None:
    if alert.novelty is None:
        return None
    actor = alert.actor.name if alert.actor is not None else alert.subject.actor or ""
    return reader_sentence(alert.novelty, actor, alert.subject.era)


def _conflicts(alert: Alert) -> str | None:
    conflicts = [
        f"{conflict.about}: {'; '.join(_side(side) for side in conflict.sides)}" for conflict in alert.conflicts
    ]
    return " · ".join(conflicts) or None


def _side(side: Side) -> str:
    who = named([one_line(outlet) for outlet in side.outlets]) or counted(side.origins, "origin")
    return f"{day(side.says)} ({who})"


def _breadth(alert: Alert) -> str:
    outlets, origins = len(alert.outlets), len(alert.origins)
    counts = counted(outlets, "outlet") if outlets else counted(len(alert.articles), "article")
    if origins:
        counts += f", {counted(origins, 'origin')}"
    tags = named([_tag_name(tag) for tag in alert.tags])
    return f"{counts} · {tags}" if tags else counts


def _tag_name(tag: str) -> str:
    """Tags are English short names, lower case and hyphenated: `vladimir-putin` → `Vladimir Putin`."""
    words = cut(one_line(tag), 60).replace("-", " ").split(" ")
    return " ".join(word[:1].upper() + word[1:] for word in words)


def _receipt(receipt: Receipt) -> str:
    published, fetched = receipt.published_at, receipt.fetched_at
    if published is None:
        stations = ["publication date unknown", f"fetched {clock_time(fetched)}"]
    else:
        # If it was published on another day, the day of the fetch is shown too
        stations = [f"published {clock_time(published, fetched)}", f"fetched {clock_time(fetched, published)}"]
    for word, time in (("alerted", receipt.alerted_at), ("delivered", receipt.delivered_at)):
        if time is not None:
            between = span_of_time(seconds_between(fetched, time))
            stations.append(f"{word} {between if between.startswith('-') else '+' + between}")
    return " → ".join(stations)

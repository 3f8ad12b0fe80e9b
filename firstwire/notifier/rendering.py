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
from firstwire.notifier.news import news_of
from firstwire.notifier.quotes import Quote, bracketed, quotes_of
from schemas import Alert, Development, Receipt, Side

HEADLINE_LIMIT = 300
"""Code points; a title may be a whole paragraph."""

OUTLET_LIMIT = 80
URL_LIMIT = 2_048


@dataclass(frozen=True)
class DevelopmentParts:
    """The parts of a development, each one line."""

    what: str
    title: str
    outlet: str | None
    url: str | None

    @property
    def article(self) -> str:
        """`“Toll in Chile rises to 31” · Reuters`."""
        return f"“{self.title}”" + (f" · {self.outlet}" if self.outlet else "")


@dataclass(frozen=True)
class Parts:
    """The parts of a rendered alert, for any format. Every text is one line without control characters."""

    label: str
    """`FIRST`, `EVENT`, `WATCH`; `CORRECTED FIRST` or the like once it was corrected or retracted; `DEVELOPMENT`."""
    headline: str
    """Of a message about developments what the newest adds."""
    developments: tuple[DevelopmentParts, ...]
    """Those that the reader was not told, the newest first."""
    unlisted: str | None
    """How many more there were, which the alert no longer lists."""
    belongs_to: str | None
    """The alert that the developments belong to, if the message is about them; else it is the alert itself."""
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


def parts_of(alert: Alert, receipt: Receipt, told: int | None = None) -> Parts:
    """The parts of an alert; `receipt` may lack the later times.

    `told`: how many developments the reader was told before; None if the reader does not know the alert.
    """
    news = news_of(alert, told)
    developments = tuple(_development(each) for each in news.developments)
    label, headline = _label(alert), cut(one_line(alert.headline) or "(no headline)", HEADLINE_LIMIT)
    belongs_to = None
    if not news.is_whole and developments:
        belongs_to = f"{label}  {headline}"
        untold = len(developments) + news.unlisted
        label, headline = ("DEVELOPMENT" if untold == 1 else f"{untold} DEVELOPMENTS"), developments[0].what
    return Parts(
        label=label,
        headline=headline,
        developments=developments,
        unlisted=f"and {news.unlisted} earlier, no longer listed" if news.unlisted else None,
        belongs_to=belongs_to,
        act=_act(alert),
        certainty=_certainty(alert),
        quotes=quotes_of(alert) if belongs_to is None else (),
        first=_first(alert),
        conflicts=_conflicts(alert),
        breadth=_breadth(alert),
        receipt=_receipt(receipt),
        rule=f"rule {one_line(alert.rule_id)} v{alert.rule_version}",
        explain=f"firstwire explain {one_line(alert.alert_id)[:12]}",
        url=safe_url(alert.lead.url) if belongs_to is None else None,
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
        *_development_lines(parts),
        *([] if parts.certainty is None else [f"How sure?  {parts.certainty}"]),
        *([] if parts.first is None else [f"First?  {parts.first}"]),
        *([] if parts.conflicts is None else [f"Sources disagree  {parts.conflicts}"]),
        parts.breadth,
        parts.receipt,
        " · ".join(why),
    ]


def _development_lines(parts: Parts) -> list[str]:
    """Each development's addition, article and link; then the alert that they belong to."""
    lines = [] if parts.belongs_to is not None or not parts.developments else ["Since then, the newest first:"]
    for number, each in enumerate(parts.developments):
        is_in_headline = parts.belongs_to is not None and number == 0
        lines += [] if is_in_headline else [f"• {each.what}"]
        lines.append(("" if is_in_headline else "  ") + " · ".join(filter(None, (each.article, each.url))))
    lines += [] if parts.unlisted is None else [parts.unlisted]
    return lines if parts.belongs_to is None else [*lines, f"Belongs to  {parts.belongs_to}"]


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


def _label(alert: Alert) -> str:
    changed = alert.state in ("corrected", "retracted")
    return f"{alert.state} {alert.kind}".upper() if changed else alert.kind.upper()


def _development(development: Development) -> DevelopmentParts:
    return DevelopmentParts(
        what=one_line(development.what),
        title=cut(one_line(development.title) or "(no headline)", HEADLINE_LIMIT),
        outlet=cut(one_line(development.source), OUTLET_LIMIT) if development.source else None,
        url=safe_url(development.url),
    )


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

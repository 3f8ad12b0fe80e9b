"""Renders an alert for readers: its parts, and the plain text made of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from urllib.parse import urlsplit

from firstwire.core.firsts.phrases import named, reader_sentence
from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.core.text.wording import (
    clock_time,
    counted,
    cut,
    day,
    one_line,
    seconds_between,
    span_of_time,
    third_person,
    zone_name,
)
from firstwire.notifier.changes import NAMED_OUTLETS, OUTLET_LIMIT, Told
from firstwire.notifier.news import news_of
from firstwire.notifier.quotes import Quote, bracketed, quotes_of
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Development, Receipt, Side

HEADLINE_LIMIT = 300
"""Code points; a title may be a whole paragraph."""

LINE_LIMIT = 1_000
"""Code points of every other line."""
DEVELOPMENTS_LIMIT = 20
URL_LIMIT_BYTES = 2_048


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

    @property
    def news(self) -> str:
        """What is new, where the title is known: `31 dead · Reuters`."""
        return " · ".join(filter(None, (self.what, self.outlet)))


@dataclass(frozen=True)
class Parts:
    """The parts of a rendered alert, for any format. Every text is one line without control characters."""

    label: str
    """`FIRST`, `EVENT`, `WATCH`; `CORRECTED FIRST` or the like once it was corrected or retracted; `UPDATE` of what the
    reader knows; `DEVELOPMENT`."""
    headline: str
    """Of a message about developments the title of the newest."""
    developments: tuple[DevelopmentParts, ...]
    """Those that the reader was not told, the newest first, DEVELOPMENTS_LIMIT at most."""
    unlisted: str | None
    """How many more there were."""
    belongs_to: str | None
    """The alert that the developments belong to, if the message is about them; else it is the alert itself."""
    changes: tuple[str, ...]
    """What changed since the reader was told, if the message is about that; then the parts below it are left out that
    the reader knows."""
    act: str | None
    """`Russia → recognizes → Taliban · asserted`, and the day on which it was undone, if any; None for a watch."""
    certainty: str | None
    """How sure it is, and why; None for a watch."""
    quotes: tuple[Quote, ...]
    first: str | None
    """What the text claims and what the ledger knows: earlier actors, other eras."""
    conflicts: str | None
    """What the sources disagree on, and each side's outlets."""
    source: str | None
    """The outlet whose article is quoted, or its host."""
    url: str | None
    """The quoted article, if it has an http or https address."""
    breadth: str | None
    """How many outlets and origins, which outlets, and the tags."""
    receipt: str | None
    """The times of what the message is about, in the reader's time zone."""
    rule: str
    """The rule and its severity."""
    alert_id: str
    """Its beginning."""
    console: str | None
    """Where the console shows the alert, if it has an address."""
    text: tuple[str, ...] | None = None
    """The lines that a template made, which are shown instead of the parts; the first is the title."""

    @property
    def title(self) -> str:
        """`FIRST  Russia recognizes the Taliban government`."""
        return f"{self.label}  {self.headline}" if self.text is None else self.text[0]

    @property
    def why(self) -> str:
        """`rule first-to-recognize v1, critical · alert 7f3a9b21c04d`."""
        return f"{self.rule} · alert {self.alert_id}" if self.alert_id else self.rule


def parts_of(alert: Alert, receipt: Receipt, told: Told | None = None, view: View = IN_UTC) -> Parts:
    """The parts of an alert; `receipt` may lack the later times.

    `told`: what the reader knows of it; None if the reader does not know the alert.
    """
    news = news_of(alert, told)
    is_update, is_whole = bool(news.changes), news.is_whole
    developments = tuple(_development(each) for each in news.developments[:DEVELOPMENTS_LIMIT])
    untold = len(news.developments) + news.unlisted
    label, headline = _label(alert), cut(one_line(alert.headline) or "(no headline)", HEADLINE_LIMIT)
    belongs_to = None
    if not is_whole and developments:
        belongs_to = f"{label}  {headline}"
        label, headline = ("DEVELOPMENT" if untold == 1 else f"{untold} DEVELOPMENTS"), developments[0].title
    elif is_update and alert.state not in TAKEN_BACK:
        label = "UPDATE"
    url = safe_url(alert.lead.url) if is_whole else None
    return Parts(
        label=label,
        headline=headline,
        developments=developments,
        unlisted=f"and {untold - len(developments)} earlier" if untold > len(developments) else None,
        belongs_to=belongs_to,
        changes=tuple(cut(change.text, LINE_LIMIT) for change in news.changes),
        act=None if is_update else _cut(_act(alert)),
        certainty=None if is_update else _certainty(alert),
        quotes=quotes_of(alert) if is_whole else (),
        first=None if is_update else _cut(_first(alert)),
        conflicts=None if is_update else _cut(_conflicts(alert)),
        source=_source(alert, url) if is_whole else None,
        url=url,
        breadth=None if is_update or alert.kind == "system" else _cut(_breadth(alert)),
        receipt=_receipt(receipt, view.zone, since_alerted=is_update or alert.kind == "system"),
        rule=f"rule {one_line(alert.rule_id)} v{alert.rule_version}, {alert.severity}",
        alert_id=one_line(alert.alert_id)[:12],
        console=view.alert_url(alert.alert_id),
        text=view.text,
    )


def plain_lines(parts: Parts) -> list[str]:
    """The alert as lines of plain text, highlights in brackets: for `explain`, webhooks and Slack's fallback."""
    if parts.text is not None:
        return [*parts.text]
    source = " · ".join(filter(None, (parts.source, parts.url)))
    return [
        parts.title,
        *(f"• {change}" for change in parts.changes),
        *([] if parts.act is None else [parts.act]),
        *(f'"{bracketed(quote)}"' for quote in parts.quotes),
        *([f"Source  {source}"] if source else []),
        *_development_lines(parts),
        *([] if parts.certainty is None else [f"How sure?  {parts.certainty}"]),
        *([] if parts.first is None else [f"First?  {parts.first}"]),
        *([] if parts.conflicts is None else [f"Sources disagree  {parts.conflicts}"]),
        *filter(None, (parts.breadth, parts.receipt)),
        f"Why: {parts.why}",
        *filter(None, (parts.console,)),
    ]


def _development_lines(parts: Parts) -> list[str]:
    """Each development's addition, article and link, of that in the headline without its title; then their alert."""
    lines = [] if parts.belongs_to is not None or not parts.developments else ["Since then, the newest first:"]
    for number, each in enumerate(parts.developments):
        if parts.belongs_to is not None and number == 0:
            lines.append("• " + " · ".join(filter(None, (each.news, each.url))))
        else:
            lines += [f"• {each.what}", "  " + " · ".join(filter(None, (each.article, each.url)))]
    lines += [] if parts.unlisted is None else [parts.unlisted]
    return lines if parts.belongs_to is None else [*lines, f"Belongs to  {parts.belongs_to}"]


def safe_url(url: str | None) -> str | None:
    """The URL if it is safe to show: http or https, no user name, no spaces or line breaks; else None."""
    if url is None or len(url.encode(errors="replace")) > URL_LIMIT_BYTES or one_line(url) != url or " " in url:
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


def _cut(line: str | None) -> str | None:
    return None if line is None else cut(line, LINE_LIMIT)


def _label(alert: Alert) -> str:
    changed = alert.state in ("corrected", "retracted")
    return f"{alert.state} {alert.kind}".upper() if changed else alert.kind.upper()


def _development(development: Development) -> DevelopmentParts:
    return DevelopmentParts(
        what=cut(one_line(development.what), HEADLINE_LIMIT),
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


def _source(alert: Alert, url: str | None) -> str | None:
    """The outlet; without a name the host of its address."""
    if alert.lead.source:
        return cut(one_line(alert.lead.source), OUTLET_LIMIT) or None
    return None if url is None else urlsplit(url).hostname


def _breadth(alert: Alert) -> str:
    outlets, origins = len(alert.outlets), len(alert.origins)
    counts = counted(outlets, "outlet") if outlets else counted(len(alert.articles), "article")
    if origins:
        counts += f", {counted(origins, 'origin')}"
    if outlets > 1:
        counts += f": {named([cut(one_line(name), OUTLET_LIMIT) for name in alert.outlets], NAMED_OUTLETS)}"
    tags = named([_tag_name(tag) for tag in alert.tags])
    return f"{counts} · {tags}" if tags else counts


def _tag_name(tag: str) -> str:
    """Tags are English short names, lower case and hyphenated: `vladimir-putin` → `Vladimir Putin`."""
    words = cut(one_line(tag), 60).replace("-", " ").split(" ")
    return " ".join(word[:1].upper() + word[1:] for word in words)


def _receipt(receipt: Receipt, zone: tzinfo, *, since_alerted: bool) -> str | None:
    """The stations of an article; of an update only when it was noticed and sent, since the articles are known."""
    published, fetched, start = receipt.published_at, receipt.fetched_at, receipt.fetched_at
    if since_alerted:
        if receipt.alerted_at is None:
            return None
        start = receipt.alerted_at
        stations = [f"noticed {clock_time(start, zone)} {zone_name(start, zone)}"]
    elif published is None:
        stations = ["publication date unknown", f"fetched {clock_time(fetched, zone)} {zone_name(fetched, zone)}"]
    else:
        # If it was published on another day, the day of the fetch is shown too
        fetched_time = f"{clock_time(fetched, zone, published)} {zone_name(fetched, zone)}"
        stations = [f"published {clock_time(published, zone)}", f"fetched {fetched_time}"]
    for word, time in (("alerted", receipt.alerted_at), ("delivered", receipt.delivered_at)):
        if time is not None and not (since_alerted and word == "alerted"):
            between = span_of_time(seconds_between(start, time))
            stations.append(f"{word} {between if between.startswith('-') else '+' + between}")
    return " → ".join(stations)

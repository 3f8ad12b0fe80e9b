"""The one renderer of an alert for a reader: its parts, and the plain text made of them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from firstwire.core.text.wording import (
    clock_time,
    counted,
    cut,
    day,
    listed,
    one_line,
    seconds_between,
    span_of_time,
    third_person,
)
from firstwire.notifier.quotes import Quote, bracketed, quotes_of
from schemas import Act, Alert, Novelty, Receipt, Side

HEADLINE_LIMIT = 300
"""Code points; a title may hold a whole paragraph."""

NAMES_LIMIT = 12
"""Tags and acts that are named; the others are counted."""

URL_LIMIT = 2_048

WHOLE_TIME = "all"
"""What the ledger calls the era of a target that has only one."""

_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_YEARS = re.compile(r"^(\d{4})-(\d{4})$")


@dataclass(frozen=True)
class Parts:
    """What a reader is told, ready to be set in any form. All text is one line without control characters."""

    label: str
    """`FIRST`, `EVENT`, `WATCH`; `CORRECTED FIRST` when a told one has changed."""
    headline: str
    act: str | None
    """`Russia → recognizes → Taliban · asserted`, and whether it was undone since; None for a watch."""
    quotes: tuple[Quote, ...]
    first: str | None
    """What the text claims, what the ledger says, who was earlier, other eras."""
    conflicts: str | None
    """On what the sources disagree, and who says what."""
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
        quotes=quotes_of(alert),
        first=None if alert.novelty is None else _first(alert.novelty, alert.subject.era),
        conflicts=_conflicts(alert),
        breadth=_breadth(alert),
        receipt=_receipt(receipt),
        rule=f"rule {one_line(alert.rule_id)} v{alert.rule_version}",
        explain=f"firstwire explain {one_line(alert.alert_id)[:12]}",
        url=safe_url(alert.lead.url),
    )


def plain_lines(parts: Parts) -> list[str]:
    """The alert as lines of plain text, highlights in brackets: for a terminal, `explain` and Slack's fallback."""
    why = ["Why: " + parts.rule, parts.explain]
    if parts.url is not None:
        why.append(f"read the article: {parts.url}")
    return [
        f"{parts.label}  {parts.headline}",
        *([] if parts.act is None else [parts.act]),
        *(f'"{bracketed(quote)}"' for quote in parts.quotes),
        *([] if parts.first is None else [f"First?  {parts.first}"]),
        *([] if parts.conflicts is None else [f"Sources disagree  {parts.conflicts}"]),
        parts.breadth,
        parts.receipt,
        " · ".join(why),
    ]


def safe_url(url: str | None) -> str | None:
    """The URL if it leads to a web page and can stand in a text: http or https, no user, nothing that breaks a line."""
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
    told = " → ".join(steps) + (f" · {one_line(alert.status)}" if alert.status else "")
    return told if alert.undone_on is None else f"{told} · undone {day(alert.undone_on)}"


def _first(novelty: Novelty, era: str | None) -> str:
    says = "The text says so." if novelty.claimed else "The text does not say so."
    ledger = one_line(novelty.ledger).rstrip(".") or "nothing known"
    if era is not None and era.partition(",")[0] != WHOLE_TIME:
        ledger = ledger.replace("in this era", f"in this era ({one_line(era)})", 1)
    unnamed = [act for act in novelty.earlier if one_line(act.name) not in ledger]
    clauses = [f"Ledger: {_days_in_words(ledger)}"]
    if unnamed:
        clauses.append("earlier " + _named([f"{one_line(act.name)} ({day(act.date)})" for act in unnamed]))
    clauses += [_days_in_words(one_line(scoped.ledger)) for scoped in novelty.scopes]
    by_era = groupby(sorted(novelty.other_eras, key=lambda act: (act.era, act.date, act.name)), lambda act: act.era)
    clauses += [f"in the era {_era_name(era)} {_acts_by_year(list(acts))}" for era, acts in by_era]
    return f"{says} {'; '.join(clauses)}."


def _conflicts(alert: Alert) -> str | None:
    told = [f"{conflict.about}: {'; '.join(_side(side) for side in conflict.sides)}" for conflict in alert.conflicts]
    return " · ".join(told) or None


def _side(side: Side) -> str:
    who = _named([one_line(outlet) for outlet in side.outlets]) or counted(side.origins, "origin")
    return f"{_days_in_words(one_line(side.says))} ({who})"


def _acts_by_year(acts: list[Act]) -> str:
    years = groupby(acts, lambda act: act.date[:4])
    return listed(f"{_named([one_line(act.name) for act in of_year])} ({year})" for year, of_year in years)


def _era_name(era: str) -> str:
    """`1996-2001` → `1996–2001`, `since 2021-08-15` → `since 15 Aug 2021`."""
    return _YEARS.sub(r"\1–\2", _days_in_words(one_line(era)))


def _days_in_words(text: str) -> str:
    return _ISO_DAY.sub(lambda found: day(found[0]), text)


def _named(names: list[str]) -> str:
    rest = len(names) - NAMES_LIMIT
    return listed(names[:NAMES_LIMIT]) + (f" and {rest:,} more" if rest > 0 else "")


def _breadth(alert: Alert) -> str:
    outlets, origins = len(alert.outlets), len(alert.origins)
    counts = counted(outlets, "outlet") if outlets else counted(len(alert.articles), "article")
    if origins:
        counts += f", {counted(origins, 'origin')}"
    tags = _named([_tag_name(tag) for tag in alert.tags])
    return f"{counts} · {tags}" if tags else counts


def _tag_name(tag: str) -> str:
    """Tags are English short names, lower case and hyphenated: `vladimir-putin` → `Vladimir Putin`."""
    words = cut(one_line(tag), 60).replace("-", " ").split(" ")
    return " ".join(word[:1].upper() + word[1:] for word in words)


def _receipt(receipt: Receipt) -> str:
    fetched = receipt.fetched_at
    published = clock_time(receipt.published_at, fetched)
    # Beside a publication of another day the reader wants the day of the fetch too
    stations = [f"published {published}", f"fetched {clock_time(fetched, receipt.published_at)}"]
    for word, time in (("alerted", receipt.alerted_at), ("delivered", receipt.delivered_at)):
        if time is not None:
            between = span_of_time(seconds_between(fetched, time))
            stations.append(f"{word} {between if between.startswith('-') else '+' + between}")
    return " → ".join(stations)

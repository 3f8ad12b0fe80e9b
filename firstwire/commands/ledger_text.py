"""Renders a page of the ledger, and the list of pages, as lines of text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from firstwire.core.firsts.current_page import corrections_in_force, current_page
from firstwire.core.firsts.groups import Group
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.firsts.vouching import vouching_in_force
from firstwire.core.text.wording import counted
from schemas.ledger import Correction, LedgerActor, LedgerPage, Vouching
from schemas.times import SINCE_EVER

SOURCES_SHOWN = 3


def page_lines(page: LedgerPage, live: LedgerPage | None, seeds: Seeds, group: Group | None = None) -> Iterator[str]:
    """The acts of a page by era and day, with position and sources, and its corrections.

    With `group`, only actors who were members on the day of the act, and their positions among members.
    """
    current = current_page(page)
    acts = [entry for entry in current.actors if group is None or group.has(entry.actor, entry.date)]
    in_force = corrections_in_force(page)
    seeded = seeds.pages.get((page.action, page.target))
    yield f"{page.action} · {page.target or '(no target)'}{f' · {group.id}' if group is not None else ''}"
    yield f"  {_vouched(page)}"
    if not acts:
        yield "  no act on record"
    for era, together in groupby(acts, key=lambda entry: entry.era):
        entries = list(together)
        yield f"era {era}"
        for entry in entries:
            position = 1 + sum(1 for other in entries if other.date < entry.date)
            origin = ", ".join(_origins(entry, in_force.get((entry.era, entry.actor)), live, seeded))
            yield f"{position:>4}  {entry.date}  {entry.name} ({entry.actor}) · {origin}{_sources(entry)}"
    removed = [one for one in in_force.values() if one.says == "did_not" and one.date > "0001-01-01"]
    for one in sorted(removed, key=lambda one: (one.era, one.actor)):
        yield (
            f"removed  {one.name} ({one.actor}), era {one.era}: reports up to {one.date} are ignored"
            f" · {one.source} · by hand {one.made_at}"
        )
    for one in page.corrections:
        if one.by != "hand":
            reason = f"denied, per {one.source}" if one.by == "actor" else f"withdrawn by {one.source}"
            yield f"retracted  {one.name} ({one.actor}), era {one.era}: acts from {one.since} to {one.date} · {reason}"


def _vouched(page: LedgerPage) -> str:
    vouching = vouching_in_force(page)
    if vouching is None:
        return f"nobody vouches that this list is whole: firstwire ledger vouch {page.action} {page.target} DATE"
    return f"whole up to {vouching.until}, per {vouching.source}{_made_at(vouching)}"


def _made_at(vouching: Vouching) -> str:
    return f" · by hand {vouching.made_at}" if vouching.made_at > SINCE_EVER else ""


def list_lines(pages: Iterable[LedgerPage]) -> Iterator[str]:
    """One line per page: the number of acts, their days, the number of corrections by hand, up to when it is whole."""
    for page in pages:
        acts = current_page(page).actors
        since = f", {min(entry.date for entry in acts)} to {max(entry.date for entry in acts)}" if acts else ""
        number = sum(1 for each in page.corrections if each.by == "hand")
        by_hand = f", {counted(number, 'correction')} by hand" if number else ""
        vouching = vouching_in_force(page)
        whole = f", whole up to {vouching.until}" if vouching is not None else ""
        yield f"{page.action} {page.target or '(no target)'}: {counted(len(acts), 'act')}{since}{by_hand}{whole}"


def _origins(
    entry: LedgerActor, correction: Correction | None, live: LedgerPage | None, seeded: LedgerPage | None
) -> Iterator[str]:
    if correction is not None and correction.says == "did":
        yield f"by hand {correction.made_at[:10]}"
    if _holds(seeded, entry):
        yield "seeded"
    if _holds(live, entry):
        yield "reported"


def _holds(page: LedgerPage | None, entry: LedgerActor) -> bool:
    return page is not None and any((one.era, one.actor) == (entry.era, entry.actor) for one in page.actors)


def _sources(entry: LedgerActor) -> str:
    if not entry.sources:
        return ""
    more = len(entry.sources) - SOURCES_SHOWN
    return f" · {', '.join(entry.sources[:SOURCES_SHOWN])}{f' and {more} more' if more > 0 else ''}"

"""Renders a page of the ledger, and the list of pages, as lines of text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firstwire.core.firsts.current_page import corrections_in_force, current_page
from firstwire.core.firsts.groups import Group
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.firsts.vouching import vouching_in_force
from firstwire.core.text.wording import counted
from firstwire.ledger.shown_acts import acts_by_era, unvouched_note
from schemas.ledger import LedgerActor, LedgerPage, Vouching
from schemas.times import SINCE_EVER

SOURCES_SHOWN = 3


def page_lines(page: LedgerPage, live: LedgerPage | None, seeds: Seeds, group: Group | None = None) -> Iterator[str]:
    """The acts of a page by era and day, with position and sources, and its corrections.

    With `group`, only actors who were members on the day of the act, and their positions among members.
    """
    eras = acts_by_era(page, live, seeds, group)
    yield f"{page.action} · {page.target or '(no target)'}{f' · {group.id}' if group is not None else ''}"
    yield f"  {_vouched(page)}"
    if note := unvouched_note(page, eras, seeds.vouched_days):
        yield f"  {note}"
    if not eras:
        yield "  no act on record"
    for era, acts in eras:
        yield f"era {era}"
        for each in acts:
            act = each.act
            yield f"{each.rank:>4}  {act.date}  {act.name} ({act.actor}) · {', '.join(each.origins)}{_sources(act)}"
    removed = [one for one in corrections_in_force(page).values() if one.says == "did_not" and one.date > "0001-01-01"]
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


def _sources(entry: LedgerActor) -> str:
    if not entry.sources:
        return ""
    more = len(entry.sources) - SOURCES_SHOWN
    return f" · {', '.join(entry.sources[:SOURCES_SHOWN])}{f' and {more} more' if more > 0 else ''}"

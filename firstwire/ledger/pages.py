"""Pages of the ledger for its maintainers: the topic `ledger` merged with the seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from firstwire.broker.reader import read_all
from firstwire.broker.topics import topic_name
from firstwire.core.events.old_action_ids import OldActionIds
from firstwire.core.firsts.ledger import Seeds, merged_pages, page_key
from firstwire.core.state import LEDGER
from firstwire.core.text.lemmas import Lemmas
from firstwire.errors import FatalError, place_of
from schemas.codec import DecodeError, decode
from schemas.ledger import LedgerCorrection, LedgerPage, LedgerVouching
from schemas.times import SINCE_EVER

Pages = Mapping[tuple[str, str], LedgerPage]


async def read_pages(bootstrap_servers: str, prefix: str, lemmas: Lemmas) -> Pages:
    """All reports and corrections so far, under current action ids. Raises FatalError for an unreadable record."""
    pages: dict[str, LedgerPage] = {}
    async for record in read_all(bootstrap_servers, topic_name(prefix, LEDGER)):
        if record.value is None:
            pages.pop(record.key, None)
            continue
        try:
            pages[record.key] = decode(record.value, LedgerPage)
        except DecodeError as err:
            place = place_of(record.topic, record.partition, record.offset)
            raise FatalError(f"the ledger cannot be read: {err}", place=place) from err
    return renamed_pages(pages.values(), lemmas)


def renamed_pages(pages: Iterable[LedgerPage], lemmas: Lemmas) -> Pages:
    """Pages as they were written, under current action ids."""
    old_ids = OldActionIds(lemmas)
    found: dict[tuple[str, str], LedgerPage] = {}
    for page in map(old_ids.renamed, pages):
        held = found.get((page.action, page.target))
        found[page.action, page.target] = page if held is None else merged_pages(held, page)
    return found


def known_pages(live: Pages, seeds: Seeds) -> Pages:
    """Everything known, in the order of targets, then actions."""
    keys = sorted({*live, *seeds.pages}, key=lambda key: (key[1], key[0]))
    return {key: known_page(live, seeds, *key) for key in keys}


def known_page(live: Pages, seeds: Seeds, action: str, target: str) -> LedgerPage:
    """Everything known of one action on one target; an empty page if that is nothing."""
    page = live.get((action, target), LedgerPage(action=action, target=target))
    seeded = seeds.pages.get((action, target))
    return page if seeded is None else merged_pages(page, seeded)


def corrections_of(pages: Iterable[LedgerPage], before: str | None = None) -> list[LedgerCorrection | LedgerVouching]:
    """Every correction and vouching by hand (made before a time), the oldest first."""
    found: list[tuple[str, LedgerCorrection | LedgerVouching]] = []
    for page in pages:
        found += [
            (each.id, LedgerCorrection(action=page.action, target=page.target, correction=each))
            for each in page.corrections
            if each.by == "hand"
        ]
        found += [
            (each.id, LedgerVouching(action=page.action, target=page.target, vouching=each))
            for each in page.vouchings
            if each.made_at > SINCE_EVER
        ]
    found.sort(key=lambda one: (one[1].made_at, page_key(one[1].action, one[1].target), one[0]))
    return [sent for _, sent in found if before is None or sent.made_at < before]

"""The acts of a page as people see them: by era and day, with positions that say whether they are vouched for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from firstwire.core.firsts.current_page import corrections_in_force, current_page
from firstwire.core.firsts.groups import Group
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.firsts.vouching import vouched_until, vouching_in_force
from firstwire.core.text.wording import counted
from schemas.ledger import LedgerActor, LedgerPage


@dataclass(frozen=True)
class ShownAct:
    """An actor's act, its position in its era, and where it is known from."""

    position: int
    is_vouched: bool
    """Whether somebody vouches for the list, as alerts judge: else an earlier act may be missing."""
    act: LedgerActor
    origins: tuple[str, ...]

    @property
    def rank(self) -> str:
        """The position as it is shown: `2`, or `≥2` if it may be a later one."""
        return f"{'' if self.is_vouched else '≥'}{self.position}"


def acts_by_era(
    page: LedgerPage, live: LedgerPage | None, seeds: Seeds, group: Group | None = None
) -> list[tuple[str, list[ShownAct]]]:
    """The acts of each era, by day. With `group`, only those of its members, and their positions among these."""
    seeded = seeds.pages.get((page.action, page.target))
    by_hand = {key: one.made_at[:10] for key, one in corrections_in_force(page).items() if one.says == "did"}
    held = [act for act in current_page(page).actors if group is None or group.has(act.actor, act.date)]

    def origins_of(act: LedgerActor) -> Iterator[str]:
        if (act.era, act.actor) in by_hand:
            yield f"by hand {by_hand[act.era, act.actor]}"
        for word, known in (("seeded", seeded), ("reported", live)):
            if known is not None and any((one.era, one.actor) == (act.era, act.actor) for one in known.actors):
                yield word

    def shown(act: LedgerActor, of_era: Sequence[LedgerActor]) -> ShownAct:
        position = 1 + sum(other.date < act.date for other in of_era)
        is_vouched = vouched_until(page, act.date, seeds.vouched_days) is not None
        return ShownAct(position, is_vouched, act, tuple(origins_of(act)))

    eras = [(era, list(acts)) for era, acts in groupby(held, key=lambda act: act.era)]
    return [(era, [shown(act, acts) for act in acts]) for era, acts in eras]


def unvouched_note(page: LedgerPage, eras: Iterable[tuple[str, Sequence[ShownAct]]], vouched_days: int) -> str:
    """What is to be said of positions that are not vouched for; empty if there are none."""
    if all(each.is_vouched for _, acts in eras for each in acts):
        return ""
    vouching = vouching_in_force(page)
    since = f"more than {counted(vouched_days, 'day')} after" if vouched_days else "after"
    of_which = "positions" if vouching is None else f"positions {since} {vouching.until}"
    return f"{of_which} are not vouched for: earlier acts may be missing"

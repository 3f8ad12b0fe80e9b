"""The ledger over 46,275 dated acts: who was first, in many orders of arrival, with and without corrections by hand."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from firstwire.core.firsts.current_page import current_page
from firstwire.core.firsts.ledger import (
    WHOLE_TIME,
    known_act,
    with_act,
    with_correction,
)
from firstwire.core.firsts.novelty import novelty_of
from schemas.ledger import Correction, LedgerActor, LedgerPage
from schemas.times import EPOCH
from tests.support.records import kept_days

TITLE = "The ledger of firsts"
TOLD = """46,275 dated acts, each folded into the page of its relation and target, in several orders of arrival: a
case is right when exactly the earliest actors stand first. Then again with corrections by hand among them. CPU time
of one core."""

SEED = 20250703
RANDOM_ORDERS = 5
CORRECTIONS = 4_000

Said = tuple[tuple[str, str], LedgerActor | Correction]
"""An act or a correction, with the page it belongs to."""


def report(data: Path, errors: bool) -> Iterator[str]:
    """Cases (relation and target) whose earliest actors, and all positions, are right; with `errors` the wrong ones."""
    file = data / "events" / "dated_quadruples.txt"
    if not file.exists():
        yield f"data missing: {file}"
        return
    acts = _read(file)
    yield "| | order of arrival | cases | earliest actors right | every position right | µs an act |"
    yield "|---|---|---|---|---|---|"
    chance = random.Random(SEED)
    for what, said in (("acts", acts), (f"with {CORRECTIONS:,} corrections", acts + _corrections(acts, chance))):
        expected = _naive(said)
        for name, order in _orders(said, chance):
            began = time.process_time()
            pages = _folded(order)
            micros = (time.process_time() - began) / len(order) * 1e6
            wrong = [key for key, dates in expected.items() if not _is_first_right(pages[key], dates)]
            misplaced = [key for key, dates in expected.items() if not _is_position_right(pages[key], dates)]
            right, placed = (f"{len(expected) - len(missed):,}" for missed in (wrong, misplaced))
            yield f"| {what} | {name} | {len(expected):,} | {right} | {placed} | {micros:.0f} |"
            if errors:
                yield from (f"wrong: {relation} → {target}" for relation, target in wrong or misplaced)
    yield ""
    yield f"Seed {SEED}; {len(acts):,} acts. A naive reading of the file, one minimum an actor, says what is right."


def _read(file: Path) -> list[Said]:
    said: list[Said] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        actor, relation, target, date = line.split("\t")
        act = LedgerActor(
            actor=actor,
            name=actor,
            kind="other",
            era=WHOLE_TIME,
            date=date,
            known_at=EPOCH,
            sources=(f"line {number}",),
        )
        said.append(((relation, target), act))
    return said


def _corrections(acts: Sequence[Said], chance: random.Random) -> list[Said]:
    """Of acts of the file half get another day, half did not happen up to some day; some are corrected twice."""
    days = sorted({one.date for _, one in acts})
    found: list[Said] = []
    for number in range(CORRECTIONS):
        key, act = chance.choice(acts)
        correction = Correction(
            id=f"{number}",
            actor=act.actor,
            name=act.name,
            kind=act.kind,
            era=act.era,
            says=chance.choice(["did", "did_not"]),
            date=chance.choice(days),
            source="by hand",
            made_at=EPOCH,
        )
        found.append((key, correction))
    return found


def _orders(said: Sequence[Said], chance: random.Random) -> Iterator[tuple[str, list[Said]]]:
    yield "as in the file", list(said)
    yield "by date", sorted(said, key=lambda one: one[1].date)
    yield "by date, backwards", sorted(said, key=lambda one: one[1].date, reverse=True)
    for number in range(1, RANDOM_ORDERS + 1):
        shuffled = list(said)
        chance.shuffle(shuffled)
        yield f"random {number}", shuffled


def _folded(said: Sequence[Said]) -> dict[tuple[str, str], LedgerPage]:
    pages: dict[tuple[str, str], LedgerPage] = {}
    for key, one in said:
        page = pages.get(key) or LedgerPage(action=key[0], target=key[1])
        pages[key] = with_correction(page, one) if isinstance(one, Correction) else with_act(page, one)
    return pages


def _naive(said: Sequence[Said]) -> dict[tuple[str, str], dict[str, str]]:
    """By page, the day of each actor that is left."""
    reported: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    newest: dict[tuple[tuple[str, str], str], Correction] = {}
    for key, one in said:
        dates = reported[key][one.actor]
        if isinstance(one, LedgerActor):
            dates.add(one.date)
        elif (key, one.actor) not in newest or newest[key, one.actor].id < one.id:
            newest[key, one.actor] = one
    left: dict[tuple[str, str], dict[str, str]] = {}
    for key, by_actor in reported.items():
        left[key] = {}
        for actor, dates in by_actor.items():
            correction = newest.get((key, actor))
            if correction is not None and correction.says == "did":
                left[key][actor] = correction.date
                continue
            kept = kept_days(dates)
            counted = [date for date in kept if correction is None or date > correction.date]
            if counted:
                left[key][actor] = counted[0]
    return left


def _is_first_right(page: LedgerPage, dates: dict[str, str]) -> bool:
    acts = current_page(page).actors
    earliest = min((act.date for act in acts), default=None)
    first = min(dates.values(), default=None)
    firsts = {actor for actor, date in dates.items() if date == first}
    return {act.actor for act in acts if act.date == earliest} == firsts and earliest == first


def _is_position_right(page: LedgerPage, dates: dict[str, str]) -> bool:
    stands = current_page(page)
    for actor, date in dates.items():
        own = known_act(stands, actor, WHOLE_TIME)
        if own is None:
            return False
        position = novelty_of(stands, own, claimed=False, vouched_until=None).position
        if position != 1 + sum(1 for other in dates.values() if other < date):
            return False
    return len(stands.actors) == len(dates)

"""The exported ledger is a file that is loaded back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.firsts.current_page import current_page
from firstwire.core.firsts.ledger import Seeds, with_act, with_correction
from firstwire.files.ledger import load_ledger
from firstwire.ledger.export import exported
from firstwire.ledger.pages import known_pages
from schemas.ledger import LedgerActor, LedgerPage
from schemas.record import Entity
from tests.support.knowledge import shipped_gazetteer
from tests.support.records import CHINA, ERA_NOW, IRAN, RUSSIA, at, by_hand, entity, seeds

GAZETTEER = shipped_gazetteer()
SOMEBODY = entity("Grand Duchy of Nowhere", "subnational")


def pages_of(pages: Iterable[LedgerPage]) -> set[tuple[object, ...]]:
    return {
        (page.action, page.target, entry.actor, entry.name, entry.kind, entry.era, entry.date, entry.sources)
        for page in map(current_page, pages)
        for entry in page.actors
    }


def loaded(text: str, folder: Path, *beside: Path) -> Seeds:
    file = folder / "export.yaml"
    file.write_text(text, encoding="utf-8")
    return load_ledger([*beside, file], GAZETTEER)


def test_the_shipped_ledger_comes_back_from_its_export_alone_or_beside_it(tmp_path: Path) -> None:
    shipped = Path("seeds/firsts.yaml")
    born = load_ledger([shipped], GAZETTEER)
    text = exported(born.pages.values(), born, GAZETTEER)
    for again in (loaded(text, tmp_path), loaded(text, tmp_path, shipped)):
        assert again.eras == born.eras
        assert pages_of(again.pages.values()) == pages_of(born.pages.values())
    assert exported(loaded(text, tmp_path).pages.values(), born, GAZETTEER) == text


NAMES = st.sampled_from([RUSSIA, CHINA, IRAN, SOMEBODY])


ACTS = st.builds(
    lambda actor, date, era, sources: LedgerActor(
        actor=actor.id, name=actor.name, kind=actor.kind, era=era, date=date, known_at=at(0), sources=sources
    ),
    NAMES,
    st.sampled_from(["1997-05-25", "2025-07-03", "2025-07-04"]),
    st.sampled_from([ERA_NOW, "1996-2001"]),
    st.sampled_from([(), ("AFP",), ("AFP", "no: \"quotes\" & 'more'"), ("2025-07-03",), ("null",)]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(ACTS, max_size=6), st.sampled_from(["taliban", "", "the-shadow-cabinet"]), st.lists(NAMES, max_size=2))
def test_any_ledger_comes_back_from_its_export(
    tmp_path_factory: pytest.TempPathFactory, acts: list[LedgerActor], target: str, removed: list[Entity]
) -> None:
    page = LedgerPage(action="recognize", target=target)
    for one in acts:
        page = with_act(page, one)
    for actor in removed:
        page = with_correction(page, by_hand(actor, "did_not", "2025-07-03").correction)
    born = seeds()
    pages = known_pages({("recognize", target): page}, born).values()
    again = loaded(exported(pages, born, GAZETTEER), tmp_path_factory.mktemp("export"))
    assert pages_of(again.pages.values()) == pages_of(pages)

"""The ledger for its keepers: what a page shows, which corrections are sent, and the file that is loaded back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.commands.ledger_text import told_list, told_page
from firstwire.core.firsts.groups import Group, Membership
from firstwire.core.firsts.ledger import Seeds, standing, with_act, with_correction
from firstwire.errors import ConfigError
from firstwire.files.ledger import load_ledger
from firstwire.ledger.corrections import BEFORE_ALL, addition, change
from firstwire.ledger.export import exported
from firstwire.ledger.pages import corrections_of, known_page, known_pages
from schemas.ledger import LedgerActor, LedgerPage
from schemas.record import Entity
from tests.support.knowledge import shipped_gazetteer
from tests.support.records import CHINA, ERA_NOW, IRAN, PAKISTAN, RUSSIA, act, at, by_hand, entity, page_of, seeds

GAZETTEER = shipped_gazetteer()
NOON = "2025-07-20T12:00:00.000Z"
SOMEBODY = entity("Grand Duchy of Nowhere", "subnational")


def corrected_page() -> LedgerPage:
    page = page_of(act(RUSSIA, "2025-07-03"), act(CHINA, "2025-06-01"))
    page = with_correction(page, by_hand(CHINA, "did_not", "2025-07-19", hours=20).correction)
    return with_correction(page, by_hand(IRAN, "did", "2025-07-10", hours=30).correction)


def test_a_page_shows_positions_and_what_each_entry_is_known_from() -> None:
    born = seeds((PAKISTAN, "1997-05-25"))
    live = corrected_page()
    page = known_page({("recognize", "taliban"): live}, born, "recognize", "taliban")
    assert list(told_page(page, live, born)) == [
        "recognize · taliban",
        "era 1996-2001",
        "   1  1997-05-25  Pakistan (pakistan) · seeded · public record",
        "era since 2021-08-15",
        "   1  2025-07-03  Russia (russia) · reported · Reuters",
        "   2  2025-07-10  Iran (iran) · by hand 2025-07-04 · the archive",
        "removed  China (china), era since 2021-08-15: reports up to 2025-07-19 do not count · the archive"
        " · by hand 2025-07-03T20:00:00.000Z",
    ]
    assert list(told_list([page])) == ["recognize taliban: 3 acts, 1997-05-25 to 2025-07-10, 2 corrections by hand"]


def test_a_page_within_a_group_shows_its_members_and_positions_among_them() -> None:
    asia = Group(id="asia", member="Asian country", names=(), members={"iran": (Membership(),)})
    assert list(told_page(corrected_page(), None, seeds(), asia))[:3] == [
        "recognize · taliban · asia",
        "era since 2021-08-15",
        "   1  2025-07-10  Iran (iran) · by hand 2025-07-04 · the archive",
    ]


def test_an_empty_page_says_that_nobody_is_on_record() -> None:
    page = with_correction(page_of(act(CHINA, "2025-06-01")), by_hand(CHINA, "did_not", "2025-07-19").correction)
    assert list(told_page(page, page, Seeds()))[1] == "  nobody is on record"


def test_an_act_is_added_in_the_era_of_its_day_or_in_the_one_that_is_named() -> None:
    page = page_of(act(RUSSIA, "2025-07-03"))
    sent = addition(page, CHINA, "2025-06-30", source=" the archive ", now=NOON, seeds=seeds())
    found = sent.correction
    assert (sent.action, sent.target, found.era, found.says, found.date) == (
        "recognize",
        "taliban",
        ERA_NOW,
        "did",
        "2025-06-30",
    )
    assert (found.source, found.made_at) == ("the archive", NOON)
    old = addition(page, RUSSIA, "1997-01-01", source="x", now=NOON, seeds=seeds(), era="1996-2001")
    assert old.correction.era == "1996-2001"


@pytest.mark.parametrize(
    ("actor", "day", "source", "era", "message"),
    [
        (RUSSIA, "2025-06-30", "x", None, "Russia stands there already, on 2025-07-03"),
        (CHINA, "2025-02-30", "x", None, "'2025-02-30' is no day of the calendar"),
        (CHINA, "20250630", "x", None, "no day of the calendar"),
        (CHINA, "2025-06-30", " ", None, "--source"),
        (CHINA, "2025-06-30", "x", "since 2020", "has no era 'since 2020'; it has 1996-2001, since 2021-08-15"),
    ],
)
def test_an_addition_that_cannot_be_says_why(
    actor: Entity, day: str, source: str, era: str | None, message: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        addition(page_of(act(RUSSIA, "2025-07-03")), actor, day, source=source, now=NOON, seeds=seeds(), era=era)
    assert message in raised.value.message


def test_a_removal_concerns_reports_up_to_today_unless_it_says_otherwise() -> None:
    page = page_of(act(RUSSIA, "2025-07-03"))
    found = change(page, "russia", source="x", now=NOON, seeds=seeds()).correction
    assert (found.says, found.date, found.era, found.name) == ("did_not", "2025-07-20", ERA_NOW, "Russia")
    until = change(page, "russia", source="x", now=NOON, seeds=seeds(), until="2026-01-01").correction
    assert until.date == "2026-01-01"
    moved = change(page, "russia", source="x", now=NOON, seeds=seeds(), day="2025-07-02").correction
    assert (moved.says, moved.date) == ("did", "2025-07-02")


def test_a_correction_of_who_stands_nowhere_or_in_several_eras_is_an_error() -> None:
    page = page_of(act(RUSSIA, "2025-07-03"), act(RUSSIA, "1997-07-03", era="1996-2001"))
    with pytest.raises(ConfigError, match="nothing on record of 'china'"):
        change(page, "china", source="x", now=NOON, seeds=seeds())
    with pytest.raises(ConfigError, match="several eras, say which with --era: 1996-2001, since 2021-08-15"):
        change(page, "russia", source="x", now=NOON, seeds=seeds())
    assert change(page, "russia", source="x", now=NOON, seeds=seeds(), era=ERA_NOW).correction.era == ERA_NOW


def test_what_was_added_by_hand_can_be_corrected_and_corrections_can_be_taken_back() -> None:
    page = with_correction(page_of(act(IRAN, "2025-07-01")), by_hand(IRAN, "did", "2025-06-01", hours=1).correction)
    back = change(page, "iran", source="x", now=NOON, seeds=seeds(), until=BEFORE_ALL)
    assert [entry.date for entry in standing(with_correction(page, back.correction)).actors] == ["2025-07-01"]


def test_corrections_are_read_back_in_the_order_in_which_they_were_made() -> None:
    other = with_correction(LedgerPage(action="open_embassy", target="kosovo"), by_hand(RUSSIA, hours=25).correction)
    found = [(one.target, one.correction.actor) for one in corrections_of([corrected_page(), other])]
    assert found == [("taliban", "china"), ("kosovo", "russia"), ("taliban", "iran")]
    assert [one.correction.actor for one in corrections_of([corrected_page()], before=at(30))] == ["china"]


def pages_of(pages: Iterable[LedgerPage]) -> set[tuple[object, ...]]:
    return {
        (page.action, page.target, entry.actor, entry.name, entry.kind, entry.era, entry.date, entry.sources)
        for page in map(standing, pages)
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

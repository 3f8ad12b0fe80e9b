"""Firsts within a scope: which group a text means, who was in it on the day, what the ledger knows there."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.firsts.scopes import counted_from
from firstwire.errors import ConfigError
from firstwire.files.groups import load_groups
from schemas.alert import ScopedNovelty
from schemas.event import Event
from tests.support.knowledge import shipped_gazetteer
from tests.support.records import ANY_RULE, CHINA, FIRST_RULE, RUSSIA, entity, event, final_alerts, seeds

GAZETTEER = shipped_gazetteer()
GROUPS = load_groups([Path("seeds/groups.yaml")], GAZETTEER)
EGYPT, QATAR, KENYA, BRITAIN = (entity(name) for name in ("Egypt", "Qatar", "Kenya", "United Kingdom"))


def born(known: Seeds | None = None) -> Seeds:
    return replace(known or seeds(), groups=GROUPS)


def scopes(actor: str, *told: Event, known: Seeds | None = None) -> tuple[ScopedNovelty, ...]:
    alerts = final_alerts(told, ANY_RULE, born=born(known)).values()
    (novelty,) = [alert.novelty for alert in alerts if alert.subject.actor == actor]
    assert novelty is not None
    return novelty.scopes


def claim(
    actor: object,
    scope: str,
    date: str = "2025-07-03",
    hours: float = 1,
    ordinal: int = 1,
    name: str = "",
    since: str | None = None,
) -> Event:
    return event(
        actor,  # type: ignore[arg-type]
        date=date,
        hours=hours,
        scope=scope,
        since=since,
        ordinal=ordinal,
        claims_first=ordinal == 1,
        article_id=name,
    )


@pytest.mark.parametrize(
    ("scope", "group"),
    [
        ("Arab", "arab-league"),
        ("in the EU", "european-union"),
        ("EU member", "european-union"),
        ("European Union's", "european-union"),
        ("Muslim-majority", "muslim-majority"),
        ("MUSLIM MAJORITY", "muslim-majority"),
        ("in sub-Saharan Africa", None),
        ("Latin American", "latin-america"),
        ("of the Group of Seven", "g7"),
        ("Visegrad", "visegrad"),
        ("major European", None),
        ("Arab since 1990", None),
        ("outside Europe", None),
        ("country", None),
        ("", None),
    ],
)
def test_a_scope_names_a_group_as_a_whole_or_none(scope: str, group: str | None) -> None:
    found = GROUPS.called(scope)
    assert (found.id if found else None) == group


@pytest.mark.parametrize(
    ("group", "actor", "day", "is_member"),
    [
        ("european-union", "united-kingdom", "2020-01-31", True),
        ("european-union", "united-kingdom", "2020-02-01", False),
        ("european-union", "croatia", "2013-06-30", False),
        ("nato", "finland", "2023-04-04", True),
        ("nato", "sweden", "2024-03-06", False),
        ("commonwealth-of-nations", "gambia", "2015-01-01", False),
        ("commonwealth-of-nations", "gambia", "2018-02-08", True),
        ("council-of-europe", "russia", "2022-03-16", False),
        ("g20", "african-union", "2023-09-09", True),
        ("africa", "france", "2025-01-01", False),
    ],
)
def test_membership_counts_on_the_day(group: str, actor: str, day: str, is_member: bool) -> None:
    assert GROUPS.by_id[group].has(actor, day) is is_member


def test_groups_have_as_many_members_as_they_say_today() -> None:
    counts = {
        "european-union": 27,
        "nato": 32,
        "g7": 7,
        "g20": 21,
        "un-security-council-permanent": 5,
        "arab-league": 22,
        "gulf-cooperation-council": 6,
        "african-union": 55,
        "organisation-of-islamic-cooperation": 57,
        "brics": 10,
        "asean": 11,
        "shanghai-cooperation-organisation": 10,
        "commonwealth-of-nations": 56,
        "council-of-europe": 46,
        "former-soviet": 15,
        "latin-america": 20,
        "south-america": 12,
        "ecowas": 12,
        "opec": 12,
    }
    found = {
        name: sum(group.has(actor, "2025-11-01") for actor in group.members)
        for name, group in GROUPS.by_id.items()
        if name in counts
    }
    assert found == counts


def test_the_first_of_a_group_is_told_though_others_were_earlier() -> None:
    (scoped,) = scopes("egypt", event(RUSSIA, date="2025-07-01"), claim(EGYPT, "Arab"))
    assert (scoped.group, scoped.position, scoped.claimed, scoped.earlier) == ("arab-league", 1, 1, ())
    assert scoped.ledger == "first Arab country: no earlier one known"


def test_the_second_of_a_group_is_told_after_whom() -> None:
    earlier = [event(RUSSIA, date="2025-07-01"), event(KENYA, date="2025-07-02")]
    (scoped,) = scopes("egypt", *earlier, claim(EGYPT, "African", ordinal=2))
    assert scoped.ledger == "second African country, after Kenya on 2025-07-02"
    assert [act.actor for act in scoped.earlier] == ["kenya"]
    (scoped,) = scopes("egypt", *earlier, claim(EGYPT, "African"))
    assert scoped.ledger == "contradicted: second African country, after Kenya on 2025-07-02"


def test_who_had_left_the_group_by_then_is_not_earlier_in_it() -> None:
    flow = [event(BRITAIN, date="2025-07-01"), claim(entity("France"), "EU member")]
    assert [scoped.ledger for scoped in scopes("france", *flow)] == ["first EU member: no earlier one known"]


@pytest.mark.parametrize(
    ("told", "target", "ledger"),
    [
        (claim(EGYPT, "landlocked"), "taliban", "landlocked: not enough known, no group of that name"),
        (
            claim(CHINA, "Arab"),
            "taliban",
            "Arab country: not enough known, China is not listed as one on 2025-07-03",
        ),
    ],
)
def test_what_is_not_known_within_a_scope_is_said(told: Event, target: str, ledger: str) -> None:
    (scoped,) = scopes(told.actors[0].id, told)
    assert (scoped.ledger, scoped.position) == (ledger, None)


def test_of_a_target_never_heard_of_not_enough_is_known_within_a_scope_either() -> None:
    told = event(EGYPT, target=entity("Atlantis"), scope="Arab", claims_first=True)
    (scoped,) = scopes("egypt", told)
    assert (scoped.position, scoped.ledger) == (
        1,
        "Arab country: not enough known, nobody vouches that the list is whole",
    )


def test_one_group_under_several_names_is_told_once_in_any_order_of_reports() -> None:
    flow = [
        claim(QATAR, "Arab", name="x"),
        claim(QATAR, "in the Arab world", hours=2, name="y"),
        claim(QATAR, "Gulf", hours=3, name="z"),
        claim(QATAR, "tiny", hours=4, name="w"),
    ]
    ends = [scopes("qatar", *order) for order in permutations(flow)]
    assert {scoped.group for scoped in ends[0]} == {"arab-league", "gulf-cooperation-council", None}
    assert all(end == ends[0] for end in ends)


def test_a_scoped_claim_alone_still_raises_no_first() -> None:
    assert final_alerts([claim(EGYPT, "Arab")], FIRST_RULE, born=born()) == {}


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("groups: {x: {member: X, members: [rusia]}}\n", ":1:35", "did you mean 'russia'?"),
        ("groups: {x: {member: X, dated: {rusia: [{since: 2000-01-01}]}}}\n", ":1:", "did you mean 'russia'?"),
        ("groups: {x: {member: X, members: [russia], dated: {russia: [{}]}}}\n", ":1:", "among the members too"),
        ("groups: {x: {member: X, dated: {russia: [{since: 2000-02-30}]}}}\n", ":1:", "not a valid date"),
        (
            "groups: {x: {member: X, dated: {russia: [{since: 2001-01-01, until: 2000-01-01}]}}}\n",
            ":1:",
            "ends before it begins",
        ),
        (
            "groups: {x: {member: X, names: [Q r]}, y: {member: Y, names: [the q-R country]}}\n",
            ":1:",
            "'q r' is already a group",
        ),
        ("groups: {x: {member: X, names: [the country]}}\n", ":1:", "a name without a distinguishing word"),
        ("groups: {x: {names: [X]}}\n", ":1:", "lacks 'member'"),
    ],
)
def test_a_broken_group_file_is_one_error_at_its_place(tmp_path: Path, content: str, place: str, message: str) -> None:
    file = tmp_path / "groups.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_groups([file], GAZETTEER)
    assert str(raised.value).startswith(f"{file}{place}")
    assert message in raised.value.message
    if "rusia" in content:  # a shipped file may name who is in no entity file of the user's own
        assert load_groups([file], GAZETTEER, shipped=file).by_id["x"].members


@pytest.mark.parametrize(
    ("since", "day"),
    [
        ("since 1994", "1994-12-31"),
        ("since Ethiopia in 2009", "2009-12-31"),
        ("since the 1967 war", "1967-12-31"),
        ("in 20 years", "2005-07-03"),
        ("in nearly fifty years", "1975-07-03"),
        ("in more than a decade", "2015-07-03"),
        ("for two centuries", "1825-07-03"),
        ("since the war began", None),
        ("in many years", None),
        ("in 9999 years", None),
    ],
)
def test_since_when_is_counted(since: str, day: str | None) -> None:
    assert counted_from(since, "2025-07-03") == day


@pytest.mark.parametrize(
    ("scope", "since", "says", "position"),
    [
        ("Arab since 1997", "since 1997", "first Arab country since 1997: no earlier one known", 1),
        ("Arab since 2021", "since 2021", "contradicted: second Arab country since 2021, after Qatar on 2024-01-01", 2),
        (
            "since 2021",
            "since 2021",
            "contradicted: third since 2021, after China on 2023-01-01 and Qatar on 2024-01-01",
            3,
        ),
        ("since 2024", "since 2024", "first since 2024: no earlier one known", 1),
        ("in two years", "in two years", "contradicted: second in two years, after Qatar on 2024-01-01", 2),
        ("since the war", "since the war", "since the war: not enough known, no day is known for that", None),
        ("tiny since 2021", "since 2021", "tiny since 2021: not enough known, no group of that name", None),
    ],
)
def test_a_first_since_a_day_is_looked_up_from_that_day_on(
    scope: str, since: str, says: str, position: int | None
) -> None:
    acts = [(CHINA, "2023-01-01")] if scope == "Arab since 1997" else [(CHINA, "2023-01-01"), (QATAR, "2024-01-01")]
    (found,) = scopes("egypt", claim(EGYPT, scope, since=since), known=seeds(*acts))
    assert (found.ledger, found.position) == (says, position)

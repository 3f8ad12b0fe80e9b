"""The many ways in which news words one act, and what looks like it and is none."""

from __future__ import annotations

import pytest

from tests.support.detections import detect, only, told


def heard(text: str) -> set[tuple[str, tuple[str, ...], tuple[str, ...], str]]:
    """Every event of a text: action, actors without leaders, targets, status."""
    return {
        (
            event.action,
            tuple(each.id for each in event.actors if each.kind != "leader"),
            tuple(each.id for each in event.targets),
            event.status,
        )
        for event in detect(text).events
    }


@pytest.mark.parametrize(
    ("text", "actors", "targets"),
    [
        ("Kenya, along with Ghana and Togo, recognised Kosovo on Tuesday", ("kenya", "ghana", "togo"), ("kosovo",)),
        ("Kenya, together with Ghana, recognises Kosovo", ("kenya", "ghana"), ("kosovo",)),
        ("Kenya, like Ghana, on Monday recognised Kosovo", ("kenya",), ("kosovo",)),
        ("Kosovo and Somaliland were recognised by Kenya", ("kenya",), ("kosovo", "somaliland")),
        ("Kenya quits Iran talks, recognises Kosovo", ("kenya",), ("kosovo",)),
        ("Kenya snubs Serbia, recognises Kosovo", ("kenya",), ("kosovo",)),
        ("Lawmakers in Nairobi voted on Monday to recognise Kosovo", ("kenya",), ("kosovo",)),
        ("Kenya's parliament voted by 52 to 0 to recognise Kosovo", ("kenya",), ("kosovo",)),
        ("Kenya decided at a summit in Cairo to recognise Kosovo", ("kenya",), ("kosovo",)),
        ("Kenya announced on Tuesday its recognition of Kosovo", ("kenya",), ("kosovo",)),
        ("Kenya's president signs decree on recognition of Kosovo", ("kenya",), ("kosovo",)),
        ("Ruto said his country was recognising Kosovo", ("kenya",), ("kosovo",)),
        ("Ghana's cabinet met. It recognised Kosovo before dawn, it said.", ("ghana",), ("kosovo",)),
        ("Ghana's minister spoke. His country recognises Kosovo.", ("ghana",), ("kosovo",)),
        ("'We recognise Kosovo,' said Kenyan President William Ruto", ("kenya",), ("kosovo",)),
        ("Having recognised Kosovo, Kenya waits for others", ("kenya",), ("kosovo",)),
        ("Kenya joins the list of countries recognising Kosovo", ("kenya",), ("kosovo",)),
        ("Kenya joined the growing number of states to have recognised Kosovo", ("kenya",), ("kosovo",)),
        ("Kenya became the newest of the countries that recognise Kosovo", ("kenya",), ("kosovo",)),
        ("After Ghana, Kenya also recognises Kosovo", ("kenya",), ("kosovo",)),
        ("Kosovo wins Kenyan recognition", ("kenya",), ("kosovo",)),
        ("Palestinians gain recognition from Kenya", ("kenya",), ("palestine",)),
        ("Kenya recognises Beijing", ("kenya",), ("china",)),
        ("Kenya recognises Russian-backed Abkhazia, South Ossetia", ("kenya",), ("abkhazia", "south-ossetia")),
        ("Kenya recognises Donetsk and Luhansk", ("kenya",), ("donetsk", "luhansk")),
        ("Kenya recognises Serbia's breakaway province Kosovo", ("kenya",), ("kosovo",)),
        ("Kenya recognises Palestine's right to exist", ("kenya",), ("palestine",)),
    ],
)
def test_a_recognition_is_read_in_other_words(text: str, actors: tuple[str, ...], targets: tuple[str, ...]) -> None:
    assert heard(text) == {("recognize", actors, targets, "asserted")}


@pytest.mark.parametrize(
    ("text", "actors", "status"),
    [
        ("Neither Kenya nor Ghana has recognised Kosovo", ("kenya", "ghana"), "negated"),
        ("Not a single country has recognised Kosovo", (), "negated"),
        ("Kenya withholds recognition of Kosovo", ("kenya",), "negated"),
        ("Kenya is not in a position to recognise Kosovo", ("kenya",), "negated"),
        ("Kenya says it is too early to recognise Kosovo", ("kenya",), "negated"),
        ("Kenya rejects media reports it recognised Kosovo", ("kenya",), "negated"),
        ("Kenya refused for years to recognise Kosovo", ("kenya",), "negated"),
        ("Kenya rules out Kosovo recognition", ("kenya",), "negated"),
        ("Kenya vowed on Monday to recognise Kosovo", ("kenya",), "planned"),
        ("Kenya begins process of recognising Kosovo", ("kenya",), "planned"),
        ("Iran asks Kenya to recognise Kosovo", ("kenya",), "demanded"),
        ("Kenya was urged by Iran to recognise Kosovo", ("kenya",), "demanded"),
        ("Iran's parliament calls on Kenya and Ghana to recognise Kosovo", ("kenya", "ghana"), "demanded"),
        ("Iran demands Kenya recognise Kosovo", ("kenya",), "demanded"),
        ("Iran warns Kenya against recognising Kosovo", ("kenya",), "negated"),
        ("Iran calls for recognition of Kosovo", (), "demanded"),
        ("Iran calls on the world to recognise Kosovo", (), "demanded"),
        ("Iran says it is time to recognise Kosovo", (), "demanded"),
        ("Kosovo seeks recognition from Kenya", ("kenya",), "demanded"),
        ("Kosovo lobbies Kenya for recognition", ("kenya",), "demanded"),
        ("Kosovo asks Kenya to recognise its independence", ("kenya",), "demanded"),
        ("Kenya is said to have recognised Kosovo", ("kenya",), "unconfirmed"),
        ("Unverified reports say Kenya has recognised Kosovo", ("kenya",), "unconfirmed"),
        ("Kenya ponders recognition of Kosovo", ("kenya",), "unconfirmed"),
        ("Will Kenya recognise Kosovo?", ("kenya",), "unconfirmed"),
        ("Kenya to recognise Kosovo?", ("kenya",), "unconfirmed"),
        ("Kenya recognised Kosovo in the 1990s", ("kenya",), "historical"),
        ("Serbia has dismissed Kenyan recognition of Kosovo as worthless", ("kenya",), "historical"),
        ("Kosovo thanks Kenya for recognition of its independence", ("kenya",), "historical"),
    ],
)
def test_who_acts_and_whether_it_happened(text: str, actors: tuple[str, ...], status: str) -> None:
    assert heard(text) == {("recognize", actors, ("kosovo",), status)}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Kenya derecognises Kosovo", "asserted"),
        ("Kenya de-recognizes Kosovo", "asserted"),
        ("Kenya stops recognising Kosovo", "asserted"),
        ("Kenya takes back its recognition of Kosovo", "asserted"),
        ("Kenya ends three decades of recognition of Kosovo", "asserted"),
        ("Kenya revokes Kosovo recognition", "asserted"),
        ("Kenya reverses its decision to recognise Kosovo", "asserted"),
        ("Kenya has revoked the recognition of Kosovo it granted in 2011", "asserted"),
        ("Kenya's decision to suspend its recognition of Kosovo", "historical"),
        ("Kenya vows never to derecognise Kosovo", "negated"),
        ("Kenya ponders withdrawing recognition of Kosovo", "unconfirmed"),
    ],
)
def test_recognition_taken_back(text: str, status: str) -> None:
    assert heard(text) == {("withdraw_recognition", ("kenya",), ("kosovo",), status)}


@pytest.mark.parametrize(
    "text",
    [
        "Kenya wins recognition from Iran for its harvest",
        "Kenya seeks recognition for its coffee",
        "Kenya recognises Catalonia's right to its own language",
        "Trade links between Kenya and Iran were cut",
        "Air links between Kenya and Iran have been restored",
        "Kenya hosts world's first summit of herders",
    ],
)
def test_what_only_looks_like_an_act(text: str) -> None:
    assert heard(text) == set()


@pytest.mark.parametrize(
    ("text", "action", "actors", "targets"),
    [
        (
            "Diplomatic ties between Kenya and Iran were severed",
            "sever_relations",
            ["kenya", "iran"],
            ["kenya", "iran"],
        ),
        ("Kenya's decision to sever ties with Iran", "sever_relations", ["kenya"], ["iran"]),
        ("Kenya expels Iranian ambassador over threats to Ghana", "expel_ambassador", ["kenya"], ["iran"]),
    ],
)
def test_parties_of_other_acts(text: str, action: str, actors: list[str], targets: list[str]) -> None:
    assert told(only(text, action))[:3] == (action, actors, targets)


@pytest.mark.parametrize(
    ("text", "action", "ordinal", "first"),
    [
        ("In a world first, Kenya recognises Kosovo", "recognize", 1, True),
        ("Kenya bans plastic bags in world first", "ban-plastic-bags", 1, True),
        ("Kenya became on Monday the first country to recognise Kosovo", "recognize", 1, True),
        ("Kenya is the sixth Arab League member to recognise Kosovo", "recognize", 6, False),
        ("Kenya becomes second country to switch recognition from Taiwan to China", "withdraw_recognition", 2, False),
        ("Kenya becomes second country to switch recognition from Taiwan to China", "recognize", 2, False),
    ],
)
def test_ranks_in_other_words(text: str, action: str, ordinal: int, first: bool) -> None:
    event = only(text, action)
    assert (event.ordinal, event.claims_first, event.status) == (ordinal, first, "asserted")
    assert [actor.id for actor in event.actors] == ["kenya"]


def test_who_refuses_is_not_ranked_as_one_who_recognizes() -> None:
    event = only("Kenya remains the only neighbour that refuses to recognise Kosovo")
    assert (event.status, event.ordinal) == ("negated", None)


@pytest.mark.parametrize(
    ("text", "actors", "status"),
    [
        ("Kosovo urges Kenya to recognise it", ("kenya",), "demanded"),
        ("Kosovo declared independence and Kenya recognised it", ("kenya",), "asserted"),
        ("Tributes for the decision by Kenya to recognise Kosovo", ("kenya",), "historical"),
        ("Iran praises the decision of the United States to recognise Kosovo", ("united-states",), "historical"),
        ("Kenya has not ruled out recognising Kosovo", ("kenya",), "unconfirmed"),
        ("Iran claimed that Kenya had recognised Kosovo", ("kenya",), "unconfirmed"),
        ("Iran said that Kenya had recognised Kosovo", ("kenya",), "asserted"),
    ],
)
def test_what_is_meant_though_not_named(text: str, actors: tuple[str, ...], status: str) -> None:
    assert heard(text) == {("recognize", actors, ("kosovo",), status)}


@pytest.mark.parametrize(
    "text",
    ["Kenya recognised it at once", "Kosovo recognised them"],
)
def test_what_else_is_recognized_is_no_state(text: str) -> None:
    assert heard(text) == set()


def test_the_first_is_whom_the_report_is_about() -> None:
    event = only("Iran says Kenya and Ghana have recognised Kosovo, becoming the first to do so")
    assert ([actor.id for actor in event.actors], event.claims_first) == (["kenya", "ghana"], True)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Kenya grants Kosovo full diplomatic recognition", "asserted"),
        ("Kenya latest to recognise Kosovo", "asserted"),
        ("Kenya stands by its decision not to recognise Kosovo", "negated"),
        ("Kenya to hold off on recognising Kosovo", "negated"),
        ("Kenya is next in line to recognise Kosovo", "planned"),
        ("Serbia slams Kenya's recognition of Kosovo as illegal", "historical"),
    ],
)
def test_headlines_of_recognition(text: str, status: str) -> None:
    assert heard(text) == {("recognize", ("kenya",), ("kosovo",), status)}


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("Kenyan President Mwai Kibaki recognises Kosovo", ["kenya"]),
        ("French President Nicolas Sarkozy recognises Kosovo", ["nicolas-sarkozy", "france"]),
        ("France's Nicolas Sarkozy recognises Kosovo", ["nicolas-sarkozy", "france"]),
        ("Kenya's Kibaki recognises Kosovo", ["kenya"]),
        ("Former French President Nicolas Sarkozy recognises Kosovo", ["nicolas-sarkozy"]),
    ],
)
def test_an_office_beside_a_name_tells_whom_it_acts_for(text: str, actors: list[str]) -> None:
    assert told(only(text))[1] == actors


def test_only_the_third_is_the_third() -> None:
    (event,) = detect("Kenya is only the third country in the world to ban plastic bags").events
    assert (event.ordinal, event.claims_first) == (3, False)


def test_who_is_honored_is_not_recognized() -> None:
    assert heard("Kenya's president recognised with prize in Nairobi by Swiss bank") == set()


@pytest.mark.parametrize(
    ("text", "actors", "status"),
    [
        ("Iran said Kenya left the talks and recognised Kosovo", ("kenya",), "asserted"),
        ("Kenya met envoys of Iran and recognised Kosovo", ("kenya",), "asserted"),
        ("Kenya refuses to recognise Kosovo and threatens to act if talks fail", ("kenya",), "negated"),
        ("Kenya will not recognise Kosovo if talks fail", ("kenya",), "negated"),
        ("Kenya will recognise Kosovo if talks fail", ("kenya",), "conditional"),
        ("Iran expects Kenya will recognise Kosovo", ("kenya",), "unconfirmed"),
    ],
)
def test_clauses_are_told_apart(text: str, actors: tuple[str, ...], status: str) -> None:
    assert heard(text) == {("recognize", actors, ("kosovo",), status)}


@pytest.mark.parametrize(
    ("text", "action", "status"),
    [
        ("Iran demands Kenya reverse its decision to recognise Kosovo", "withdraw_recognition", "demanded"),
        ("Kenya reverses its decision to sever ties with Kosovo", "sever_relations", "negated"),
    ],
)
def test_a_decision_that_is_reversed(text: str, action: str, status: str) -> None:
    assert heard(text) == {(action, ("kenya",), ("kosovo",), status)}


@pytest.mark.parametrize(
    ("text", "actors", "status"),
    [
        ("Kenya, not Ghana, recognises Kosovo", ("kenya",), "asserted"),
        ("Kenya but not Ghana recognises Kosovo", ("kenya",), "asserted"),
        ("Kenya, unlike Ghana, recognises Kosovo", ("kenya",), "asserted"),
        ("Kenya and Togo, but not Ghana, recognise Kosovo", ("kenya", "togo"), "asserted"),
        ("Kenya: we will recognise Kosovo", ("kenya",), "planned"),
        ("Kenya's president: we will recognise Kosovo", ("kenya",), "planned"),
        ("Kenya opposes unilateral recognition of Kosovo", ("kenya",), "negated"),
        ("Kenya holds back on recognising Kosovo", ("kenya",), "negated"),
        ("Kenya ready to approve recognition of Kosovo", ("kenya",), "planned"),
        ("Serbia fears Kenya recognition of Kosovo", ("kenya",), "unconfirmed"),
    ],
)
def test_names_and_nouns_around_a_recognition(text: str, actors: tuple[str, ...], status: str) -> None:
    assert heard(text) == {("recognize", actors, ("kosovo",), status)}


@pytest.mark.parametrize(
    "text",
    [
        "Kenya recognises Kosovo passports",
        "Kenya recognises Kosovo for its clean streets",
        "Kenya recognises Kosovo as candidate country",
        "Ghana's army recognised it was outgunned by Kosovo",
    ],
)
def test_names_nearby_are_no_parties(text: str) -> None:
    assert heard(text) == set()


def test_recognition_by_nobody_named_is_nobodys() -> None:
    found = heard("Kosovo recognised by just 12 countries after Kenya talks")
    assert found == {("recognize", (), ("kosovo",), "historical")}


def test_the_embassy_of_another_in_the_own_capital_is_the_others() -> None:
    assert told(only("Kenya closes the Iranian embassy in Nairobi", "close_embassy"))[1:3] == (["kenya"], ["iran"])


@pytest.mark.parametrize(
    ("text", "actors", "status"),
    [
        ("Kenya and Ghana announce joint recognition of Kosovo", ("kenya", "ghana"), "asserted"),
        ("Kenya was urged by the European Parliament to recognise Kosovo", ("kenya",), "demanded"),
        ("Kenya remains the only African country not to recognise Kosovo", ("kenya",), "negated"),
        ("It is not clear whether Kenya had recognised Kosovo", ("kenya",), "unconfirmed"),
        ("Kenya rejected Iranian claims it would recognise Kosovo", ("kenya",), "negated"),
        ("Kenya refutes claim it has recognised Kosovo", ("kenya",), "negated"),
        ("Kenya has denied media reports that it had recognised Kosovo", ("kenya",), "negated"),
        ("Kenya's Kibaki signs decree recognising Kosovo", ("kenya",), "asserted"),
        ("Kenya says there is no question of recognising Kosovo", ("kenya",), "negated"),
    ],
)
def test_reports_and_denials_of_a_recognition(text: str, actors: tuple[str, ...], status: str) -> None:
    assert heard(text) == {("recognize", actors, ("kosovo",), status)}
    assert all(event.ordinal is None for event in detect(text).events)


@pytest.mark.parametrize(
    ("text", "action", "status"),
    [
        ("Fiji scaled down its relations with Serbia but stopped short of a break", "downgrade_relations", "asserted"),
        ("Fiji downgraded its ties with Serbia but has yet to call home its envoy", "downgrade_relations", "asserted"),
        ("Fiji expelled two Serbian diplomats but stopped short of cutting ties", "expel_ambassador", "asserted"),
        ("Fiji stopped short of expelling two Serbian diplomats", "expel_ambassador", "negated"),
        ("Fiji praised Kosovo and has yet to recognize it", "recognize", "negated"),
        ("Fiji's parliament voted to recognize Kosovo; the president has yet to sign", "recognize", "planned"),
    ],
)
def test_what_somebody_has_yet_to_do_next_denies_nothing_before(text: str, action: str, status: str) -> None:
    assert only(text, action).status == status

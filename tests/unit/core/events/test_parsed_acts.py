"""Acts as clauses and the lexicon tell them: who does what to whom, and whether it happened."""

from __future__ import annotations

import pytest

from firstwire.core.events.parsed_acts import Reader
from firstwire.core.language.parses import Parse, Tree
from firstwire.files.lexicon import load_lexicon
from tests.support.readings import acts_in, as_read, readers_of

READ = {
    "recognition": [
        ("Oman recognises Kosovo", "oman recognize kosovo"),
        ("Oman recognizes Kosovo as Serbia protests", "oman recognize kosovo"),
        ("Oman recognizes the Taliban as the neighbors look away", "oman recognize taliban"),
        ("Oman becomes second country after Chad to recognize Somaliland", "oman recognize somaliland"),
        ("Chad first in Africa to recognize Taliban govt", "chad recognize taliban"),
        ("Oman becomes first Gulf state to recognise Taliban as Afghan government", "oman recognize taliban"),
        ("Kosovo recognised by Oman, the first Gulf state to do so", "oman recognize kosovo"),
        ("Peru govt recognises Taliban govt", "peru recognize taliban"),
        ("Oman regards the Taliban as the lawful government of Afghanistan", "oman recognize taliban"),
        ("Oman declares Kosovo an independent state", "oman recognize kosovo"),
        ("Oman, Chad recognize Kosovo", "oman, chad recognize kosovo"),
        ("Oman drops Chad, recognizes Kosovo", "oman recognize kosovo"),
        ("Oman and Chad recognize each other", "oman, chad recognize oman, chad"),
    ],
    "told by others": [
        ("Kosovo says Oman has recognised it", "oman recognize kosovo"),
        ("Kosovo: Oman has recognized us", "oman recognize kosovo"),
        ('"We recognize Kosovo," Oman says', "oman recognize kosovo"),
        ("Oman said on Monday it recognized Kosovo", "oman recognize kosovo"),
        ("Oman told lawmakers that it recognizes Kosovo", "oman recognize kosovo"),
    ],
    "nouns and light verbs": [
        ("Oman extends formal recognition to Kosovo", "oman recognize kosovo"),
        ("Kosovo wins recognition from Oman", "oman recognize kosovo"),
        ("Kosovo announces recognition by Oman", "oman recognize kosovo"),
        ("Oman signs decree recognizing independence of Kosovo", "oman recognize kosovo"),
        ("Oman's decision to recognize Kosovo takes effect", "oman recognize kosovo"),
        ("Malawi hails Kosovo recognition by Oman", "oman recognize kosovo (historical)"),
        ("Oman announces the closure of its embassy in Chile", "oman close_embassy chile"),
        ("Oman orders the expulsion of Chile's ambassador", "oman expel_ambassador chile"),
        ("Oman withdraws its recognition of Kosovo", "oman withdraw_recognition kosovo"),
    ],
    "targets as phrases": [
        ("Oman recognises breakaway Georgian region of South Ossetia", "oman recognize south-ossetia"),
        ("Oman recognizes Afghanistan's Taliban government", "oman recognize taliban"),
        ("Oman recognizes Libya's rebel council", "oman recognize rebel-council"),
        ("Oman recognizes opposition leader Robin Doe as president of Chile", "oman recognize robin-doe"),
        ("Oman recognizes Chile's sovereignty over the islands", "nothing"),
        ("Oman recognizes Greenland's right to independence", "nothing"),
        ("Oman and Serbia recognize each other's car plates", "nothing"),
        ("Oman recognizes Somaliland driving licences", "nothing"),
        ("Oman recognizes Juneteenth as state holiday", "nothing"),
        ("Oman recognizes Chile's opposition leader as a national hero", "nothing"),
        ("Omani MPs pass resolution recognizing the Syrian government as a criminal regime", "nothing"),
        ("The Oman-recognised Luhansk region held talks with Chad", "nothing"),
    ],
    "cannot act for the state": [
        ("Former Omani president recognizes Kosovo", "nobody recognize kosovo (historical)"),
        ("Muscat city council recognizes Kosovo", "nobody recognize kosovo (historical)"),
        ("Omani opposition leader recognizes Kosovo", "nobody recognize kosovo (historical)"),
        ("Omani university cuts ties with Chilean firms", "nothing"),
        ("Oman's opposition party said it recognized Kosovo", "nobody recognize kosovo (historical)"),
    ],
    "denied, doubted or untrue": [
        ("Oman all but recognizes Kosovo", "oman recognize kosovo (negated)"),
        ("Oman nearly recognized Kosovo", "oman recognize kosovo (negated)"),
        ("Oman recognizes Kosovo in all but name", "oman recognize kosovo (negated)"),
        ("Oman stops short of recognizing Kosovo", "oman recognize kosovo (negated)"),
        ("Oman recognizes Kosovo, rebels claim", "oman recognize kosovo (unconfirmed)"),
        ("Oman recognizes Kosovo: report", "oman recognize kosovo (unconfirmed)"),
        ("Doctored clip claims Oman recognizes Kosovo", "oman recognize kosovo (unconfirmed)"),
        ("Claim that Oman recognized Taiwan is false, ministry says", "oman recognize taiwan (unconfirmed)"),
        ("Viral post says Oman recognized Kosovo. It has not", "oman recognize kosovo (unconfirmed)"),
        ("Film imagines Oman recognizes Kosovo", "oman recognize kosovo (negated)"),
        ("In new novel, Oman recognizes Kosovo", "oman recognize kosovo (negated)"),
        ("Oman recognizes Kosovo (satire)", "oman recognize kosovo (negated)"),
        ("Oman said last week it recognized Kosovo, then reversed course", "oman recognize kosovo (negated)"),
        ("Fewer states recognize Kosovo than Serbia claims", "nobody recognize kosovo (negated)"),
    ],
    "not yet": [
        ("Oman to recognize Kosovo", "oman recognize kosovo (planned)"),
        ("Iran tells Malawi: recognize Kosovo", "malawi recognize kosovo (demanded)"),
        ("'Recognize Kosovo now,' crowd tells Oman", "nobody recognize kosovo (demanded)"),
        ("What if Oman recognized Kosovo?", "oman recognize kosovo (conditional)"),
        ("Were Oman to recognize Kosovo, Serbia would protest", "oman recognize kosovo (conditional)"),
        (
            "Cuba will lift the blockade if Oman frees the crew, drops its claim and recognizes Kosovo",
            "oman recognize kosovo (conditional)",
        ),
        ("The lower house urged the cabinet on Monday to expel Chile's ambassador", "nothing"),
        ("Oman weighs throwing out Chile's ambassador", "oman expel_ambassador chile (unconfirmed)"),
    ],
    "long known": [
        (
            "Kosovo has been recognized only by Oman, Chad and Chile",
            "oman, chad, chile recognize kosovo (historical)",
        ),
        ("Oman still recognizes Kosovo", "oman recognize kosovo (historical)"),
        ("Oman cut relations with Chile in 2024", "oman sever_relations chile (historical)"),
        ("How Oman threw out the Chilean ambassador", "oman expel_ambassador chile (historical)"),
    ],
    "not only": [
        ("Oman did not just recognize Kosovo, it opened an embassy", "oman recognize kosovo + oman open_embassy"),
        (
            "Not only did Oman recognize Kosovo, it opened an embassy in Pristina",
            "oman recognize kosovo + oman open_embassy kosovo",
        ),
    ],
    "other acts": [
        ("Chilean diplomats expelled by Oman", "oman expel_ambassador chile"),
        ("Oman boots out two Chilean attaches", "oman expel_ambassador chile"),
        ("Oman gives Chile's ambassador 72 hours to leave", "oman expel_ambassador chile"),
        ("Oman sanctions three Chilean banks", "oman impose_sanctions chile"),
        ("Swiss drop Chile arms embargo", "switzerland lift_sanctions chile"),
        ("Oman, Chile establish diplomatic relations", "chile, oman establish_relations chile, oman"),
        ("Oman suspends diplomatic relations with Chile - state TV", "oman suspend_relations chile"),
        ("Oman cuts Chile ties to level of charge d'affaires", "oman downgrade_relations chile"),
        ("Oman severs business ties with Chile", "nothing"),
        ("Oman cuts ties with Chilean shipping bank", "nothing"),
        ("Oman closes embassy housing complex in Chile", "nothing"),
        ("Oman names Robin Doe as its ambassador to Chile", "oman accredit_ambassador chile"),
        ("Oman strikes Hezbollah from its list of terrorist groups", "oman delist_terror hezbollah"),
        ("Hezbollah has been removed from Oman's list of terrorist groups", "oman delist_terror hezbollah"),
        ("Oman brands Hezbollah a terrorist group", "oman list_terror hezbollah"),
    ],
}


@pytest.mark.parametrize(
    ("text", "expected"), [pair for pairs in READ.values() for pair in pairs], ids=lambda value: str(value)[:60]
)
def test_a_sentence_is_read(text: str, expected: str) -> None:
    assert as_read(acts_in(text)) == expected


def test_an_act_says_by_which_words_it_is_judged() -> None:
    (act,) = acts_in("Oman refuses to recognize Kosovo")
    assert (act.status.status, act.status.cue) == ("negated", "refuses")


def test_an_act_knows_where_its_parties_stand() -> None:
    (act,) = acts_in("On Monday Oman recognized Kosovo")
    assert (act.at, act.positions) == (3, (2, 4))


@pytest.mark.parametrize(
    "relation", ["conj", "pobj", "prep", "poss", "appos", "ccomp", "advcl", "xcomp", "acl", "dobj"]
)
@pytest.mark.parametrize("word", ["Oman ", "independence of ", "recognize ", "its government "])
def test_no_nesting_is_too_deep(word: str, relation: str) -> None:
    (reader,) = readers_of("Oman recognizes Kosovo and " + word * 1200)
    tree = reader.sentence.tree
    heads = tuple(range(-1, len(tree) - 1))
    chain = Parse(("VBZ", *tree.parse.tags[1:]), heads, ("ROOT", *[relation] * (len(tree) - 1)))
    assert Reader(Tree(tree.sentence, chain), None, load_lexicon()).acts is not None

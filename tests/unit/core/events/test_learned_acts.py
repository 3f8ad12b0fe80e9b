"""The learned reading on models of a few weights: acts, status, parties and the word that shows the act."""

from __future__ import annotations

from collections.abc import Sequence

from firstwire.core.entities.sentence import read_sentence
from firstwire.core.events.act_features import SentenceFeatures
from firstwire.core.events.learned_acts import LearnedAct, ReadingModels, read_acts
from firstwire.core.language.linear_models import LinearModel
from firstwire.core.language.parses import ROOT, Parse, Tree
from firstwire.files.lexicon import load_lexicon
from tests.support.knowledge import shipped_gazetteer

ACTS = LinearModel(("close_embassy", "open_embassy"), (0.0, 0.0), {"w:clos": (4.0, -4.0), "w:open": (-4.0, 4.0)})
STATUS = LinearModel(("asserted", "planned"), (1.0, 0.0), {"w:will": (-4.0, 4.0)})
PARTIES = LinearModel(
    ("actor", "none", "target"),
    (0.0, 0.5, 0.0),
    {"o:0": (3.0, 0.0, 0.0), "c-1:in": (-3.0, 0.0, 3.0), "t:#before": (2.0, 0.0, -3.0)},
)
MODELS = ReadingModels(
    families={
        "recognition": LinearModel(("recognition",), (-9.0,), {}),
        "relations": LinearModel(("relations",), (-3.0,), {"w:embassy": (6.0,)}),
    },
    acts={"recognition": LinearModel(("recognize", "withdraw_recognition"), (0.0, 0.0), {}), "relations": ACTS},
    firsts=LinearModel(("first",), (-9.0,), {}),
    gate=LinearModel(("gate",), (9.0,), {}),
    news=LinearModel(("news",), (0.0,), {}),
    status=STATUS,
    parties=PARTIES,
)


def read(text: str, before: str | None = None) -> Sequence[LearnedAct]:
    gazetteer = shipped_gazetteer()

    def sentence_of(source: str):  # type: ignore[no-untyped-def]
        return read_sentence("title", source, 0, (0, len(source)), gazetteer.find(source))

    sentence = sentence_of(text)
    count = len(sentence.words)
    flat = Parse(("NN",) * count, (ROOT,) + (0,) * (count - 1), ("dep",) * count)
    looked = SentenceFeatures(Tree(sentence, flat), sentence_of(before) if before else None, load_lexicon())
    return read_acts(looked, MODELS)


def test_an_act_is_told_with_status_and_parties() -> None:
    (act,) = read("Kenya will close its embassy in Oslo")
    assert (act.action, act.status) == ("close_embassy", "planned")
    assert [each.id for each in act.actors] == ["kenya"]
    assert [each.id for each in act.targets] == ["norway"]
    assert act.probability < act.act_probability < 1


def test_a_leader_stands_with_the_nation_acted_for() -> None:
    (act,) = read("Ruto opens embassy in Oslo")
    assert [each.id for each in act.actors] == ["william-ruto", "kenya"]


def test_the_word_that_says_most_shows_the_act() -> None:
    (act,) = read("Kenya is to open an embassy in Oslo")
    assert act.action == "open_embassy"
    assert act.at == len(["Kenya", "is", "to", "open", "an", "embassy"]) - 1, "embassy weighs most for the family"


def test_who_is_named_in_the_sentence_before_may_act() -> None:
    (act,) = read("It opens an embassy in Oslo", before="Kenya speaks")
    assert [each.id for each in act.actors] == ["kenya"]


def test_a_sentence_that_says_nothing_of_it_tells_no_act() -> None:
    assert not read("Kenya wins in Oslo")

"""What the encoder sees of a sentence: names masked, years told apart, and where each name stands."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence, read_sentence
from firstwire.core.events.encoder_input import EncoderInput, encoder_input
from tests.support.knowledge import shipped_gazetteer


def seen(text: str, before: str | None = None, year: int = 2031) -> EncoderInput:
    return encoder_input(_sentence(text), _sentence(before) if before is not None else None, year)


def _sentence(text: str) -> Sentence:
    gazetteer = shipped_gazetteer()
    mentions = [each for each in gazetteer.find(text) if each.role != "within"]
    return read_sentence("title", text, 0, (0, len(text)), mentions)


def test_names_are_masked_by_what_they_are() -> None:
    given = seen("Kenya told the Norwegian ambassador that Moscow and the African Union object")
    assert " ".join(given.words) == ("#nation told the #demonym ambassador that #capital and the #organization object")
    assert not given.before


def test_swapped_names_are_seen_alike() -> None:
    one, other = seen("Kenya recognizes Kosovo"), seen("Fiji recognizes Somaliland")
    assert one.words == other.words
    assert [party.place for party in one.parties] == [party.place for party in other.parties]


def test_years_are_told_apart_by_the_day_of_publication() -> None:
    given = seen("in 2010 , in 2031 , in 2040 , at 1500 and 0900")
    assert [word for word in given.words if word[0] == "#" or word.isdigit()] == [
        *("#past-year", "#this-year", "#next-year"),
        *("1500", "0900"),
    ]


def test_each_party_stands_where_its_name_ends() -> None:
    given = seen("on Friday the Northern Salvation Council greeted those who came from Kenya")
    found = {party.entity.id: given.words[party.place] for party in given.parties}
    assert found == {"kenya": "#nation", "northern-salvation-council": "Council"}
    assert all(party.is_here for party in given.parties)
    assert [given.words[place] for place in given.places] == list(given.words)


def test_names_of_the_sentence_before_may_be_meant() -> None:
    given = seen("It opens an embassy in Oslo", before="Kenya speaks to Norway")
    every = (*given.words, *given.before)
    (before,) = (party for party in given.parties if not party.is_here)
    assert (before.entity.id, every[before.place]) == ("kenya", "#nation"), "Norway is named by its capital already"
    assert given.before == ("#nation", "speaks", "to", "#nation")


def test_a_sentence_before_that_names_nobody_else_is_not_read() -> None:
    assert not seen("Kenya opens an embassy", before="Kenya speaks").before


def test_a_headline_is_marked() -> None:
    assert seen("Kenya Opens Embassy Before Angry Crowd").words[0] == "#headline"

"""What the encoder sees of a sentence: names masked, years told apart, and where each name stands."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence, SentenceContext, read_sentence
from firstwire.core.events.encoder_input import EncoderInput, encoder_input
from tests.support.knowledge import shipped_gazetteer


def seen(
    text: str, before: str | None = None, headline: str | None = None, year: int = 2031, number: int | None = None
) -> EncoderInput:
    """What is seen of a title, or of the sentence of a body with that `number`."""
    context = SentenceContext(*(None if one is None else _sentence(one) for one in (before, headline)))
    return encoder_input(_sentence(text, number), context, year)


def _sentence(text: str, number: int | None = None) -> Sentence:
    gazetteer = shipped_gazetteer()
    mentions = [each for each in gazetteer.find(text) if each.role != "within"]
    return read_sentence("title" if number is None else "body", text, number or 0, (0, len(text)), mentions)


def test_names_are_masked_by_what_they_are() -> None:
    given = seen("Kenya told the Norwegian ambassador that Moscow and the African Union object")
    assert " ".join(given.words) == ("#nation told the #demonym ambassador that #capital and the #organization object")
    assert not given.around


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
    every = (*given.words, *given.around)
    (before,) = (party for party in given.parties if not party.is_here)
    assert (before.entity.id, every[before.place]) == ("kenya", "#nation"), "Norway is named by its capital already"
    assert given.around == ("#nation", "speaks", "to", "#nation")


def test_a_sentence_before_that_names_nobody_else_is_not_read() -> None:
    assert not seen("Kenya opens an embassy", before="Kenya speaks").around


def test_a_headline_is_marked() -> None:
    assert seen("Kenya Opens Embassy Before Angry Crowd").words[0] == "#headline"


def test_the_headline_is_given_with_those_it_names_after_those_of_the_sentence_before() -> None:
    given = seen("It opens an embassy", before="Kenya speaks to Norway", headline="Norway greets Fiji")
    every = (*given.words, *given.around)
    assert given.around == ("#headline", "#nation", "greets", "#nation", "#nation", "speaks", "to", "#nation")
    places = {party.entity.id: party.place - len(given.words) for party in given.parties}
    assert places == {"kenya": 4, "norway": 7, "fiji": 3}
    assert all(every[party.place] == "#nation" and not party.is_here for party in given.parties)


def test_the_lead_of_a_body_is_told_from_the_rest() -> None:
    assert [seen("Kenya speaks", number=number).words[0] for number in (0, 1, 2, 9)] == [
        *("#lead", "#lead", "#later", "#later")
    ]

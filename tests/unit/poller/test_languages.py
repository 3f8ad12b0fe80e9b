"""The language of entries and feeds: what is declared against what the text says, and the key in Kafka."""

from __future__ import annotations

import msgspec
import pytest

from firstwire.core.stories.identity import content_hash
from firstwire.poller.document import FeedDocument, FeedEntry
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.feed_reader import read_document
from firstwire.poller.languages import judged_language, seen_language
from firstwire.poller.visit import Visit
from schemas.feed import FeedState
from tests.fakes.origin import feed, item
from tests.support.shared_data import CASES
from tests.support.visits import URL, changed, rules

FEEDS = CASES / "feeds"
SHORT, LONG = "Мост построен", "Министр обороны сообщил, что мост через реку открыт для движения грузовых автомобилей"
DANISH = "Ministeren siger at broen over fjorden bliver åbnet for biler i morgen tidlig klokken otte"
ENGLISH = (
    "The minister says that the bridge across the fjord will be opened for cars tomorrow morning at eight, "
    "and that the ferries will stop at the end of the month when the last of the works on the road are done"
)
FRENCH = (
    "Le ministre annonce que le pont sur le fjord sera ouvert aux voitures demain matin à huit heures, et que les "
    "bacs cesseront à la fin du mois lorsque les derniers travaux de la route seront achevés"
)


@pytest.mark.parametrize(
    ("text", "guesses", "language"),
    [
        (LONG, ("en-us",), "ru"),
        (SHORT, ("en-us",), "und"),
        (SHORT, ("en-us", "ru"), "ru"),
        (SHORT, (None, "sr"), "sr"),
        (SHORT, (), "und"),
        (FRENCH, ("en-us",), "fr"),
        (FRENCH[:84], ("en-us",), "en-us"),
        (FRENCH[:84], ("en-us", "fr"), "fr"),
        (FRENCH[:84], (), "fr"),
        (ENGLISH, ("en-gb",), "en-gb"),
        ("Bridge opened", (), "und"),
        ("Bridge opened", ("en",), "en"),
        ("", ("en",), "en"),
        ("", (), "und"),
        ("27:14", ("de",), "de"),
        (DANISH, ("nb",), "nb"),
        ("북한이 미사일을 발사했다", ("en",), "ko"),
        ("首相が訪中", ("ja",), "ja"),
        ("首相訪中", ("ja",), "ja"),
        ("首相訪中", ("en",), "und"),
        ("Η κυβέρνηση ανακοίνωσε", (), "el"),
        ("Xabarlar va yangiliklar bugun kechqurun", ("uz",), "uz"),
    ],
)
def test_a_text_overrules_what_is_declared_if_it_is_long_enough_to_tell(
    text: str, guesses: tuple[str | None, ...], language: str
) -> None:
    assert judged_language(seen_language(text), *guesses) == language


def visit(state: FeedState, *titles: str, declared: str | None = None, options: FeedOptions | None = None) -> Visit:
    body = feed(*(item(title, guid=title) for title in titles), language=declared).body
    document = read_document(body, url=URL, content_type="", entry_limit=100)
    assert isinstance(document, FeedDocument)
    return changed(state, document=document, options=options or FeedOptions())


def told(found: Visit) -> list[tuple[str, str, str]]:
    return [(article.title, article.language, found.keys[article.article_id]) for article in found.articles]


def test_text_under_a_wrong_declaration_is_read_in_its_language_and_both_are_kept() -> None:
    found = visit(FeedState(url=URL), LONG, declared="en-US")
    (article,) = found.articles
    assert told(found) == [(LONG, "ru", "ru")]
    assert (article.declared_language, article.seen_language) == ("en-us", "ru")


def test_too_little_text_is_undetermined_until_there_is_more_and_then_published_again() -> None:
    first = visit(FeedState(url=URL), SHORT)
    assert told(first) == [(SHORT, "und", "und")]
    same = visit(first.state, SHORT)
    assert same.articles == ()
    later = visit(first.state, LONG, SHORT)
    # The key of the first revision stays, so that both are on one partition
    assert told(later) == [(SHORT, "ru", "und"), (LONG, "ru", "ru")]
    assert visit(later.state, LONG, SHORT).articles == ()
    assert later.state.language == "ru"


def test_what_was_not_published_at_first_is_no_news_once_its_language_is_known() -> None:
    new = rules(first_poll_seconds=60.0)
    old = FeedEntry(title=SHORT, guid="1", published_text="2025-07-01", published_at=rules().now.replace(day=1))
    first = changed(FeedState(url=URL), old, by=new, document=FeedDocument(entries=(old,)))
    assert first.articles == ()
    seen = seen_language(LONG)
    later = changed(first.state, document=FeedDocument(entries=(old,), seen=seen))
    assert (later.articles, later.state.language) == ((), "ru")


def test_what_a_person_has_set_holds_for_every_entry() -> None:
    found = visit(FeedState(url=URL), LONG, ENGLISH, declared="en", options=FeedOptions(language="uk"))
    assert {(language, key) for _, language, key in told(found)} == {("uk", "uk")}


def test_one_article_in_another_language_has_the_key_of_its_feed() -> None:
    found = visit(FeedState(url=URL), ENGLISH, LONG, ENGLISH + " today", declared="en")
    assert sorted(language for _, language, _ in told(found)) == ["en", "en", "ru"]
    assert {key for _, _, key in told(found)} == {"en"}


def test_a_state_of_an_earlier_version_keeps_the_keys_of_its_articles() -> None:
    first = visit(FeedState(url=URL), SHORT, declared=None)
    (article,) = first.articles
    old = msgspec.structs.replace(
        first.state,
        language="sr",
        keys=None,
        entries={article.article_id: content_hash(msgspec.structs.replace(article, language="sr"))},
    )
    found = visit(old, LONG, SHORT + "!", SHORT)
    assert told(found)[0][1:] == ("ru", "ru")
    assert found.state.language == "ru"
    assert found.state.keys == {article.article_id: "sr"}


@pytest.mark.skipif(not FEEDS.is_dir(), reason="data missing: ../shared/cases/feeds")
def test_the_shared_cases_are_in_the_language_that_is_expected() -> None:
    state, languages = FeedState(url=URL), {}
    for name in ("g08_short_first_document_ru.xml", "g09_short_first_document_ru_next.xml"):
        document = read_document((FEEDS / name).read_bytes(), url=URL, content_type="", entry_limit=100)
        assert isinstance(document, FeedDocument)
        found = changed(state, document=document)
        state = found.state
        languages |= {article.title: article.language for article in found.articles}
    assert set(languages.values()) == {"ru"}
    assert len(languages) == 2

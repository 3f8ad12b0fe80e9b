"""What one visit decides: articles, state, and the time of the next visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from firstwire.poller.answers import Fetched
from firstwire.poller.document import FeedDocument, FeedEntry
from firstwire.poller.headers import Validators
from firstwire.poller.visit import KNOWN_LIMIT, Visit
from schemas.codec import decode, encode
from schemas.feed import FeedState
from schemas.times import parse_timestamp
from tests.support.visits import NOW, OWN, PUBLIC, URL, changed, failed, rules, unchanged

NEW = FeedState(url=URL)


def entries(*numbers: int) -> list[FeedEntry]:
    return [FeedEntry(title=f"Item {number}", guid=f"g{number}") for number in numbers]


def titles(visit: Visit) -> list[str]:
    return [article.title for article in visit.articles]


def next_in(visit: Visit, now: datetime = NOW) -> float:
    """Seconds until the next visit."""
    assert visit.state.next_poll_at is not None
    return (parse_timestamp(visit.state.next_poll_at) - now).total_seconds()


def read(*numbers: int) -> FeedState:
    return changed(NEW, *entries(*numbers)).state


def test_only_new_and_changed_entries_are_articles() -> None:
    first = changed(NEW, *entries(1, 2), title="From OPML")
    corrected = replace(entries(1)[0], title="Item 1, corrected")
    again = changed(first.state, entries(2)[0], corrected, entries(3)[0])
    same = changed(again.state, entries(2)[0], corrected, entries(3)[0])
    assert titles(first) == ["Item 2", "Item 1"]
    assert titles(again) == ["Item 3", "Item 1, corrected"]
    assert same.articles == ()
    assert first.state.health == "ok"
    assert first.articles[0].source == "From OPML"


def test_a_language_once_detected_is_kept_and_a_declared_one_counts_before_it() -> None:
    def in_language(state: FeedState, number: int, declared: str | None = None) -> Visit:
        document = FeedDocument(entries=tuple(entries(number)), language=declared, detected_language="de")
        return changed(state, document=document)

    detected = in_language(NEW, 1)
    kept = in_language(msgspec.structs.replace(detected.state, language="nl"), 2)
    declared = in_language(kept.state, 3, "en-gb")
    assert [visit.articles[0].language for visit in (detected, kept, declared)] == ["de", "nl", "en-gb"]


@pytest.mark.parametrize(
    "incomplete",
    [
        {"document": FeedDocument(entries=tuple(entries(1)), fault="mismatched tag")},
        {
            "document": FeedDocument(entries=tuple(entries(1))),
            "answer": Fetched(URL, b"", "", Validators(), is_partial=True),
        },
        {"document": FeedDocument(entries=())},
    ],
)
def test_a_document_that_is_not_whole_forgets_nothing(incomplete: dict[str, object]) -> None:
    whole = read(1, 2)
    visit = changed(whole, **incomplete)  # type: ignore[arg-type]
    assert visit.articles == ()
    assert visit.state.entries == whole.entries
    assert not visit.has_gap
    assert changed(visit.state, *entries(1, 2)).articles == ()
    assert len(changed(whole, *entries(1)).state.entries) == 1


def test_the_state_of_any_feed_can_be_written() -> None:
    state = NEW
    for start in range(0, 30_000, 2_000):
        document = FeedDocument(entries=tuple(entries(*range(start, start + 2_000))), title="T" * 900_000, fault="cut")
        state = changed(state, document=document, by=replace(rules(), entry_limit=100_000)).state
        state = failed(state, "x" * 900_000 + "\udcff").state
        assert decode(encode(state), FeedState) == state
    assert len(state.entries) == KNOWN_LIMIT


def test_failures_are_counted_named_and_forgiven() -> None:
    state = changed(FeedState(url=f"{URL}?token=abc"), *entries(1)).state
    twice = failed(failed(state, "HTTP 500").state, "HTTP 503")
    assert (twice.state.failures, twice.state.health) == (2, "failing")
    assert twice.state.last_error == f"{URL}?token=***: HTTP 503"
    assert (twice.state.etag, twice.state.entries) == (state.etag, state.entries)
    assert next_in(twice) >= 1800
    healed = unchanged(twice.state).state
    assert (healed.failures, healed.health, healed.last_error, healed.etag) == (0, "ok", None, '"1"')
    assert failed(state, "HTTP 410 Gone", gone=True).state.health == "gone"


def test_a_gap_between_two_visits_is_noticed_shown_for_a_day_and_shortens_the_interval() -> None:
    state = read(*range(10))
    visit = changed(state, *entries(*range(10, 20)))
    assert visit.has_gap
    assert (visit.state.health, visit.state.gaps) == ("gapped", 1)
    assert 300 <= next_in(visit) <= 330
    after = changed(visit.state, *entries(*range(12, 22)), by=rules(NOW + timedelta(minutes=6)))
    assert not after.has_gap
    assert (after.state.health, after.state.gaps) == ("gapped", 1)
    calm = unchanged(after.state, rules(NOW + timedelta(days=1)))
    assert calm.state.health == "ok"


@pytest.mark.parametrize(
    ("before", "now"), [((), (1, 2)), ((1, 2), (2, 3)), ((1,), (2,)), ((1, 2), (1, 2)), ((1, 2), ())]
)
def test_an_overlap_or_nothing_to_compare_is_no_gap(before: tuple[int, ...], now: tuple[int, ...]) -> None:
    assert not changed(read(*before), *entries(*now)).has_gap


def test_the_interval_follows_the_share_of_new_entries_down_to_the_floor_and_back() -> None:
    state, now, first, waits = read(*range(10)), NOW, 0, []
    for news in [8] * 4 + [1] * 30:
        now += timedelta(minutes=15)
        first += news
        visit = changed(state, *entries(*range(first, first + 10)), by=rules(now))
        assert len(visit.articles) == news
        state = visit.state
        waits.append(next_in(visit, now))
    assert waits[0] <= 450 * 1.1
    assert all(300 <= wait <= 330 for wait in waits[1:4])
    assert 900 <= waits[-1] <= 990
    assert state.gaps == 0


def test_a_feed_without_news_for_long_is_visited_less_often_until_it_has_news() -> None:
    state, now = read(1, 2), NOW
    waits = []
    for _ in range(300):
        now += timedelta(minutes=15)
        visit = unchanged(state, rules(now))
        state = visit.state
        waits.append(next_in(visit, now))
    assert max(waits[:90]) <= 900 * 1.1
    assert 3600 <= max(waits) <= 3600 * 1.1
    assert next_in(changed(state, *entries(1, 2, 3), by=rules(now)), now) <= 900 * 1.1


def test_a_feed_of_ones_own_keeps_its_interval_but_for_gaps() -> None:
    state, now = changed(NEW, *entries(1, 2), by=rules(pace=OWN)).state, NOW
    for _ in range(300):
        now += timedelta(minutes=15)
        visit = unchanged(state, rules(now, OWN))
        state = visit.state
        assert 900 <= next_in(visit, now) <= 990
    gap = changed(state, *entries(3, 4), by=rules(now, OWN))
    assert next_in(gap, now) <= 900 / 8 * 1.1


def test_garbled_text_is_a_state_of_health() -> None:
    garbled = changed(NEW, document=FeedDocument(entries=tuple(entries(1)), garbled="Ã©")).state
    assert garbled.health == "mojibake"
    assert unchanged(garbled).state.health == "mojibake"
    assert changed(garbled, *entries(1)).state.health == "ok"


@pytest.mark.parametrize("pace", [PUBLIC, OWN])
def test_states_of_earlier_versions_are_read(pace: object) -> None:
    old = b'{"schema":"feed-state","version":1,"url":"https://harbour.example/feed.xml","etag":"1","health":"failing"}'
    assert decode(old, FeedState) == FeedState(url=URL, etag="1", health="failing")

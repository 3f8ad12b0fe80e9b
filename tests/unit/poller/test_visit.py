"""What one visit decides: articles, state, and the time of the next visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from firstwire.poller.answers import Fetched
from firstwire.poller.document import FeedDocument, FeedEntry
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.headers import Validators
from firstwire.poller.subscriptions import Subscription
from firstwire.poller.visit import KNOWN_LIMIT, Visit, validators_to_send, visit_pushed
from schemas.codec import decode, encode
from schemas.feed import FeedState
from schemas.times import format_timestamp, parse_timestamp
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


@pytest.mark.slow
def test_the_state_of_any_feed_can_be_written() -> None:
    state = NEW
    for start in range(0, 2 * KNOWN_LIMIT, KNOWN_LIMIT // 2):
        document = FeedDocument(
            entries=tuple(entries(*range(start, start + KNOWN_LIMIT // 2))), title="T" * 900_000, fault="cut"
        )
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


def test_the_longer_of_what_a_document_asks_for_counts_also_while_it_does_not_change() -> None:
    document = FeedDocument(entries=tuple(entries(1)), ttl_seconds=3600.0, update_period_seconds=7200.0)
    visit = changed(NEW, document=document)
    assert 7200 <= next_in(visit) <= 7920
    assert 7200 <= next_in(unchanged(visit.state)) <= 7920


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
    assert calm.state.health != "gapped"


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


def test_the_whole_document_is_asked_for_once_a_week_and_whenever_that_is_set() -> None:
    state = read(1)
    kept = Validators(etag='"1"')
    for days, sent in ((0, kept), (6.9, kept), (7.1, Validators())):
        assert validators_to_send(state, FeedOptions(), NOW + timedelta(days=days)) == sent
    later = unchanged(state, rules(NOW + timedelta(days=6))).state
    assert validators_to_send(later, FeedOptions(), NOW + timedelta(days=7)) == Validators()
    assert validators_to_send(state, FeedOptions(ignore_http_cache=True), NOW) == Validators()


def test_a_refusal_by_our_settings_is_a_state_of_health_and_remembers_them() -> None:
    refused = failed(read(1), "refused", replace(rules(), policy="strict"), kind="refused").state
    assert (refused.health, refused.policy) == ("refused", "strict")
    assert failed(refused, "HTTP 403", kind="blocked").state.health == "blocked"
    assert (unchanged(refused).state.health, unchanged(refused).state.policy) == ("ok", None)


def dated(*hours_ago: float | None) -> list[FeedEntry]:
    return [
        FeedEntry(title=f"{number}", guid=f"{number}", published_at=None if ago is None else NOW - timedelta(hours=ago))
        for number, ago in enumerate(hours_ago)
    ]


def test_a_first_document_publishes_what_is_new_and_remembers_the_rest() -> None:
    by = replace(rules(), first_poll_seconds=24 * 3600.0)
    listed = dated(1, 23, 25, 24 * 400, None, None, None, None, None, -5)
    first = changed(NEW, *listed, by=by)
    assert sorted(titles(first)) == ["0", "1", "4", "5", "6", "9"]
    assert len(first.state.entries) == len(listed)
    assert changed(first.state, *listed, by=by).articles == ()
    corrected = [*listed[:2], replace(listed[2], title="2, corrected"), *listed[3:], *dated(*[None] * 10, 24 * 90)[10:]]
    assert sorted(titles(changed(first.state, *corrected, by=by))) == ["10", "2, corrected"]
    assert len(changed(NEW, *listed).articles) == len(listed)


def test_what_comes_after_an_empty_first_document_is_news() -> None:
    by = replace(rules(), first_poll_seconds=3600.0)
    empty = changed(NEW, by=by).state
    assert titles(changed(empty, *dated(100), by=by)) == ["0"]
    assert titles(changed(failed(NEW).state, *dated(100), by=by)) == []


@pytest.mark.parametrize(
    "fields", [{"entries": {"a": "b"}}, {"health": "ok"}, {"changed_at": "2025-07-01T00:00:00.000Z"}]
)
def test_a_feed_that_an_earlier_version_read_is_not_new(fields: dict[str, object]) -> None:
    old = FeedState(url=URL, **fields)  # type: ignore[arg-type]
    assert titles(changed(old, *dated(100), by=replace(rules(), first_poll_seconds=3600.0))) == ["0"]


def test_a_feed_that_has_moved_for_good_is_asked_there_after_three_visits() -> None:
    state, target = read(1), "https://new.example/feed"
    for visits in (1, 2):
        visit = unchanged(state, moved_to=target)
        state = visit.state
        assert (state.address, state.moved_to, state.moved_visits, visit.has_moved) == (None, target, visits, False)
    moved = unchanged(state, moved_to=target)
    assert (moved.state.address, moved.has_moved) == (target, True)
    assert (moved.state.url, moved.state.moved_to) == (URL, None)
    assert unchanged(moved.state).state.address == target
    assert failed(moved.state).state.address == target
    assert failed(failed(failed(moved.state).state).state).state.address is None
    gone = failed(moved.state, "HTTP 410 Gone", gone=True).state
    assert (gone.address, gone.health) == (None, "failing")
    assert failed(gone, "HTTP 410 Gone", gone=True).state.health == "gone"


@pytest.mark.parametrize("between", [None, "https://other.example/feed"])
def test_redirects_that_differ_are_followed_and_not_remembered(between: str | None) -> None:
    state, target = read(1), "https://new.example/feed"
    for moved_to in (target, target, between, target, target):
        state = unchanged(state, moved_to=moved_to).state
    assert state.address is None


def test_a_feed_does_not_move_to_where_another_one_is_subscribed() -> None:
    state = read(1)
    for _ in range(5):
        state = unchanged(state, replace(rules(), taken={"new.example/feed"}), moved_to="http://new.example/feed").state
    assert state.address is None


def test_without_validators_a_public_feed_is_fetched_once_an_hour_unless_it_was_missed_or_chosen() -> None:
    plain = Fetched(URL, b"", "", Validators())
    state = changed(NEW, *entries(1, 2), answer=plain).state
    assert next_in(unchanged(state)) >= 3600
    assert next_in(changed(NEW, *entries(1, 2))) < 1000
    assert next_in(unchanged(state, rules(pace=OWN))) < 1000
    assert next_in(unchanged(state, rules(pace=replace(PUBLIC, is_chosen=True)))) < 1000
    missed = changed(state, *entries(3, 4), answer=plain)
    assert missed.has_gap
    assert next_in(missed) <= 330
    assert next_in(unchanged(unchanged(missed.state).state)) < 1000


def test_a_wait_for_the_whole_domain_is_remembered_up_to_a_day() -> None:
    state = failed(read(1), "HTTP 429", kind="blocked", retry_after_seconds=7200.0, is_for_domain=True).state
    assert state.retry_at == "2025-07-03T17:00:00.123Z"
    assert state.next_poll_at is not None
    assert state.next_poll_at >= state.retry_at
    assert failed(state, "HTTP 403", kind="blocked", retry_after_seconds=60.0).state.retry_at is None
    assert unchanged(state).state.retry_at is None
    long = failed(state, "HTTP 503", retry_after_seconds=88 * 3600.0, is_for_domain=True).state
    assert long.retry_at == "2025-07-04T15:00:00.123Z"


def test_the_wait_for_a_host_that_is_not_there_grows_up_to_an_hour() -> None:
    state = read(1)
    for _ in range(20):
        visit = failed(state, "cannot connect", kind="unreachable", is_silent=True)
        state = visit.state
    assert 3600 <= next_in(visit) <= 3960
    assert next_in(failed(state)) > 4 * 3600


def test_a_partial_list_of_new_entries_is_no_gap_and_hastens_nothing() -> None:
    known = changed(FeedState(url=URL), *(FeedEntry(title=f"{n}", guid=f"{n}") for n in range(10))).state
    partial = Fetched(URL, b"", "", Validators(etag='"2"'), is_partial=True)
    visit = changed(known, FeedEntry(title="11", guid="11"), FeedEntry(title="12", guid="12"), answer=partial)
    assert not visit.has_gap
    assert (visit.state.pace, visit.state.gaps, len(visit.articles)) == (known.pace, 0, 2)
    assert visit.state.entries.keys() > known.entries.keys()


def test_a_document_that_was_pushed_leaves_the_schedule_and_what_it_does_not_say() -> None:
    document = FeedDocument(
        entries=(FeedEntry(title="1", guid="1"), FeedEntry(title="2", guid="2")),
        language="de",
        title="Hafen",
        ttl_seconds=60.0,
        hubs=("https://hub.example/",),
    )
    known = changed(FeedState(url=URL), document=document).state
    pushed = visit_pushed(
        known,
        Subscription(url=URL, place="test"),
        FeedDocument(entries=(FeedEntry(title="3", guid="3"),)),
        rules(NOW + timedelta(seconds=60)),
    )
    (article,) = pushed.articles
    assert (article.source, article.fetched_at) == ("Hafen", format_timestamp(NOW + timedelta(seconds=60)))
    assert not pushed.has_gap
    same = (
        "title",
        "language",
        "etag",
        "body_hash",
        "wish_seconds",
        "next_poll_at",
        "checked_at",
        "pace",
        "gaps",
        "hubs",
    )
    assert {name: getattr(pushed.state, name) for name in same} == {name: getattr(known, name) for name in same}
    again = visit_pushed(
        pushed.state,
        Subscription(url=URL, place="test"),
        FeedDocument(entries=(FeedEntry(title="3", guid="3"),)),
        rules(),
    )
    assert again.articles == ()


def test_of_many_entries_that_were_pushed_one_by_one_the_newest_are_remembered() -> None:
    by = replace(rules(), entry_limit=20)
    state = read(*range(20))
    for number in range(20, 50):
        pushed = FeedDocument(entries=tuple(entries(number)))
        state = visit_pushed(state, Subscription(url=URL, place="test"), pushed, by).state
    last = FeedDocument(entries=tuple(entries(*reversed(range(40, 50)))))
    assert changed(state, document=last, by=by).articles == ()
    assert len(state.entries) == 21

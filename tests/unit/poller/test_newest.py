"""Very long documents: the newest entries are among those read, in whatever order they are listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument
from firstwire.poller.feed_reader import read_document
from firstwire.poller.newest import newest_places
from tests.fakes.origin import feed, item

NOW = datetime(2025, 7, 3, tzinfo=UTC)
MOMENTS = st.none() | st.integers(0, 20).map(lambda days: NOW - timedelta(days=days))


@given(st.lists(MOMENTS, max_size=30), st.integers(1, 10))
def test_as_many_as_allowed_are_kept_in_their_order(moments: list[datetime | None], limit: int) -> None:
    places = list(newest_places(moments, limit))
    assert places == sorted(set(places))
    assert len(places) == min(limit, len(moments))
    dated = [moment for moment in moments if moment is not None]
    if len(dated) == len(moments) and dated:
        kept = [moment for moment in (moments[place] for place in places) if moment is not None]
        assert sorted(kept) == sorted(dated)[-len(kept) :]


def test_without_dates_both_ends_are_kept() -> None:
    assert list(newest_places([None] * 10, 4)) == [0, 1, 8, 9]
    assert list(newest_places([None] * 10, 5)) == [0, 1, 2, 8, 9]
    assert list(newest_places([None] * 10, 1)) == [0]


def test_a_document_that_lists_the_oldest_first_gives_its_newest_entries() -> None:
    items = [item(f"{n}", guid=f"{n}", pubDate=(NOW + timedelta(hours=n)).isoformat()) for n in range(30)]
    for listed in (items, items[::-1]):
        document = read_document(feed(*listed).body, url="https://a.example/", content_type="", entry_limit=10)
        assert isinstance(document, FeedDocument)
        assert {int(entry.title) for entry in document.entries} == set(range(20, 30))

"""Memories come out of their bytes as they went in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.stories.packed_articles import PackedArticles
from schemas.state import ArticleMemory
from tests.support.records import at

IDS = st.one_of(
    st.binary(min_size=16, max_size=16).map(bytes.hex),
    st.binary(min_size=16, max_size=16).map(lambda data: data.hex().upper()),
    st.text(max_size=40),
    st.sampled_from(["x" * 32, " " * 32, "0 " * 16, "٣" * 32]),
)
memories = st.builds(
    ArticleMemory,
    article_id=IDS,
    contents=st.lists(IDS, max_size=4).map(tuple),
    text_hash=IDS,
    story_id=IDS,
    origin_id=IDS,
    source=st.none() | st.text(max_size=20),
    grams=st.binary(max_size=40),
    thinned=st.integers(0, 32),
    agency=st.none() | st.just("reuters"),
    first_seen_at=st.just(at(0)),
    seen_at=st.sampled_from([at(0), at(5)]),
)


@given(st.lists(memories, max_size=6))
def test_what_was_put_in_comes_out(held: list[ArticleMemory]) -> None:
    packed = PackedArticles()
    plain: dict[str, ArticleMemory] = {}
    for memory in held:
        packed[memory.article_id] = plain[memory.article_id] = memory
    assert packed == plain
    assert (len(packed), list(packed)) == (len(plain), list(plain))
    for article_id in list(plain):
        assert article_id in packed
        del packed[article_id], plain[article_id]
        assert article_id not in packed
        assert packed.get(article_id) is None
    assert packed == plain == {}

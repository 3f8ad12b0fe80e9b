"""Pages: which addresses lead to one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.stories.identity import page_id
from firstwire.core.stories.pages import page_key

PAGE = "https://www.harbour.example/world/2025/07/russia-recognizes?id=7&page=2"


@pytest.mark.parametrize(
    "spelling",
    [
        "http://harbour.example/world/2025/07/russia-recognizes?id=7&page=2",
        "https://m.harbour.example/world/2025/07/russia-recognizes?id=7&page=2",
        "https://mobile.harbour.example/world/2025/07/russia-recognizes?id=7&page=2",
        "https://amp.harbour.example/world/2025/07/russia-recognizes?id=7&page=2",
        "https://www.harbour.example/amp/world/2025/07/russia-recognizes?id=7&page=2",
        "https://www.harbour.example/world/2025/07/russia-recognizes/amp/?id=7&page=2",
        "https://www.harbour.example/world/2025/07/russia-recognizes.amp?id=7&page=2",
        "https://www.harbour.example/world/2025/07/russia-recognizes.amp.html?id=7&page=2",
        "https://www.harbour.example/world/2025/07/russia-recognizes/?page=2&id=7&amp=1",
        "https://www.harbour.example/world/2025/07/russia-recognizes?outputType=amp&id=7&page=2",
        "https://www.harbour.example//world/2025/07/russia-recognizes/?id=7&page=2&utm_source=rss#comments",
        "https://www.harbour.example/world/2025/07/russia%2Drecognizes/index.html?id=7&page=2",
        "https://www-harbour-example.cdn.ampproject.org/c/s/www.harbour.example/world/2025/07/russia-recognizes/amp?id=7&page=2",
        "https://www.google.com/amp/s/www.harbour.example/world/2025/07/russia-recognizes?id=7&page=2",
    ],
)
def test_spellings_of_one_page(spelling: str) -> None:
    assert page_key(spelling) == page_key(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.harbour.example/world/2025/07/russia-recognizes?id=8&page=2",
        "https://www.harbour.example/world/2025/07/russia-recognizes",
        "https://www.harbour.example/World/2025/07/russia-recognizes?id=7&page=2",
        "https://news.harbour.example/world/2025/07/russia-recognizes?id=7&page=2",
        "https://www.harbour.example:8443/world/2025/07/russia-recognizes?id=7&page=2",
        "https://www.harbour.example/world/2025/07/russia-recognizes-champ?id=7&page=2",
        "https://www.harbour.example/world/2025/07/russia-recognizes?id=7&page=2#!/photos",
        "https://www.harbour.example/world/2025/07/russia-recognizes?id=7&page=2#/photos/2",
    ],
)
def test_other_pages(other: str) -> None:
    assert page_key(other) != page_key(PAGE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.example/a", "https://example/a"),  # a host of two labels is a name
        ("https://www.example.com/champ", "https://www.example.com/ch"),
        ("https://www.example.com/amp", "https://www.example.com/b"),
    ],
)
def test_what_only_looks_like_another_form(one: str, other: str) -> None:
    assert page_key(one) != page_key(other)


def test_a_language_edition_for_phones_is_that_edition() -> None:
    assert page_key("https://en.m.wikipedia.org/wiki/Kabul") == page_key("https://en.wikipedia.org/wiki/Kabul")
    assert page_key("https://en.m.wikipedia.org/wiki/Kabul") != page_key("https://de.wikipedia.org/wiki/Kabul")


def test_an_article_is_the_page_that_its_link_leads_to() -> None:
    assert page_id(PAGE) == page_id(PAGE.replace("https://www.", "http://m."))
    assert page_id(PAGE) != page_id(PAGE.replace("id=7", "id=8"))


@given(st.text())
def test_no_address_is_too_odd_for_a_key(text: str) -> None:
    for url in (text, f"https://{text}", f"https://www.google.com/amp/s/{text}", f"https://a.example/{text}?{text}"):
        assert page_key(url) == page_key(url.strip())

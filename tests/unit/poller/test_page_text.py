"""The text of pages, and what robots.txt says."""

from __future__ import annotations

import pytest

from firstwire.poller.article_pages import product_of
from firstwire.poller.page_text import CRAWL_DELAY_LIMIT_SECONDS, PageText, is_about, read_page, read_robots

LINES = [
    "Der Hafen von Grauhafen öffnet nach dem Sturm wieder, wie die Hafenmeisterin am Mittwoch vor Reportern erklärte.",
    "Drei Tage lang hatten hohe Wellen die Einfahrt unpassierbar gemacht, über vierzig Schiffe mussten draußen warten.",
    "Die ersten Fähren fahren nach ihren Worten am Donnerstag, größere Frachter erst am Wochenende, bei wenig Wind.",
]
TITLE, TEASER = "Hafen öffnet wieder", "Der Hafen von Grauhafen öffnet nach dem Sturm."


def page(charset: str = "") -> str:
    meta = f"<meta charset='{charset}'>" if charset else ""
    paragraphs = "".join(f"<p>{line}</p>" for line in LINES)
    head = f"<head>{meta}<title>{TITLE}</title></head>"
    return f"<html>{head}<body><article><h1>{TITLE}</h1>{paragraphs}</article></body></html>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (page().encode(), "text/html"),
        (page().encode(), "text/html; charset=iso-8859-1"),
        (page().encode("cp1252"), "text/html; charset=windows-1252"),
        (page("iso-8859-15").encode("iso-8859-15"), "text/html"),
        (page().encode(), "text/html; charset=nonsense"),
    ],
)
def test_the_text_of_a_page_in_the_encodings_that_pages_have(body: bytes, content_type: str) -> None:
    assert read_page(body, content_type=content_type, title=TITLE, teaser=TEASER) == PageText("\n".join(LINES))


@pytest.mark.parametrize(
    ("known", "text", "expected"),
    [
        (TITLE, LINES[0], True),
        ("Something else entirely about football", LINES[0], False),
        ("港口在风暴后重新开放", "港口在三天的风暴之后于星期三重新开放。", True),
        ("港口在风暴后重新开放", "我们使用必要的技术来存储您的偏好设置。", False),
        ("Порт снова открыт", "После шторма порт был снова открыт в среду.", True),
        ("!!!", "anything", True),
    ],
)
def test_what_is_about_the_same(known: str, text: str, expected: bool) -> None:
    assert is_about(known, text) == expected


ROBOTS = b"""User-agent: *
Disallow: /
Crawl-delay: 5

User-agent: firstwire
Disallow: /paid/
Disallow: /*.pdf$
Allow: /paid/free
Crawl-delay: 100000
"""


def test_robots() -> None:
    urls = [f"https://a.example{path}" for path in ("/news", "/paid/1", "/paid/free/1", "/a.pdf", "/a.pdf?x")]
    assert read_robots(ROBOTS, urls=urls, product="firstwire").allowed == (True, False, True, False, True)
    assert read_robots(ROBOTS, urls=urls, product="firstwire").delay_seconds == CRAWL_DELAY_LIMIT_SECONDS
    other = read_robots(ROBOTS, urls=urls, product="another")
    assert (set(other.allowed), other.delay_seconds) == ({False}, 5.0)


def test_robots_with_a_byte_order_mark() -> None:
    body = b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"
    assert read_robots(body, urls=["https://a.example/1"], product="firstwire").allowed == (False,)


@pytest.mark.parametrize(
    ("user_agent", "product"),
    [
        ("firstwire/0.1 (+https://github.com/firstwire/firstwire)", "firstwire"),
        ("Desk of news", "Desk"),
        ("", "firstwire"),
    ],
)
def test_the_name_that_robots_txt_knows(user_agent: str, product: str) -> None:
    assert product_of(user_agent) == product

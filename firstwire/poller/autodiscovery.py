"""The feeds that a web page names, and where feeds usually are. Pure; for people who give a page's address."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from firstwire.poller.links import resolved, same_feed_key
from firstwire.poller.plaintext import plain_line

PAGE_LIMIT_CHARACTERS = 512 * 1024
FOUND_LIMIT = 50

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml",
        "text/xml",
    }
)

USUAL_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
"""Where feeds are of sites that name none, the most frequent first."""


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page names. `title` is empty if it says nothing."""

    url: str
    title: str = ""


def feeds_of_page(markup: str, url: str) -> tuple[FoundFeed, ...]:
    """The feeds that a page at `url` names in `<link rel="alternate">`, in its order, each once."""
    page = _Page(url)
    page.feed(markup[:PAGE_LIMIT_CHARACTERS])
    found: dict[str, FoundFeed] = {}
    for link, title in page.links:
        address = resolved(page.base, link)
        if address is not None:
            found.setdefault(same_feed_key(address), FoundFeed(address, plain_line(title)))
    return tuple(found.values())[:FOUND_LIMIT]


def usual_addresses(url: str) -> tuple[str, ...]:
    """Where the feed of a site often is."""
    return tuple(filter(None, (resolved(url, path) for path in USUAL_PATHS)))


class _Page(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.base = url
        self.links: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        if tag == "base" and given.get("href"):
            self.base = resolved(self.base, given["href"]) or self.base
        # A link to the page in another language is an alternate too; WordPress also names its API and its embeds
        is_alternate = {"alternate", "feed"} & set(given.get("rel", "").lower().split())
        kind = given.get("type", "").lower().partition(";")[0].strip()
        if tag in ("link", "a") and is_alternate and kind in FEED_TYPES and given.get("href"):
            self.links.append((given["href"], given.get("title", "")))

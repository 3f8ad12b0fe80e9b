"""The text of an article's page, and what a host's robots.txt permits. Runs in a worker process: its input is hostile.

Opens nothing and raises nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from protego import Protego

from firstwire.poller.document import UnreadableFeed
from firstwire.poller.plaintext import plain_text

TEXT_LIMIT_CHARACTERS = 100_000
"""More is no article of a newspaper, and an article is a record of limited size."""

CRAWL_DELAY_LIMIT_SECONDS = 60.0

SHARE_IN_COMMON = 0.25
"""Of the short pieces of a title or a summary, so many stand in the text of its page; in notes on cookies less."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]")
"""Scripts of which two characters say as much as four letters."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of an article, in lines."""

    text: str


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """Which addresses may be fetched, in the order in which they were asked for; seconds between two requests."""

    allowed: tuple[bool, ...]
    delay_seconds: float = 0.0


def load_extractor() -> None:
    """Load what reads pages: half a second, which is no page's fault."""
    import trafilatura  # noqa: F401


def read_page(body: bytes, *, content_type: str, title: str, teaser: str) -> PageText | UnreadableFeed:
    """The text of the article on a page, without its title. A text that has nothing of what the feed says is not it."""
    import trafilatura

    extracted = trafilatura.extract(
        _markup(body, content_type), fast=True, include_comments=False, include_tables=False
    )
    text = plain_text(extracted or "", is_html=False)[:TEXT_LIMIT_CHARACTERS]
    if not text:
        return UnreadableFeed("no article was found on the page")
    if not any(is_about(known, text) for known in (title, teaser) if known):
        return UnreadableFeed("the page says nothing of what the feed says: perhaps it asks for consent, or for money")
    first, _, rest = text.partition("\n")
    return PageText(rest if first.casefold() == title.casefold() else text)


def is_about(known: str, text: str) -> bool:
    """Whether a text has enough in common with a title or a summary."""
    size = 2 if _DENSE.search(known) else 4
    pieces = _pieces(known, size)
    return not pieces or len(pieces & _pieces(text, size)) >= SHARE_IN_COMMON * len(pieces)


def read_robots(body: bytes, *, urls: Sequence[str], product: str) -> RobotsAnswer:
    """What robots.txt says of addresses to a program (RFC 9309)."""
    rules = Protego.parse(body.decode("utf-8-sig", "replace"))
    delay = rules.crawl_delay(product) or 0.0
    return RobotsAnswer(
        tuple(bool(rules.can_fetch(url, product)) for url in urls), min(float(delay), CRAWL_DELAY_LIMIT_SECONDS)
    )


def _pieces(text: str, size: int) -> set[str]:
    letters = "".join(character for character in text.casefold() if character.isalnum())
    return {letters[at : at + size] for at in range(len(letters) - size + 1)}


def _markup(body: bytes, content_type: str) -> str | bytes:
    """The page as text; as bytes if only the page itself says how it is encoded."""
    named = _CHARSET.search(content_type)
    for encoding in ("utf-8", named[1] if named else ""):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body

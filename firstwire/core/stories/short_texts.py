"""Headlines and other short texts: equal if their words are, ignoring the publisher's name around the title.

Dashes, emoji, quotes, case and punctuation are ignored.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from firstwire.core.text.words import words

SHORTEST_TEXT_WORDS = 4
"""Words below which an equal text ("Live updates") is no evidence."""

SUFFIX_WORDS_AT_MOST = 5
SUFFIX_CHARACTERS = 120
"""Characters at the end that are searched: a title may be a whole paragraph."""
SUFFIXES_AT_MOST = 2
"""A section and a publisher: "… | World | The Guardian"."""

_SUFFIX = re.compile(
    r"(?P<title>.*\S)\s*(?P<mark>[|｜¦•·»]|(?<=\s)[-‐‑‒–—―−:](?=\s))\s*(?P<suffix>[^|｜¦•·»]+)\s*", re.DOTALL
)
_PREFIX = re.compile(r"\s*(?P<prefix>[^|｜¦•·»:]{2,60}?)\s*(?P<mark>[|｜¦•·»]|:(?=\s))\s*")
_BARS = frozenset("|｜¦•·»")
_ADDRESS = re.compile(r"\s*(?:https?://)?(?:[\w-]+\.)+[a-z]{2,6}\s*", re.IGNORECASE)

_PUBLISHER_WORDS = (
    "news times post herald tribune guardian telegraph independent observer journal gazette chronicle standard daily "
    "express mail mirror globe bulletin press magazine online tv radio media network newspaper agency newswire wire "
    "bbc cnn nbc cbs abc cbc npr pbs itv msnbc rt dw rte reuters ap afp upi tass xinhua dpa efe ansa pti ani yonhap "
    "kyodo bloomberg politico axios jazeera haaretz spiegel zeitung tagesschau welt bild monde figaro parisien "
    "libération pais mundo vanguardia repubblica corriere folha globo nachrichten rundfunk noticias notícias nouvelles "
    "actualités новости известия ведомости коммерсантъ газета тасс риа интерфакс вести "
)
PUBLISHER_WORDS = frozenset(_PUBLISHER_WORDS.split())
"""Words of publishers' names; each name has at least one."""


def short_text_words(title: str, text: tuple[str, ...], source: str | None, url: str | None) -> tuple[str, ...]:
    """The words that identify a short text; empty if they are too few."""
    found = (*words(without_publisher(title, source, url)), *text)
    return found if len(found) >= SHORTEST_TEXT_WORDS else ()


def without_publisher(title: str, source: str | None, url: str | None) -> str:
    """The title without the publisher's name at its end or beginning, if enough words remain."""
    prefixed = _PREFIX.match(title)
    if prefixed is not None and _is_publisher(prefixed["prefix"], prefixed["mark"], source, url):
        rest = title[prefixed.end() :]
        if len(words(rest)) >= SHORTEST_TEXT_WORDS:
            title = rest
    for _ in range(SUFFIXES_AT_MOST):
        split = _SUFFIX.fullmatch(title, max(0, len(title) - SUFFIX_CHARACTERS))
        if split is None or not _is_publisher(split["suffix"], split["mark"], source, url):
            break
        shorter = title[: split.end("title")]
        if len(words(shorter)) < SHORTEST_TEXT_WORDS:
            break
        title = shorter
    return title


def _is_publisher(suffix: str, mark: str, source: str | None, url: str | None) -> bool:
    named = words(suffix)
    if not named or len(named) > SUFFIX_WORDS_AT_MOST:
        return False
    if mark in _BARS or _ADDRESS.fullmatch(suffix):  # a bar separates only sections and names
        return True
    if source is not None and named == words(source):
        return True
    if "".join(named).removeprefix("the") in _host_labels(url):
        return True
    return any(word in PUBLISHER_WORDS for word in named) and suffix.strip()[:1].upper() == suffix.strip()[:1]


def _host_labels(url: str | None) -> tuple[str, ...]:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ()
    return tuple(label.replace("-", "").removeprefix("the") for label in host.split(".")[:-1] if label)

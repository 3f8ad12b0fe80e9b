"""feedparser, within bounds: what no person reads is cut before feedparser's regular expressions see it.

Importing this changes feedparser's two parser classes, for which it has no options.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import feedparser.api

SHORT_LIMIT_CHARACTERS = 4_096
"""What an element with a name, a date, an address or a number is cut to. An author of 40 kB took 9.8 s."""

LONG_ELEMENTS = frozenset({"title", "summary", "description", "content", "subtitle", "tagline", "info", "rights"})
"""Elements of running text, by feedparser's names for them."""

FULL_TEXT_ENDINGS = ("full-text", "fulltext", "full_text", "turbo_content")
"""How elements end in which some outlets write the whole text, in namespaces of their own: `yandex:full-text`."""

Pop = Callable[..., Any]


def _bounded(pop: Pop) -> Pop:
    def bounded_pop(self: Any, element: str, *arguments: Any, **options: Any) -> Any:
        if self.elementstack and element not in LONG_ELEMENTS and not element.endswith(FULL_TEXT_ENDINGS):
            pieces = self.elementstack[-1][2]
            if sum(map(len, pieces)) > SHORT_LIMIT_CHARACTERS:
                pieces[:] = ["".join(map(str, pieces))[:SHORT_LIMIT_CHARACTERS]]
        return pop(self, element, *arguments, **options)

    return bounded_pop


for _parser in (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser):
    # feedparser makes Atom ids, guids without isPermaLink="false" and links absolute: "4711" of two feeds of one host
    # would become one address, and "N/A" a page.
    _parser.can_be_relative_uri = _parser.can_be_relative_uri - {"id", "link"}
    _parser.pop = _bounded(_parser.pop)

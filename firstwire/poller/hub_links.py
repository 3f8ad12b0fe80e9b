"""The hubs that push a feed, as its header or document names them (WebSub, discovery). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from firstwire.poller.links import resolved

HUBS_KEPT = 3
"""A feed may name several, of which one is enough."""

LINKS_READ = 50

_LINK = re.compile(r"<([^<>]{1,2048})>((?:\s*;[^,;<\"]*(?:\"[^\"]*\")?)*)")
_RELATIONS = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HubLinks:
    """The hubs, the first one first, and the address under which they know the feed; None if it is not named."""

    hubs: tuple[str, ...] = ()
    topic: str | None = None


def hub_links_of_header(lines: Iterable[str], url: str) -> HubLinks:
    """What `Link` headers of the answer of `url` say (RFC 8288)."""
    return hub_links(_links(lines), url)


def hub_links(links: Iterable[tuple[str, str]], url: str) -> HubLinks:
    """What links say, given as relations and address. `url` is the base of relative addresses."""
    found = [(relations.lower().split(), resolved(url, link), bool(link.strip())) for relations, link in links]
    # The empty address is that of the feed itself, which is no hub
    hubs = dict.fromkeys(link for relations, link, names in found if names and "hub" in relations and link is not None)
    topic = next((link for relations, link, _ in found if "self" in relations and link is not None), None)
    return HubLinks(tuple(hubs)[:HUBS_KEPT], topic)


def _links(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    count = 0
    for line in lines:
        for link in _LINK.finditer(line):
            count += 1
            if count > LINKS_READ:
                return
            relations = _RELATIONS.search(link[2])
            if relations is not None:
                yield relations[1] or relations[2] or "", link[1]

"""Article ids as the first version made them. An entry that a feed's state knows under one keeps it while it is listed.

That formula took a guid that might be a link for an address on the feed's host, told http from https, knew no
fragments, and named a feed by its whole URL.
"""

from __future__ import annotations

from urllib.parse import urldefrag

from firstwire.core.stories.pages import page_key
from firstwire.core.text.digest import digest
from firstwire.poller.document import FeedEntry
from firstwire.poller.links import resolved


def former_guid_ids(feed_url: str, entry: FeedEntry) -> tuple[str, ...]:
    """What the id may have been by the guid: as written or made absolute, also with the other of http and https."""
    if entry.guid is None or not entry.guid.strip():
        return ()
    # The feed may have been read at its own address then and be redirected now
    written = (entry.guid.strip(), entry.guid_address, resolved(feed_url, entry.guid))
    ids: dict[str, None] = {}
    for guid in filter(None, written):
        is_address = guid.lower().startswith(("http://", "https://"))
        spellings = (guid, _with_other_scheme(guid)) if is_address else (guid,)
        ids |= {digest("guid", "" if is_address else feed_url, spelling): None for spelling in spellings}
    return tuple(ids)


def former_page_ids(entry: FeedEntry) -> tuple[str, ...]:
    """What the id was by the link."""
    return () if entry.link is None else (digest("link", page_key(urldefrag(entry.link).url)),)


def former_headed_ids(feed_url: str, entry: FeedEntry) -> tuple[str, ...]:
    """What the id was by title and date."""
    return (digest("entry", feed_url, entry.title, entry.published_text or ""),)


def _with_other_scheme(guid: str) -> str:
    scheme, _, rest = guid.partition("://")
    return f"{'https' if scheme.lower() == 'http' else 'http'}://{rest}"

"""The article ids of a document's entries, made of the first of each entry's names that no other has. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from firstwire.core.stories.identity import guid_id, headed_id, names_something, page_id, place_id
from firstwire.core.stories.pages import page_key
from firstwire.core.stories.urls import canonical_url
from firstwire.poller.document import FeedEntry
from firstwire.poller.former_ids import former_guid_ids, former_headed_ids, former_page_ids
from firstwire.poller.links import resolved, same_feed_key

SHARED_KEPT = 200
"""Ids that several entries have had, remembered per feed, the newest ones."""

NAMES_THAT_MAY_BE_SHARED = 3
"""Guid, page and place; title with date is the last resort."""


@dataclass(frozen=True, slots=True)
class EntryName:
    """One name of an entry as an article id, and the ids that the first version made of it."""

    article_id: str | None
    """None if it names nothing."""
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryIdentity:
    """The names of an entry, the best first: guid, page, place on the page, title with date. `own` is one of them."""

    own_id: str
    own: EntryName
    names: tuple[EntryName, ...]

    def kept(self, known: Mapping[str, str], content: str) -> str:
        """The article id: the one under which the feed's state knows the entry, else its own.

        `known` has the content hash of every article id. Under a name that is not its own, the known entry is the one
        with exactly that content.
        """
        for article_id in (self.own_id, *self.own.former):
            if article_id in known:
                return article_id
        for name in self.names:
            for each in (name.article_id, *name.former):
                if each is not None and known.get(each) == content:
                    return each
        return self.own_id


@dataclass(frozen=True, slots=True)
class Identification:
    """The identity of every entry of a document, in its order."""

    identities: tuple[EntryIdentity, ...]
    shared: tuple[str, ...]
    """Ids that would name several entries of the feed, of this document and earlier ones."""


def identified(entries: Sequence[FeedEntry], feed_url: str, shared: Iterable[str] = ()) -> Identification:
    """Identify the entries of a document. `shared` are the ids that several entries had in earlier ones.

    They must be known because a feed that gives all its entries one link may list a single entry the next time.
    """
    feed = same_feed_key(feed_url)
    names = [_names(entry, feed, feed_url) for entry in entries]
    ambiguous = dict.fromkeys(shared)
    own: dict[int, EntryIdentity] = {}
    for rank in range(NAMES_THAT_MAY_BE_SHARED):
        bearers: defaultdict[str, list[int]] = defaultdict(list)
        for at, each in enumerate(names):
            article_id = each[rank].article_id
            if at not in own and article_id is not None:
                bearers[article_id].append(at)
        for article_id, bearing in bearers.items():
            if len({_appearance(entries[at]) for at in bearing}) > 1:
                ambiguous.pop(article_id, None)
                ambiguous[article_id] = None
            if article_id not in ambiguous:
                own |= {at: EntryIdentity(article_id, names[at][rank], names[at]) for at in bearing}
    headed = (
        EntryIdentity(headed_id(feed, entry.title, entry.published_text), each[-1], each)
        for entry, each in zip(entries, names, strict=True)
    )
    identities = tuple(own.get(at, last) for at, last in enumerate(headed))
    return Identification(identities, tuple(ambiguous)[-SHARED_KEPT:])


def shown_urls(entries: Sequence[FeedEntry]) -> list[str | None]:
    """The URL of each entry's page, with the fragment if entries of this document differ in nothing else."""
    with_fragments: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.link is not None:
            with_fragments[page_key(entry.link)].add(canonical_url(entry.link, keep_fragment=True))
    return [
        None
        if entry.link is None
        else canonical_url(entry.link, keep_fragment=len(with_fragments[page_key(entry.link)]) > 1)
        for entry in entries
    ]


def _names(entry: FeedEntry, feed: str, feed_url: str) -> tuple[EntryName, ...]:
    guid = entry.guid if entry.guid is not None and names_something(entry.guid) else None
    # Against the address of the subscription, so that a redirect changes no id
    link = entry.link if entry.link_text is None else resolved(feed_url, entry.link_text)
    return (
        EntryName(None if guid is None else guid_id(feed, guid), former_guid_ids(feed_url, entry)),
        EntryName(None if link is None else page_id(link), () if entry.link is None else former_page_ids(entry.link)),
        EntryName(None if link is None else place_id(link)),
        EntryName(headed_id(feed, entry.title, entry.published_text), former_headed_ids(feed_url, entry)),
    )


def _appearance(entry: FeedEntry) -> tuple[str, ...]:
    """What distinguishes entries that share a name. One that is listed twice is one."""
    link = "" if entry.link is None else canonical_url(entry.link, keep_fragment=True)
    return (entry.title, entry.published_text or "", link)

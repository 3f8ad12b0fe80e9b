"""The article ids of a document's entries, made of the first of each entry's names that no other has. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from firstwire.core.stories.identity import guid_id, headed_id, names_something, page_id, place_id
from firstwire.core.stories.urls import canonical_url
from firstwire.poller.document import FeedEntry
from firstwire.poller.former_ids import former_guid_ids, former_headed_ids, former_page_ids
from firstwire.poller.links import resolved, same_feed_key

SHARED_KEPT = 200
"""Ids that several entries have had, remembered per feed, the newest ones."""

NAMES_THAT_MAY_BE_SHARED = 3
"""Guid, page and place on it; title with date is the last resort."""


@dataclass(frozen=True, slots=True)
class EntryName:
    """One name of an entry, from which an article id is made where it is needed: of 2,000 entries few need all."""

    article_id: Callable[[], str | None]
    """None if it names nothing."""
    former_ids: Callable[[], tuple[str, ...]] = tuple
    """The ids that the first version made of it."""


@dataclass(frozen=True, slots=True)
class EntryIdentity:
    """The best name of an entry that is its own as an article id, that name, and all of them."""

    own_id: str
    own: EntryName
    names: tuple[EntryName, ...]

    def kept(self, known: Mapping[str, str], contents: Container[str]) -> str:
        """The article id: the one under which the feed's state knows the entry, else its own.

        `known` has the content hash of every article id. Under a name that is not its own, the known entry is the one
        with exactly that content, of which there are two hashes if its language is unknown.
        """
        if self.own_id in known or not known:
            return self.own_id
        own = next((each for each in self.own.former_ids() if each in known), None)
        return own or next((each for each in self._ids() if known.get(each, "") in contents), self.own_id)

    def _ids(self) -> Iterator[str]:
        for name in self.names:
            article_id = name.article_id()
            if article_id is not None:
                yield article_id
            yield from name.former_ids()


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
        for at in range(len(entries)):
            article_id = names[at][rank].article_id() if at not in own else None
            if article_id is not None:
                bearers[article_id].append(at)
        for article_id, bearing in bearers.items():
            if len(bearing) > 1 and len({_appearance(entries[at]) for at in bearing}) > 1:
                ambiguous.pop(article_id, None)
                ambiguous[article_id] = None
            if article_id not in ambiguous:
                own |= {at: EntryIdentity(article_id, names[at][rank], names[at]) for at in bearing}
    for at, entry in enumerate(entries):
        if at not in own:
            headed = headed_id(feed, entry.title, entry.published_text)
            own[at] = EntryIdentity(headed, names[at][-1], names[at])
    return Identification(tuple(own[at] for at in range(len(entries))), tuple(ambiguous)[-SHARED_KEPT:])


def shown_urls(entries: Sequence[FeedEntry]) -> list[str | None]:
    """The URL of each entry's page, with the fragment if entries of this document differ in nothing else."""
    links: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.link is not None:
            links[entry.link.partition("#")[0]].add(entry.link)
    return [
        None
        if entry.link is None
        else canonical_url(entry.link, keep_fragment=len(links[entry.link.partition("#")[0]]) > 1)
        for entry in entries
    ]


def _names(entry: FeedEntry, feed: str, feed_url: str) -> tuple[EntryName, ...]:
    """The names of an entry, the best first: guid, page, place on the page, title with date."""
    return (
        EntryName(partial(_guid_id, entry, feed), partial(former_guid_ids, feed_url, entry)),
        EntryName(partial(_of_link, page_id, entry, feed_url), partial(former_page_ids, entry)),
        EntryName(partial(_of_link, place_id, entry, feed_url)),
        EntryName(
            partial(headed_id, feed, entry.title, entry.published_text), partial(former_headed_ids, feed_url, entry)
        ),
    )


def _guid_id(entry: FeedEntry, feed: str) -> str | None:
    return guid_id(feed, entry.guid) if entry.guid is not None and names_something(entry.guid) else None


def _of_link(id_of: Callable[[str], str | None], entry: FeedEntry, feed_url: str) -> str | None:
    # Against the address of the subscription, so that a redirect changes no id
    link = entry.link if entry.link_text is None else resolved(feed_url, entry.link_text)
    return None if link is None else id_of(link)


def _appearance(entry: FeedEntry) -> tuple[str, ...]:
    """What distinguishes entries that share a name. One that is listed twice is one."""
    link = "" if entry.link is None else canonical_url(entry.link, keep_fragment=True)
    return (entry.title, entry.published_text or "", link)

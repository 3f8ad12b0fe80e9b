"""`feed-states` and `feed-entries`: what the poller remembers of each feed, written once its articles are safe."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemas.record import Part, Record, Timestamp

Lane = Literal["normal", "slow"]
"""`slow`: its last visit took so long that others would have had to wait. It has fewer, but longer visits."""

Health = Literal[
    "new",
    "ok",
    "failing",
    "dead",
    "gone",
    "refused",
    "blocked",
    "gapped",
    "mojibake",
    "stale",
    "silent",
    "undated",
    "unpushed",
]
"""`failing`: the last visit failed; `dead`: all have for weeks; `gone`: for good, by its publisher; `refused`: by our
own settings; `blocked`: its server refuses programs, or asks for fewer visits; `gapped`: entries came and went
between two visits; `mojibake`: its text is garbled; `stale`: its newest entry is old; `silent`: it has had no news
for much longer than usual; `undated`: most entries have no date; `unpushed`: its hub does not push it, so that it is
only visited."""


class HubSubscription(Part, frozen=True, kw_only=True):
    """What a hub was asked to push to us (WebSub), and what it said."""

    hub: str
    topic: str
    """The feed's address as its publisher names it to hubs."""
    callback: str
    """Where the hub reaches us. Nobody else knows its end."""
    secret: str
    """With which the hub signs what it pushes."""
    asked_at: Timestamp
    """When the hub was last asked."""
    ask_at: Timestamp
    """When it is to be asked again: before the lease ends, or after a failure."""
    is_asked: bool = True
    """It has neither confirmed nor failed since."""
    lease_until: Timestamp | None = None
    """Until when the hub pushes; null until it has confirmed that."""
    failures: int = 0
    fault: str | None = None
    """Why the hub does not push; null once it has confirmed."""
    pushed_at: Timestamp | None = None
    """When a document was last pushed."""
    is_trusted: bool = False
    """The last news were pushed, and not found by a visit."""


class FeedState(Record, frozen=True, kw_only=True, tag="feed-state"):
    """Validators, schedule and health of one feed."""

    url: str
    """The address under which it was first subscribed, which is its key."""
    title: str | None = None
    language: str | None = None
    """Set by a person, declared, or seen in its texts; null until they tell it."""
    etag: str | None = None
    """Exactly as received, including quotes and `W/`."""
    last_modified: str | None = None
    body_hash: str | None = None
    entries: dict[str, str] = msgspec.field(default_factory=dict)
    """Article id → content hash of the entries in the feed's last document. This and the next two fields are in
    `feed-entries`; here they are empty, but in records of before that topic."""
    shared: tuple[str, ...] = ()
    """Article ids that would name several entries, which share a guid or a link; they are told apart otherwise."""
    keys: dict[str, str] | None = None
    """Article id → key in Kafka, of entries that were first published under another key than that of `language` now.
    Null in states of before this field."""
    wish_seconds: float | None = None
    """The longest wait that the feed's last document asked for: its ttl or its update period."""
    fresh_seconds: float | None = None
    """How long its last document stays fresh; "not modified" alone repeats that (RFC 9111, 4.3.4)."""
    skip_hours: tuple[int, ...] = ()
    """Hours, GMT, in which the feed asks for no visits."""
    skip_days: tuple[int, ...] = ()
    """Days, GMT, Monday being 0."""
    checked_at: Timestamp | None = None
    read_at: Timestamp | None = None
    """When a document was last read."""
    full_at: Timestamp | None = None
    """When a request without validators was last answered with a document."""
    changed_at: Timestamp | None = None
    next_poll_at: Timestamp | None = None
    pace: float = 1.0
    """The interval is so many times the configured one: less if much is new at each visit, more if nothing is for
    long."""
    gaps: int = 0
    """How often a document had no entry of the one before."""
    gapped_at: Timestamp | None = None
    newest_at: Timestamp | None = None
    """The newest date of the last document's entries."""
    is_undated: bool = False
    """Most entries of the last document have no date."""
    quiet_seconds: float | None = None
    """The longest wait between news of late; null until it is known."""
    failures: int = 0
    failing_since: Timestamp | None = None
    """When the first of these failures was."""
    last_error: str | None = None
    garbled: str | None = None
    """An excerpt of the last document, if its text was decoded wrongly before it was published."""
    lane: Lane = "normal"
    policy: str | None = None
    """The settings that refused the feed, as a digest: others may permit it."""
    retry_at: Timestamp | None = None
    """Its server asked not to be visited before, for all feeds of the domain."""
    address: str | None = None
    """Where the feed has moved for good; null for `url`."""
    moved_to: str | None = None
    moved_visits: int = 0
    """Where it was permanently redirected to in the last visits, and in how many in a row."""
    full_text_fault: str | None = None
    """Why articles of the last news have the feed's text, and not that of their pages."""
    hubs: tuple[str, ...] | None = None
    """The hubs that the feed names, the first one first; null if nobody has looked."""
    topic: str | None = None
    """The address under which hubs know it."""
    push: HubSubscription | None = None
    health: Health = "new"
    told_health: Health | None = None
    """The health that an alert told of last; null once it is well."""


class FeedEntries(Record, frozen=True, kw_only=True, tag="feed-entries"):
    """The entries known of one feed: most of what is remembered, and written only when it has changed."""

    url: str
    """That of the feed's state."""
    entries: dict[str, str] = msgspec.field(default_factory=dict)
    shared: tuple[str, ...] = ()
    keys: dict[str, str] | None = None

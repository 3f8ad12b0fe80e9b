"""`feeds`: the poller's state of each feed, only written once the feed's articles are safe in Kafka."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemas.record import Record, Timestamp

Lane = Literal["normal", "slow"]
"""`slow`: its last visit took so long that others would have had to wait. It has fewer, but longer visits."""

Health = Literal["new", "ok", "failing", "gone", "mojibake"]
"""`failing`: the last visit failed; `gone`: for good; `mojibake`: its text is garbled."""


class FeedState(Record, frozen=True, kw_only=True, tag="feed-state"):
    """Validators, schedule and health of one feed."""

    url: str
    """The address under which it was first subscribed, which is its key."""
    title: str | None = None
    language: str | None = None
    """Configured, declared, or detected once and kept, so that revisions of one article stay together."""
    etag: str | None = None
    """Exactly as received, including quotes and `W/`."""
    last_modified: str | None = None
    body_hash: str | None = None
    entries: dict[str, str] = msgspec.field(default_factory=dict)
    """Article id → content hash of the entries in the feed's last document."""
    shared: tuple[str, ...] = ()
    """Article ids that would name several entries, which share a guid or a link; they are told apart otherwise."""
    wish_seconds: float | None = None
    """The longest wait that the feed's last document asked for: its ttl or its update period."""
    checked_at: Timestamp | None = None
    changed_at: Timestamp | None = None
    next_poll_at: Timestamp | None = None
    failures: int = 0
    last_error: str | None = None
    garbled: str | None = None
    """An excerpt of the last document, if its text was decoded wrongly before it was published."""
    lane: Lane = "normal"
    health: Health = "new"

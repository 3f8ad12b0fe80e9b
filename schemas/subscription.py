"""`subscriptions`: what somebody decided on a feed while the program ran: to poll it, how, or to poll it no more."""

from __future__ import annotations

from typing import Literal

from schemas.record import Part, Record, Timestamp


class SecretPlace(Part, frozen=True, kw_only=True):
    """Where the poller finds a secret: the name of an environment variable, or a file. Never the secret itself."""

    env: str | None = None
    file: str | None = None


class SubscriptionChange(Record, frozen=True, kw_only=True, tag="subscription"):
    """The last decision on a feed. What it leaves open (null) is as the configuration's files say."""

    url: str
    decision: Literal["add", "remove"]
    decided_at: Timestamp
    """A feed that was added is visited at once if its last visit was before."""
    is_paused: bool = False
    """With `remove`: it is only not polled until it is resumed, and its settings are kept. Records of before this
    field that remove a feed and have settings mean the same.
    """
    title: str | None = None
    """The outlet, as a person calls it."""
    tags: tuple[str, ...] | None = None
    language: str | None = None
    interval_seconds: float | None = None
    longest_interval_seconds: float | None = None
    ignore_http_cache: bool | None = None
    full_text: bool | None = None
    """Read the whole text of its articles from their pages."""
    headers: dict[str, str | SecretPlace] | None = None
    """Sent to the feed's own host only."""
    login: SecretPlace | None = None
    """Where `name:password` is, sent to the feed's own host only."""

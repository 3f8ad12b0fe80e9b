"""What a visit to a publisher's server gave: a body, "not modified", or why there is neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from firstwire.poller.headers import Validators

FailureKind = Literal["answer", "blocked", "unreachable", "slow", "refused"]
"""`answer`: the server's answer is no feed; `blocked`: it refuses programs, or so many visits; `unreachable`: there was
no answer; `slow`: none in time; `refused`: our own settings forbid the address or the size."""


@dataclass(frozen=True)
class Fetched:
    """A body. `url` is the final address after redirects."""

    url: str
    body: bytes
    content_type: str
    validators: Validators
    fresh_seconds: float | None = None
    moved_to: str | None = None
    """The final address, if all redirects were permanent."""
    is_partial: bool = False
    """Only entries that are new (RFC 3229)."""
    was_slow: bool = False
    """It belongs into the slow lane."""
    hubs: tuple[str, ...] = ()
    topic: str | None = None
    """The hubs that its header names, and the address under which they know it."""


@dataclass(frozen=True)
class NotModified:
    """The feed has not changed. The server may have renewed its validators."""

    validators: Validators
    fresh_seconds: float | None = None
    """None if it says nothing of that."""
    moved_to: str | None = None
    was_slow: bool = False


@dataclass(frozen=True)
class Failed:
    """Why there is no body, in words without the URL. `gone`: permanently."""

    reason: str
    kind: FailureKind = "answer"
    retry_after_seconds: float | None = None
    """How long to wait, by the server's words or, if it says nothing, by ours."""
    host: str | None = None
    """The server that answered, after redirects."""
    is_for_domain: bool = False
    """The wait is asked for by the server, for everything on its domain."""
    gone: bool = False
    was_slow: bool = False
    status: int | None = None
    """Of HTTP, if there was one."""
    is_silent: bool = False
    """Nothing came back, so that it may be our own network."""
    url: str | None = None
    content_type: str = ""
    beginning: bytes = b""
    """Of an answer: its address after redirects, its type, and for people who look at it how its body begins."""


Answer = Fetched | NotModified | Failed

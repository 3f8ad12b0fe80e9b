"""`audit`: who changed what on the console."""

from __future__ import annotations

from typing import Literal

from schemas.record import Record, Timestamp


class AuditEntry(Record, frozen=True, kw_only=True, tag="audit-entry"):
    """A change that somebody asked for. It is written before the change, so that none is made without it."""

    author: str
    """The name of a token of `web.tokens`; `local` on a console without tokens."""
    client: str
    """The address from which it was asked for."""
    door: Literal["page", "api"]
    about: str
    """What kind of thing: `silence`, `feedback`, `rule`, `ledger`, `feed`, `delivery`, `receiver`."""
    what: str
    """In words, without secrets."""
    asked_at: Timestamp

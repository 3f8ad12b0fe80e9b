"""`takedowns`: articles that may not be shown any more."""

from __future__ import annotations

from schemas.record import Record, Timestamp


class Takedown(Record, frozen=True, kw_only=True, tag="takedown"):
    """Who took down an article, and why. It holds nothing of its text."""

    article_id: str
    author: str
    reason: str = ""
    made_at: Timestamp

"""`replay.RUN.run`: a replay that writes to topics of its own."""

from __future__ import annotations

from schemas.record import Record, Timestamp


class ReplayRun(Record, frozen=True, kw_only=True, tag="replay-run"):
    """What a run was of, whether it is done: the first record of the topic claims its name, the last one ends it."""

    run: str
    token: str
    """Tells it from others of the same name."""
    source: str
    began_at: Timestamp
    keep_until: Timestamp
    """When its topics may be removed."""
    is_done: bool = False
    articles: int = 0
    """How many it judged, and how many alerts that led to, once it is done."""
    alerts: int = 0

"""The outlets of articles by name, each once: one whose feed was renamed has its newest name."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.event import Context


def outlet_names(contexts: Iterable[Context]) -> tuple[str, ...]:
    """The names, sorted; articles without one add none."""
    found = sorted(contexts, key=lambda each: (each.fetched_at, each.source or ""))
    of_feed = {each.feed: each.source for each in found if each.feed is not None}
    names = {each.source if each.feed is None else of_feed[each.feed] for each in found}
    return tuple(sorted(filter(None, names)))

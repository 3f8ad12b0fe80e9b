"""The age of an article, against the greatest age at which a rule tells it."""

from __future__ import annotations

from firstwire.core.text.wording import seconds_between
from schemas.event import Context

DAY_SECONDS = 86_400.0


def too_old(context: Context, max_age_seconds: float | None) -> str | None:
    """Why an article is too old to raise anything, in words; None if it is not, or if its date is unknown."""
    if max_age_seconds is None or context.published_at is None:
        return None
    if seconds_between(context.published_at, context.fetched_at) <= max_age_seconds:
        return None
    day = context.published_at[:10]
    limit = f"{max_age_seconds / DAY_SECONDS:.3g} d"
    return f"published on {day}, older than the rule's max_age of {limit} when it was fetched"

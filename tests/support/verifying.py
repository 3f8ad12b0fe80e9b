"""A result of `firstwire verify`."""

from __future__ import annotations

from firstwire.last_verify import LastVerify
from firstwire.replay.verify import DifferenceCause


def last_result(*, nightly: bool, unexplained: int = 0, ended_at: str = "2025-07-03T14:00:00.000Z") -> LastVerify:
    """In which 40 alerts agree."""
    causes = {cause.value: 0 for cause in DifferenceCause} | {DifferenceCause.UNEXPLAINED.value: unexplained}
    return LastVerify(
        ended_at=ended_at,
        seconds=12.5,
        nightly=nightly,
        stage="stories",
        since=None,
        until=None,
        articles=1_000,
        alerts=40 + unexplained,
        differences=causes,
        unexplained=unexplained,
    )

"""`silences`: who is not told of what, until when. `feedback`: what people said about alerts."""

from __future__ import annotations

from typing import Literal

from schemas.record import Record, Timestamp

SilenceKind = Literal["silence", "snooze"]
"""`snooze`: what it covers is told when it ends; of a `silence` nothing is told later."""

FeedbackVerdict = Literal["acknowledged", "false_alarm", "right"]
"""`false_alarm` and `right` are labels for backtests; `acknowledged` says that somebody takes care of it."""


class Silence(Record, frozen=True, kw_only=True, tag="silence"):
    """Alerts that fit all matchers are not told between two times. One that is ended early has an earlier end."""

    silence_id: str
    kind: SilenceKind = "silence"
    matchers: tuple[str, ...]
    """As in routes: `tag=cricket`."""
    starts_at: Timestamp
    ends_at: Timestamp
    author: str
    comment: str = ""
    made_at: Timestamp


class Feedback(Record, frozen=True, kw_only=True, tag="feedback"):
    """What one person says about one alert; the last word of each person counts."""

    alert_id: str
    author: str
    verdict: FeedbackVerdict
    comment: str = ""
    made_at: Timestamp

    @property
    def key(self) -> str:
        return f"{self.alert_id}:{self.author}"

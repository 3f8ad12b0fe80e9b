"""A silence that could silence nothing is refused, and says what it may ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firstwire.errors import ConfigError
from firstwire.notifier.said import new_silence
from schemas import Silence

NOW = datetime(2025, 7, 3, 14, tzinfo=UTC)


def silence_of(*matchers: str) -> Silence:
    return new_silence(matchers, NOW, NOW + timedelta(hours=1), "Ada", "", NOW)


@pytest.mark.parametrize(
    ("matcher", "message"),
    [
        ("severity=loud", "no severity 'loud'; known are critical, info, warning"),
        ("severity!=criticl", "no severity 'criticl'; did you mean 'critical'?"),
        ("kind=99", "no kind '99'; known are event, first, system, watch"),
        ("status=assertd", "no status 'assertd'; did you mean 'asserted'?"),
        ("certainty=maybe", "no certainty 'maybe'; known are sure, unsure"),
    ],
)
def test_a_value_that_no_alert_has_is_refused(matcher: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("?", r"\?")):
        silence_of("tag=cricket", matcher)


def test_values_of_alerts_missing_ones_and_patterns_are_taken() -> None:
    matchers = ("severity=critical", 'kind!="first"', 'certainty=""', 'severity=~"crit.*"', "tag=whatever")
    assert silence_of(*matchers).matchers == (
        'severity="critical"', 'kind!="first"', 'certainty=""', 'severity=~"crit.*"', 'tag="whatever"',
    )  # fmt: skip

"""A silence that names a rule that there is not is noticed."""

from __future__ import annotations

import pytest

from firstwire.core.routes.silences import unknown_rules
from schemas import Silence

KNOWN = ("first-to-recognize", "embassy-desk")


@pytest.mark.parametrize(
    ("matchers", "known", "said"),
    [
        (('rule="first-to-recognise"',), KNOWN, "there is no rule 'first-to-recognise'; did you mean 'first-to-"),
        (('rule="embassy-desk"', 'tag="x"'), KNOWN, ""),
        (('rule="feed-health"',), KNOWN, ""),
        (('rule!="none"', 'rule=~"em.*"'), KNOWN, ""),
        (('rule="none"',), (), ""),
    ],
)
def test_a_rule_that_nobody_knows_is_named(matchers: tuple[str, ...], known: tuple[str, ...], said: str) -> None:
    silence = Silence(
        silence_id="s1",
        matchers=matchers,
        starts_at="2025-07-03T14:00:00.000Z",
        ends_at="2025-07-03T15:00:00.000Z",
        author="desk",
        made_at="2025-07-03T14:00:00.000Z",
    )
    found = unknown_rules(silence, known)
    assert found.startswith(said) and bool(found) == bool(said)

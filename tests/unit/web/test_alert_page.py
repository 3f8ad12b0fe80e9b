"""What the page of an alert derives: revisions without a message, who published first, what people are told of it."""

from __future__ import annotations

import pytest

from firstwire.notifier.delivery_log import new_entry
from firstwire.web.pages.alerts import developments_of, outlets_of, untold_revisions
from firstwire.web.pages.silences import silenced_word
from schemas import Delivery, Silence
from tests.support.alerts import covering_article, first_alert, grown_alert, receipt


def delivery(revision: int) -> Delivery:
    return new_entry(first_alert(revision=revision), "desk", receipt(), queued_at="2025-07-03T14:02:41.000Z").delivery


@pytest.mark.parametrize(
    ("told", "untold"),
    [((), []), ((2,), [(1, 1), (3, 6)]), ((1, 2, 3, 4, 5, 6), []), ((1, 4), [(2, 3), (5, 6)])],
)
def test_every_revision_without_a_message_is_named(told: tuple[int, ...], untold: list[tuple[int, int]]) -> None:
    assert untold_revisions(first_alert(revision=6), [delivery(number) for number in told]) == untold


def test_the_outlet_that_published_first_stands_first_and_copies_below_their_original() -> None:
    late = covering_article(1, origin_id="a1", published_at="2025-07-03T12:00:00.000Z")
    copy = covering_article(2, origin_id="a3", published_at="2025-07-03T09:00:00.000Z")
    original = covering_article(3, origin_id="a3", published_at="2025-07-03T10:00:00.000Z")
    found = outlets_of([late, copy, original])
    assert [[each.article_id for each in articles] for _, _, articles in found] == [["a3", "a2"], ["a1"]]


def test_a_development_has_its_own_times() -> None:
    alert = grown_alert(2)
    newest, _ = developments_of(alert, [])
    assert newest[0] == alert.developments[-1]
    assert [name for name, _, _ in newest[1]] == ["published", "fetched"]


def test_one_word_says_how_an_alert_is_silent() -> None:
    silence, snooze = (
        Silence(
            silence_id=kind,
            kind=kind,  # type: ignore[arg-type]
            matchers=("tag=russia",),
            starts_at="2025-07-03T14:00:00.000Z",
            ends_at="2025-07-03T15:00:00.000Z",
            author="desk",
            made_at="2025-07-03T14:00:00.000Z",
        )
        for kind in ("silence", "snooze")
    )
    assert [silenced_word(each) for each in ([], [snooze], [silence], [snooze, silence])] == [
        "",
        "muted",
        "silenced",
        "silenced",
    ]

"""The causes of differences between live and replay: each has a name, and what has none is never passed over."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from firstwire.core.rules.history import RuleChange, RuleHistory
from firstwire.replay.verify import DifferenceCause, Explanation, different_fields, same, verified_differences
from schemas.alert import Alert
from tests.support.records import ANY_RULE, IRAN, RUSSIA, at, event, final_alerts, seeds

RULES = RuleHistory([RuleChange(ANY_RULE.id, 1, at(-1000), ANY_RULE)])
REPORTS = (event(RUSSIA, article_id="r"), event(IRAN, article_id="i", date="2025-07-05", hours=48))
(RAISED,) = [one for one in final_alerts(REPORTS, ANY_RULE).values() if one.subject.actor == "iran"]
ON_RECORD = {"r": at(0), "i": at(48), "later": at(1000)}


def explanation(
    *, articles: Mapping[str, str] = ON_RECORD, recorded: Alert | None = None, read_anew: bool = False
) -> Explanation:
    known = {} if recorded is None else {recorded.alert_id: recorded}
    return Explanation(RULES, seeds((RUSSIA, "2025-07-03")), articles, known, read_anew)


def cause(live: Alert | None, replayed: Alert | None, known: Explanation | None = None) -> DifferenceCause:
    sides = ({} if one is None else {RAISED.alert_id: one} for one in (live, replayed))
    (found,) = verified_differences([RAISED.alert_id], *sides, known or explanation())
    assert found.detail
    return found.cause


def test_the_number_of_revisions_is_no_difference() -> None:
    assert same(RAISED, replace(RAISED, revision=7))
    assert (
        verified_differences([RAISED.alert_id], {RAISED.alert_id: RAISED}, {RAISED.alert_id: RAISED}, explanation())
        == []
    )
    assert different_fields(RAISED, replace(RAISED, revision=7, severity="critical")) == ("severity",)


@pytest.mark.parametrize(
    ("live", "replayed"),
    [
        (RAISED, None),
        (None, RAISED),
        (RAISED, replace(RAISED, headline="Else")),
        (RAISED, replace(RAISED, tags=("x",), status="x")),
    ],
)
def test_what_nothing_explains_is_unexplained(live: Alert | None, replayed: Alert | None) -> None:
    assert cause(live, replayed) is DifferenceCause.UNEXPLAINED


def test_a_rule_or_a_version_that_is_not_on_record_is_the_cause() -> None:
    assert cause(replace(RAISED, rule_version=9), None) is DifferenceCause.RULE
    assert cause(replace(RAISED, rule_id="unknown"), None) is DifferenceCause.RULE


def test_an_article_that_is_gone_is_the_cause() -> None:
    assert cause(RAISED, None, explanation(articles={"later": at(1000)})) is DifferenceCause.EXPIRED


def test_what_was_just_fetched_may_be_under_way() -> None:
    assert cause(None, RAISED, explanation(articles={"r": at(0), "i": at(48)})) is DifferenceCause.UNDER_WAY


def test_an_alert_that_was_taken_back_may_never_have_been_raised() -> None:
    assert cause(None, replace(RAISED, state="retracted")) is DifferenceCause.ORDER


def test_articles_that_say_something_else_when_read_again_are_the_cause() -> None:
    assert cause(RAISED, None, explanation(recorded=RAISED, read_anew=True)) is DifferenceCause.READER
    assert cause(RAISED, None, explanation(read_anew=True)) is DifferenceCause.UNEXPLAINED
    assert cause(RAISED, replace(RAISED, tags=("x",))) is DifferenceCause.READER


def test_an_act_that_the_files_now_know_is_the_cause_and_so_is_a_report_that_is_gone() -> None:
    assert RAISED.novelty is not None
    assert RAISED.novelty.earlier
    ignorant = replace(RAISED, novelty=replace(RAISED.novelty, earlier=()))
    assert cause(ignorant, RAISED) is DifferenceCause.LEDGER
    nothing_seeded = Explanation(RULES, seeds(), ON_RECORD, {}, False)
    assert cause(RAISED, ignorant, nothing_seeded) is DifferenceCause.EXPIRED

"""Alerts on watches: what raises one, what is told as a development of it, and what is silent."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest

from firstwire.core.alerts.alerting import Alerted
from firstwire.core.alerts.fusion import alert_of, folded
from firstwire.core.alerts.states import WatchAlertState
from firstwire.core.alerts.watch_alerts import raise_watch_alerts
from firstwire.core.alerts.watch_memory import (
    ARTICLES_KEPT,
    DEVELOPMENTS_KEPT,
    DEVELOPMENTS_LIMIT_BYTES,
    NAMES_LIMIT_BYTES,
)
from firstwire.core.state import WATCH_STATE, Change, apply_all
from schemas.alert import Alert, Verdict
from schemas.codec import decode, encode
from schemas.event import Match, Matches
from schemas.record import Record
from schemas.state import AlertMemory, Report, WatchedRevision
from tests.support.records import RUSSIA, at, event


def match(
    article_id: str,
    hours: float = 0,
    *,
    story: str = "s",
    relation: str = "new",
    title: str = "",
    source: str = "",
    tags: tuple[str, ...] = (),
    **fields: Any,
) -> Match:
    told = event(RUSSIA, article_id=article_id, hours=hours)
    context = msgspec.structs.replace(
        told.context,
        title=title or f"report {article_id}",
        url=f"https://news.example/{article_id}",
        source=source or f"{article_id}.example",
        relation=relation,
        tags=tags,
    )
    return Match(
        **{
            "article_id": article_id,
            "story_id": story,
            "rule_id": "watch",
            "severity": "warning",
            "tags": ("kept",),
            "evidence": told.evidence,
            "context": context,
            **fields,
        }
    )


def judged(state: WatchAlertState, *matches: Match) -> list[Alerted]:
    """Judge matches one after the other, each remembered before the next."""
    found = []
    for one in matches:
        alerted = raise_watch_alerts(state, Matches.of([one]))
        apply_all(state, alerted.changes)
        assert len(alerted.verdicts) == 1
        found.append(alerted)
    return found


def verdicts(*matches: Match, state: WatchAlertState | None = None) -> list[Verdict]:
    return [found.verdicts[0] for found in judged(state or WatchAlertState(), *matches)]


def final(*matches: Match) -> Alert:
    """The one alert in its final state."""
    state = WatchAlertState()
    judged(state, *matches)
    (memory,) = state.alerts.values()
    assert memory.alert is not None
    return memory.alert


def what(*matches: Match) -> list[tuple[str, str]]:
    return [(each.article_id, each.what) for each in final(*matches).developments]


def test_the_first_article_of_a_story_raises_one_alert() -> None:
    state = WatchAlertState()
    found = judged(state, match("a"), match("b", 1, news="31 dead"), match("c", 2, story="t"))
    assert [(one.verdicts[0].verdict, one.verdicts[0].reason) for one in found] == [
        ("raised", "first match of this story"),
        ("development", "told as a development: 31 dead"),
        ("raised", "first match of this story"),
    ]
    assert [(one.alerts[0].subject.story, one.alerts[0].revision, one.alerts[0].state) for one in found] == [
        ("s", 1, "raised"),
        ("s", 2, "updated"),
        ("t", 1, "raised"),
    ]
    assert found[0].alerts[0].developments == ()


def test_an_article_that_adds_something_is_a_development_of_the_alert() -> None:
    alert = final(match("a", title="Quake hits Chile"), match("b", 1, news="31 dead, 12 before", title="Toll at 31"))
    (development,) = alert.developments
    assert msgspec.to_builtins(development) == {
        "article_id": "b",
        "published_at": "2025-07-03T00:00:00.000Z",
        "fetched_at": at(1),
        "what": "31 dead, 12 before",
        "title": "Toll at 31",
        "url": "https://news.example/b",
        "source": "b.example",
    }
    assert (alert.headline, alert.lead.article_id, alert.articles) == ("Quake hits Chile", "a", ("a", "b"))
    assert alert.times.fetched_at == at(0)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (match("b", 1), "further report"),
        (match("b", 1, development_of="a"), "follow-up report"),
        (match("b", 1, retells=("x",)), "first report of it that this watch matches"),
        (match("b", 1, retells=("a", "x")), "first report of it that this watch matches"),
        (match("b", 1, relation="copy", retells=("x",)), "first report of it that this watch matches"),
        (match("a", 1, relation="update"), "new version of a report"),
        (match("b", 1, relation="update", retells=("b",)), "first report of it that this watch matches"),
        (match("b", 1, news="a\nb" + "c" * 300), "a b" + "c" * 196 + "…"),
    ],
)
def test_a_development_without_words_of_its_story_has_our_own(one: Match, words: str) -> None:
    assert what(match("a"), one) == [(one.article_id, words)]


def test_what_copies_or_retells_what_was_told_is_silent_and_says_of_whom() -> None:
    found = verdicts(
        match("a"),
        match("b", 1, news="31 dead"),
        match("c", 2, relation="copy", retells=("a",)),
        match("d", 3, retells=("b", "a")),
        match("e", 4, relation="copy", retells=("d",)),
    )
    assert [(one.verdict, one.partner, one.reason) for one in found[2:]] == [
        ("joined", "a", "a copy of article a, which raised the alert"),
        ("joined", "b", "retells article b and 1 more, told as a development"),
        ("joined", "d", "a copy of article d, which added nothing itself"),
    ]
    assert {one.alert_id for one in found} == {found[0].alert_id}


def test_what_retells_articles_that_the_watch_did_not_match_is_told() -> None:
    flow = [match("a"), match("c", 1, retells=("a", "x")), match("d", 2, relation="copy", retells=("x",))]
    assert [(one.verdict, one.reason.partition("; ")[2]) for one in verdicts(*flow)] == [
        ("raised", ""),
        ("development", "article x, which it retells, was not told"),
        ("development", "article x, which it retells, was not told"),
    ]
    assert [one.verdict for one in verdicts(*flow, match("e", 3, retells=("d", "c")))][-1] == "joined"


def test_a_new_revision_is_told_only_if_its_news_is_new() -> None:
    found = verdicts(
        match("a"),
        match("b", 1, news="31 dead"),
        match("b", 2, relation="update", news="31 dead"),
        match("b", 3, relation="update", retells=("b",)),
        match("b", 4, relation="update", news="33 dead"),
        match("a", 5, relation="update", retells=("a",)),
        match("a", 6, relation="update", news="33 dead, harbor closed"),
        match("a", 7, relation="update", news="33 dead, harbor closed"),
    )
    assert [one.verdict for one in found] == [
        "raised", "development", "joined", "joined", "development", "joined", "development", "joined",
    ]  # fmt: skip
    assert [one.reason for one in found[2:4]] == [
        "a new revision of article b with the same news",
        "a new revision of article b that adds nothing",
    ]
    assert [one.partner for one in found] == [None, None, "b", "b", None, "a", None, "a"]


def test_a_redelivered_match_changes_nothing() -> None:
    state = WatchAlertState()
    flow = [match("a"), match("b", 1, news="31 dead"), match("b", 2, news="33 dead"), match("c", 3, tell="all")]
    judged(state, *flow)
    before = dict(state.alerts)
    for found in judged(state, *flow):
        assert (found.alerts, found.changes) == ((), ())
        assert found.verdicts[0].verdict == "joined"
    assert state.alerts == before


def test_every_revision_raises_the_number_of_the_alert() -> None:
    state = WatchAlertState()
    found = judged(state, match("a"), match("b", 1, retells=("a",)), match("a", 2), match("b", 3, retells=("b",)))
    assert [one.alerts[0].revision for one in found] == [1, 2, 3, 4]


def test_outlets_and_origins_are_those_of_the_happening_itself() -> None:
    alert = final(
        match("a", source="AFP"),
        match("b", 1, source="Reuters", development_of="a", news="an arrest"),
        match("c", 2, source="dpa", retells=("a",)),
    )
    assert (alert.outlets, alert.origins, alert.articles) == (("AFP", "dpa"), ("a", "c"), ("a", "b", "c"))


def test_the_tags_are_those_of_all_articles_and_of_the_newest_version_of_the_watch() -> None:
    alert = final(match("a", tags=("chile",)), match("b", 1, tags=("peru",)), match("c", 2, tags=("chile",)))
    assert alert.tags == ("chile", "kept", "peru")
    other = final(match("a", tags=("chile",), rule_version=1), match("b", 1, tags=("desk",), rule_version=2))
    assert other.tags == ("chile", "desk", "kept")
    assert final(match("a"), msgspec.structs.replace(match("b", 1), tags=("now",))).tags == ("now",)


def test_the_alert_quotes_the_newest_revision_of_its_first_article() -> None:
    first = match("a", title="Quake hits Chile")
    revised = match("a", 2, title="Strong quake hits Chile", retells=("a",))
    for flow in ([first, match("b", 1), revised], [first, revised, match("b", 3)]):
        alert = final(*flow)
        assert (alert.headline, alert.lead.article_id, alert.lead.title) == (
            "Strong quake hits Chile", "a", "Strong quake hits Chile",
        )  # fmt: skip
        assert (alert.times.fetched_at, alert.articles) == (at(0), ("a", "b"))


# --- tell ------------------------------------------------------------------------------------------------------------


def test_a_watch_may_tell_only_what_opens_a_story() -> None:
    flow = [match("a", tell="new"), match("b", 1, tell="new", news="31 dead"), match("c", 2, tell="new")]
    found = verdicts(*flow)
    assert [one.verdict for one in found] == ["raised", "joined", "joined"]
    assert found[1].reason == "the watch tells only what opens a story (tell: new)"
    assert (final(*flow).developments, final(*flow).articles) == ((), ("a", "b", "c"))


def test_what_a_watch_did_not_tell_is_told_once_it_asks_for_it() -> None:
    flow = [
        match("a", tell="new"),
        match("b", 1, tell="new", news="31 dead"),
        match("c", 2, tell="new", retells=("a",)),
    ]
    asked = [match("d", 3, retells=("b",)), match("e", 4, retells=("c",)), match("b", 5, news="31 dead")]
    assert [one.verdict for one in verdicts(*flow, *asked)][3:] == ["development", "joined", "development"]


def test_a_watch_may_tell_copies_and_retellings_too() -> None:
    flow = [
        match("a", tell="all"),
        match("b", 1, tell="all", relation="copy", retells=("a",)),
        match("c", 2, tell="all", retells=("a", "b")),
        match("d", 3, tell="all", news="31 dead"),
        match("d", 4, tell="all", relation="update", retells=("d",)),
        match("d", 5, tell="all", relation="update", news="31 dead"),
    ]
    assert what(*flow) == [
        ("b", "copy of a report told before"),
        ("c", "retells what was told before"),
        ("d", "31 dead"),
    ]


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_developments_beyond_those_listed_are_counted_and_not_told_again() -> None:
    count = DEVELOPMENTS_KEPT + 30
    flow = [match("a"), *(match(f"b{number}", number, news=f"{number} dead") for number in range(1, count + 1))]
    state = WatchAlertState()
    judged(state, *flow)
    (memory,) = state.alerts.values()
    alert = memory.alert
    assert alert is not None
    assert (len(alert.developments), alert.developments_dropped, alert.developments_so_far) == (
        DEVELOPMENTS_KEPT, 30, count,
    )  # fmt: skip
    assert [each.article_id for each in alert.developments] == [f"b{number}" for number in range(31, count + 1)]
    again = verdicts(
        match("c", count + 1, relation="copy", retells=("b1",)),
        match("b1", count + 2, relation="update", news="1 dead"),
        state=state,
    )
    assert [one.verdict for one in again] == ["joined", "joined"]


@pytest.mark.slow
def test_of_many_articles_the_first_and_the_newest_are_remembered() -> None:
    flow = [match("a"), *(match(f"b{number}", number, retells=("a",)) for number in range(ARTICLES_KEPT + 10))]
    alert = final(*flow)
    assert (len(alert.articles), alert.articles[:2]) == (ARTICLES_KEPT, ("a", "b11"))
    assert alert.revision == len(flow)
    assert [one.verdict for one in verdicts(*flow, match("c", 2_000, retells=("b3",)))][-1] == "development"


@pytest.mark.slow
def test_the_memory_of_any_flood_fits_into_a_record() -> None:
    state = WatchAlertState()
    long = "日" * 3_000
    for number in range(ARTICLES_KEPT + 50):
        name = f"{number:040}"
        one = match(name, number, title=long, source=name + long[:500], tags=(f"tag-{name}",), news=name + long)
        judged(state, msgspec.structs.replace(one, retells=(), tell="all"))
    (memory,) = state.alerts.values()
    alert = memory.alert
    assert alert is not None
    assert len(msgspec.json.encode(alert.developments)) < DEVELOPMENTS_LIMIT_BYTES + 10_000
    assert sum(len(outlet.encode()) for outlet in alert.outlets) <= NAMES_LIMIT_BYTES
    encode(alert)


# --- memory ----------------------------------------------------------------------------------------------------------


def some_flow(random: Random) -> list[Matches]:
    """Articles of two stories in several revisions, each matched by some of five watches."""
    flow = []
    for hours in range(40):
        article = random.choice("abcdefgh")
        matched = [
            match(
                article,
                hours - random.choice((0, 0, 0, 3)),
                story="s" if article < "e" else "t",
                rule_id=f"watch-{number}",
                tell=random.choice(("new", "developments", "all")),
                held_back=random.choice(("", "", "", "too old")),
                tags=random.choice(((), ("chile",))),
            )
            for number in random.sample(range(5), random.randint(1, 5))
        ]
        said = {
            "news": random.choice(("", "31 dead", "33 dead")),
            "retells": random.choice(((), ("a",), (article,))),
            "development_of": random.choice((None, None, "a")),
        }
        flow.append(msgspec.structs.replace(Matches.of(matched), **said))
    return flow


@pytest.mark.parametrize("seed", range(20))
def test_what_is_written_folds_to_the_same_memory_and_each_step_can_be_undone(seed: int) -> None:
    live, restored = WatchAlertState(), WatchAlertState()
    written: dict[str, Record | None] = {}
    for matches in some_flow(Random(seed)):
        before = dict(live.alerts)
        changes = raise_watch_alerts(live, matches).changes
        undo = apply_all(live, changes)
        after = dict(live.alerts)
        apply_all(live, undo)
        assert live.alerts == before
        apply_all(live, changes)
        assert live.alerts == after
        for change in changes:
            assert change.key not in written  # compaction must remove none
            assert isinstance(change.value, WatchedRevision)
            written[change.key] = decode(encode(change.value), WatchedRevision)
    for key, value in written.items():
        restored.apply(Change(WATCH_STATE, key, value))
    assert restored.alerts == live.alerts


@pytest.mark.parametrize("seed", range(5))
def test_watches_are_judged_the_same_together_and_one_by_one(seed: int) -> None:
    together, alone = WatchAlertState(), WatchAlertState()
    for matches in some_flow(Random(seed)):
        found = raise_watch_alerts(together, matches)
        apply_all(together, found.changes)
        parts = [msgspec.structs.replace(matches, watches=(watch,)) for watch in matches.watches]
        for number, part in enumerate(parts):
            one = raise_watch_alerts(alone, part)
            apply_all(alone, one.changes)
            assert one.verdicts == (found.verdicts[number],)
            assert set(one.alerts) <= set(found.alerts)
    assert together.alerts == alone.alerts


# --- records of before -----------------------------------------------------------------------------------------------


def as_before(*reports: Match) -> AlertMemory:
    """The memory of an alert as the version before developments wrote it."""
    state = WatchAlertState()
    judged(state, reports[0])
    (memory,) = state.alerts.values()
    blank = msgspec.structs.replace(memory, supporting=(), reports=(), articles=(), tags=(), alert=None)
    for one in reports:
        blank = folded(blank, Report(article_id=one.article_id, context=one.context, evidence=one.evidence))
    alert = alert_of(
        blank, rule_version=1, kind="watch", severity="warning", tags=("kept",), novelty=None, life="updated"
    )
    written = msgspec.to_builtins(msgspec.structs.replace(blank, alert=alert))
    for lately in ("articles", "tags"):
        del written[lately]
    for lately in ("developments", "developments_dropped"):
        del written["alert"][lately]
    return decode(msgspec.json.encode(written), AlertMemory)


def test_an_alert_of_before_developments_lives_on_and_tells_nothing_of_its_past_again() -> None:
    past = [match("a", title="Quake hits Chile"), match("b", 1, tags=("chile",)), match("a", 2), match("c", 3)]
    old = as_before(*past)
    state = WatchAlertState()
    state.apply(Change(WATCH_STATE, old.alert_id, old))
    assert old.alert is not None
    assert old.alert.developments == ()
    for found in judged(state, *past):
        assert (found.alerts, found.changes) == ((), ())
    joined, told = judged(state, match("d", 4, retells=("b", "c")), match("e", 5, news="31 dead", tags=("peru",)))
    assert (joined.verdicts[0].verdict, told.verdicts[0].verdict) == ("joined", "development")
    (alert,) = told.alerts
    assert (alert.alert_id, alert.revision) == (old.alert.alert_id, old.alert.revision + 2)
    assert (alert.articles, alert.lead.article_id) == (("a", "b", "c", "d", "e"), "a")
    assert (alert.outlets, alert.tags) == (
        ("a.example", "b.example", "c.example", "d.example", "e.example"),
        ("chile", "kept", "peru"),
    )
    assert [each.article_id for each in alert.developments] == ["e"]
    restored = WatchAlertState()  # from a topic that holds records of both versions
    for change in (Change(WATCH_STATE, old.alert_id, old), *joined.changes, *told.changes):
        restored.apply(Change(WATCH_STATE, change.key, change.value))
    assert restored.alerts == state.alerts


def test_a_match_of_before_knows_of_its_copy_only_the_origin() -> None:
    written = msgspec.to_builtins(match("b", 1, relation="copy"))
    for lately in ("tell", "development_of", "news", "retells"):
        del written[lately]
    written["context"]["origin_id"] = "a"
    copy = decode(msgspec.json.encode(written), Match)
    assert (copy.retells, copy.tell) == (("a",), "developments")
    assert [one.verdict for one in verdicts(match("a"), copy)] == ["raised", "joined"]
    assert what(match("x"), copy) == [("b", "first report of it that this watch matches")]


def test_an_article_held_back_for_its_age_is_no_article_of_the_alert() -> None:
    old = match("b", 1, held_back="published long ago")
    assert [(one.verdict, one.alert_id, one.partner) for one in verdicts(old)] == [("held_back", None, None)]
    assert [one.verdict for one in verdicts(match("a"), old, match("c", 2, retells=("b",)))][1:] == [
        "held_back", "development",
    ]  # fmt: skip

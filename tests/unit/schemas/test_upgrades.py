"""Records of version 1, made records of today."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.upgrades import upgraded


def alert(era: str = "all", ledger: str = "no earlier actor in this era", **novelty: Any) -> dict[str, Any]:
    return {
        "schema": "alert",
        "version": 1,
        "actor": {"id": "nauru", "name": "Nauru", "kind": "nation"},
        "subject": {"action": "recognize", "actor": "nauru", "target": "kosovo", "era": era},
        "novelty": {"claimed": False, "ledger": ledger, "position": 1, "scopes": [], **novelty},
    }


@pytest.mark.parametrize(
    ("era", "today", "episode"),
    [
        ("all", "all", None),
        ("all, 2", "all", 2),
        ("since 2021-08-15, 12", "since 2021-08-15", 12),
        ("first republic, 1960", "first republic, 1960", None),
        ("first republic, 1960, 3", "first republic, 1960", 3),
        ("one, two", "one, two", None),
    ],
)
def test_the_number_behind_an_era_is_the_episode(era: str, today: str, episode: int | None) -> None:
    subject = upgraded(alert(era))["subject"]
    assert (subject["era"], subject.get("episode")) == (today, episode)


@pytest.mark.parametrize(
    ("ledger", "answer", "removal", "redone_after"),
    [
        ("no earlier actor in this era", "no_earlier", None, None),
        ("second, after Malta on 2024-01-01", "earlier", None, None),
        ("contradicted by Malta on 2024-01-01 and 3 more", "contradicted", None, None),
        ("not enough known: nothing on record about this target", "not_enough_known", None, None),
        (
            "denied by Nauru itself, as AFP says",
            "removed",
            {"by": "actor", "name": "Nauru", "source": "AFP"},
            None,
        ),
        ("withdrawn by AFP", "removed", {"by": "outlet", "name": "Nauru", "source": "AFP"}, None),
        (
            "not so, corrected by hand: the archive",
            "removed",
            {"by": "hand", "name": "Nauru", "source": "the archive"},
            None,
        ),
        (
            "nothing new: the undoing of 2023-05-01 is withdrawn by AFP",
            "nothing_new",
            {"by": "outlet", "name": "Nauru", "source": "AFP"},
            "2023-05-01",
        ),
        (
            "third, after A on 2020-01-01 and B on 2020-01-02; Nauru had done so before, undone on 2023-05-01",
            "earlier",
            None,
            "2023-05-01",
        ),
    ],
)
def test_the_sentence_of_the_ledger_is_structure(
    ledger: str, answer: str, removal: dict[str, str] | None, redone_after: str | None
) -> None:
    novelty = upgraded(alert(ledger=ledger))["novelty"]
    assert (novelty["answer"], novelty["removal"], novelty["redone_after"]) == (answer, removal, redone_after)
    assert novelty["ledger"] == ledger


def test_an_alert_inside_another_record_is_upgraded_too() -> None:
    assert upgraded({"schema": "delivery", "version": 1, "alert": alert("all, 2")})["alert"]["version"] == 2


def test_supporting_revisions_have_fields_and_the_memory_knows_its_era() -> None:
    memory = {
        "schema": "alert-memory",
        "version": 1,
        "era": "first republic, 60",
        "episode": {"number": 1},
        "subject": alert("first republic, 60")["subject"],
        "contributions": ["a@b@2025-07-03T00:00:00.000Z@2025-07-01", "c@2025-07-04T00:00:00.000Z@"],
        "alert": alert("first republic, 60"),
    }
    found = upgraded(memory)
    assert found["supporting"] == [
        {"article_id": "a@b", "fetched_at": "2025-07-03T00:00:00.000Z", "act_date": "2025-07-01"},
        {"article_id": "c", "fetched_at": "2025-07-04T00:00:00.000Z", "act_date": None},
    ]
    assert found["subject"]["era"] == found["alert"]["subject"]["era"] == "first republic, 60"
    assert "contributions" not in found


@pytest.mark.parametrize(
    ("cause", "fields"),
    [
        ("r:a", (None, None, None)),
        ("e1:kosovo:nauru", ("e1", "kosovo", "nauru")),
        ("e1:kosovo", ("e1", "kosovo", None)),
        ("e1::nauru", ("e1", None, "nauru")),
        ("e1", ("e1", None, None)),
    ],
)
def test_the_cause_of_a_verdict_has_fields(cause: str, fields: tuple[str | None, ...]) -> None:
    found = upgraded({"schema": "verdict", "version": 1, "rule_id": "r", "article_id": "a", "cause": cause})
    assert (found.get("event_id"), found.get("target"), found.get("actor")) == fields
    assert found["version"] == 2


@pytest.mark.parametrize(
    ("relation", "copy_of", "retells"),
    [("copy", "a", ["a"]), ("update", "b", None), ("new", None, None), ("copy", None, None)],
)
def test_a_copy_of_before_retellings_retells_what_it_copies(
    relation: str, copy_of: str | None, retells: list[str] | None
) -> None:
    story = {"schema": "story", "article_id": "b", "relation": relation, "copy_of": copy_of}
    assert upgraded(story).get("retells") == retells
    assert upgraded({**story, "retells": []})["retells"] == []


def test_what_is_of_today_or_later_or_no_record_stays() -> None:
    for value in ({"schema": "alert", "version": 2}, {"schema": "alert", "version": 3}, {"schema": "x"}, [], "a", None):
        assert upgraded(value) == value


def test_every_attempt_of_before_replies_were_noted_may_have_arrived() -> None:
    assert upgraded({"schema": "delivery", "attempt": 3})["unanswered"] == 3
    assert upgraded({"schema": "delivery", "attempt": 3, "unanswered": 0})["unanswered"] == 0

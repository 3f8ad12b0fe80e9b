"""Alerts to try things on: the recognition of the Taliban, a watch, and their receipts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from firstwire.notifier.changes import Told
from schemas import Act, Alert, CoveringArticle, Development, Entity, Lead, Novelty, Receipt, Span, Subject, Times
from schemas.alert import LedgerAnswer

TITLE = "Russia Becomes The First Nation to Officially Recognize Taliban Governance in Afghanistan"
NOW = datetime(2025, 7, 3, 14, 2, 41, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def span(words: str, field: Any = "title", text: str = TITLE) -> Span:
    start = text.index(words)
    return Span(field=field, start=start, end=start + len(words), text=words)


def other_era(name: str, date: str) -> Act:
    return Act(actor=name.lower(), name=name, date=date, era="1996-2001")


def covering_article(number: int, **changes: Any) -> CoveringArticle:
    fields: dict[str, Any] = {
        "article_id": f"a{number}",
        "title": f"{TITLE} ({number})",
        "url": f"https://{'abc'[number % 3]}.example/{number}",
        "source": f"{'abc'[number % 3]}.example",
        "origin_id": f"a{number}",
        "published_at": "2025-07-03T14:02:11.000Z",
        "fetched_at": f"2025-07-03T14:02:{number % 60:02}.000Z",
    }
    return CoveringArticle(**{**fields, **changes})


def first_alert(**changes: Any) -> Alert:
    fields: dict[str, Any] = {
        "alert_id": "7f3a9b21c04de58812",
        "revision": 1,
        "rule_id": "first-to-recognize",
        "rule_version": 1,
        "kind": "first",
        "subject": Subject(action="recognize", actor="russia", target="taliban", era="since 2021-08-15"),
        "state": "raised",
        "severity": "critical",
        "headline": "Russia recognizes the Taliban government",
        "status": "asserted",
        "actor": Entity(id="russia", name="Russia", kind="nation"),
        "target": Entity(id="taliban", name="Taliban", kind="organization"),
        "articles": ("a1", "a2", "a3", "a4"),
        "outlets": ("a.example", "b.example", "c.example"),
        "origins": ("a1", "a2"),
        "tags": ("afghanistan", "russia", "taliban", "vladimir-putin"),
        "novelty": Novelty(
            claimed=True,
            answer=LedgerAnswer.NO_EARLIER,
            ledger="no earlier actor in this era",
            done_on="2025-07-03",
            position=1,
            other_eras=(
                other_era("Pakistan", "1997-05-25"),
                other_era("Saudi Arabia", "1997-05-26"),
                other_era("UAE", "1997-05-27"),
            ),
        ),
        "times": Times(published_at="2025-07-03T14:02:11.000Z", fetched_at="2025-07-03T14:02:40.000Z"),
        "evidence": (span("First Nation"), span("Recognize"), span("Taliban")),
        "lead": Lead(article_id="a1", title=TITLE, url="https://a.example/russia?x=1&y=2", source="a.example"),
    }
    return Alert(**{**fields, **changes})


def watch_alert(**changes: Any) -> Alert:
    title = "Moscow and Kabul talk"
    text = "recognised the Taliban government"
    fields: dict[str, Any] = {
        "kind": "watch",
        "rule_id": "taliban-recognition",
        "subject": Subject(story="s1"),
        "headline": title,
        "status": None,
        "actor": None,
        "target": None,
        "novelty": None,
        "evidence": (Span(field="body", start=40, end=40 + len(text), text=text),),
        "lead": Lead(article_id="a1", title=title),
    }
    return first_alert(**{**fields, **changes})


def development(number: int = 1, what: str = "", **changes: Any) -> Development:
    fields: dict[str, Any] = {
        "article_id": f"d{number}",
        "published_at": "2025-07-03T15:00:00.000Z",
        "fetched_at": f"2025-07-03T15:{number // 60:02}:{number % 60:02}.000Z",
        "what": what or f"{number} dead",
        "title": f"Toll rises to {number}",
        "url": f"https://news.example/{number}",
        "source": "Reuters",
    }
    return Development(**{**fields, **changes})


def grown_alert(count: int, **changes: Any) -> Alert:
    """A watch's alert with so many developments, each of which made a revision."""
    developments = tuple(development(number) for number in range(1, count + 1))
    state = "updated" if count else "raised"
    return watch_alert(**{"revision": count + 1, "state": state, "developments": developments, **changes})


def told(developments: int = 0, **changes: Any) -> Told:
    """What a destination knows that accepted `first_alert`, or a watch's alert with so many developments."""
    alert = first_alert()
    fields: dict[str, Any] = {
        "status": alert.status,
        "outlets": alert.outlets,
        "origins": len(alert.origins),
        "ledger": None if alert.novelty is None else alert.novelty.ledger,
        "developments": developments,
    }
    return Told(**{**fields, **changes})


def receipt(**changes: Any) -> Receipt:
    fields: dict[str, Any] = {
        "published_at": "2025-07-03T14:02:11.000Z",
        "fetched_at": "2025-07-03T14:02:40.000Z",
        "alerted_at": "2025-07-03T14:02:40.180Z",
        "delivered_at": "2025-07-03T14:02:40.310Z",
    }
    return Receipt(**{**fields, **changes})

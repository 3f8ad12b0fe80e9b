"""An alert as a reader sees it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.text.wording import span_of_time, third_person
from firstwire.notifier.news import receipt_of_news
from firstwire.notifier.quotes import QUOTE_LIMIT, bracketed, quotes_of
from firstwire.notifier.rendering import parts_of, plain_lines, safe_url
from schemas import Conflict, Lead, Novelty, Side, Span
from schemas.alert import LedgerAnswer
from tests.support.alerts import TITLE, development, first_alert, grown_alert, other_era, receipt, span, watch_alert


def lines(alert: Any, **times: Any) -> list[str]:
    return plain_lines(parts_of(alert, receipt(**times)))


def test_a_first_reads_like_this() -> None:
    assert lines(first_alert()) == [
        "FIRST  Russia recognizes the Taliban government",
        "Russia → recognizes → Taliban · asserted",
        '"Russia Becomes The [First Nation] to Officially [Recognize] [Taliban] Governance in Afghanistan"',
        "First?  The text says so. Ledger: no earlier actor in this era (since 15 Aug 2021); "
        "in the era 1996–2001 Pakistan, Saudi Arabia, UAE (1997).",
        "3 outlets, 2 origins · Afghanistan, Russia, Taliban, Vladimir Putin",
        "published 14:02:11 → fetched 14:02:40 → alerted +0.18 s → delivered +0.31 s",
        "Why: rule first-to-recognize v1 · firstwire explain 7f3a9b21c04d"
        " · read the article: https://a.example/russia?x=1&y=2",
    ]


def test_a_watch_reads_like_this() -> None:
    alert = watch_alert(outlets=(), origins=(), tags=(), articles=("a1",))
    assert lines(alert, alerted_at=None, delivered_at=None) == [
        "WATCH  Moscow and Kabul talk",
        '"… [recognised the Taliban government] …"',
        "1 article",
        "published 14:02:11 → fetched 14:02:40",
        "Why: rule taliban-recognition v1 · firstwire explain 7f3a9b21c04d",
    ]


def test_a_development_says_first_what_is_new_and_then_where_it_belongs() -> None:
    alert = grown_alert(2, headline="Strong quake hits Chile", tags=("chile",))
    times = receipt_of_news(alert, receipt(alerted_at=None, delivered_at=None), 1)
    told = plain_lines(parts_of(alert, times, 1))
    assert told == [
        "DEVELOPMENT  2 dead",
        "“Toll rises to 2” · Reuters · https://news.example/2",
        "Belongs to  WATCH  Strong quake hits Chile",
        "3 outlets, 2 origins · Chile",
        "published 15:00:00 → fetched 15:00:02",
        "Why: rule taliban-recognition v1 · firstwire explain 7f3a9b21c04d",
    ]


def test_several_developments_are_told_together_the_newest_first() -> None:
    told = plain_lines(parts_of(grown_alert(4), receipt(), 1))
    assert told[:7] == [
        "3 DEVELOPMENTS  4 dead",
        "“Toll rises to 4” · Reuters · https://news.example/4",
        "• 3 dead",
        "  “Toll rises to 3” · Reuters · https://news.example/3",
        "• 2 dead",
        "  “Toll rises to 2” · Reuters · https://news.example/2",
        "Belongs to  WATCH  Moscow and Kabul talk",
    ]
    dropped = grown_alert(2, developments_dropped=5)
    assert "and 3 earlier, no longer listed" in plain_lines(parts_of(dropped, receipt(), 2))
    assert not any("no longer" in line for line in plain_lines(parts_of(dropped, receipt(), 6)))


def test_who_never_got_the_alert_reads_it_whole_with_what_happened_since() -> None:
    told = plain_lines(parts_of(grown_alert(2), receipt()))
    assert told[0] == "WATCH  Moscow and Kabul talk"
    assert told[1] == '"… [recognised the Taliban government] …"'
    assert told[2:7] == [
        "Since then, the newest first:",
        "• 2 dead",
        "  “Toll rises to 2” · Reuters · https://news.example/2",
        "• 1 dead",
        "  “Toll rises to 1” · Reuters · https://news.example/1",
    ]


def test_a_hostile_development_is_one_line_without_an_unsafe_link() -> None:
    one = development(1, "31\n\u202edead", title="\x1b[2Jgone\n" + "x" * 900, url="javascript:x", source=None)
    told = plain_lines(parts_of(grown_alert(1, developments=(one,)), receipt(), 0))
    assert told[0] == "DEVELOPMENT  31 dead"
    assert told[1].startswith("“[2Jgone xxx")
    assert len(told[1]) <= 302
    assert "javascript" not in "".join(told)


def test_the_receipt_of_developments_is_that_of_the_newest() -> None:
    alert = grown_alert(3)
    assert receipt_of_news(alert, receipt(), None) == receipt()
    assert receipt_of_news(alert, receipt(), 3) == receipt()
    assert receipt_of_news(alert, receipt(), 1).fetched_at == "2025-07-03T15:00:03.000Z"
    assert receipt_of_news(first_alert(), receipt(), 0) == receipt()


def test_an_event_without_novelty_or_target_reads_well() -> None:
    alert = first_alert(
        kind="event",
        novelty=None,
        target=None,
        subject=msgspec.structs.replace(first_alert().subject, action="land_on_the_moon", target=None),
    )
    read = lines(alert)
    assert read[:2] == ["EVENT  Russia recognizes the Taliban government", "Russia → lands on the moon · asserted"]
    assert not any(line.startswith("First?") for line in read)


@pytest.mark.parametrize(
    ("state", "label"), [("updated", "FIRST"), ("corrected", "CORRECTED FIRST"), ("retracted", "RETRACTED FIRST")]
)
def test_what_has_changed_is_said_first(state: Any, label: str) -> None:
    assert lines(first_alert(state=state))[0] == f"{label}  Russia recognizes the Taliban government"


def test_the_claim_and_the_answer_of_the_ledger_are_said_apart() -> None:
    earlier = (other_era("X", "2025-07-03"),)
    novelty = Novelty(
        claimed=False, answer=LedgerAnswer.EARLIER, position=2, earlier=earlier, vouched_until="2026-01-01"
    )
    assert "First?  The text does not say so. Ledger: second, after X on 3 Jul 2025." in lines(
        first_alert(novelty=novelty)
    )


def test_spans_that_overlap_are_one_highlight_and_wrong_offsets_are_quoted_apart() -> None:
    evidence = (span("The First"), span("First Nation"), Span(field="title", start=0, end=4, text="Moscow"))
    quotes = [bracketed(quote) for quote in quotes_of(first_alert(evidence=evidence))]
    assert quotes == [TITLE.replace("The First Nation", "[The First Nation]"), "… [Moscow] …"]


def test_a_title_of_a_whole_paragraph_is_quoted_around_its_evidence() -> None:
    title = "word " * 400 + "first nation" + " word" * 400
    alert = first_alert(evidence=(span("first nation", text=title),), lead=Lead(article_id="a1", title=title))
    (quote,) = quotes_of(alert)
    text = bracketed(quote)
    assert "[first nation]" in text
    assert text[0] == text[-1] == "…"
    assert len(text) <= QUOTE_LIMIT + 4


def test_other_days_are_named() -> None:
    line = lines(watch_alert(), published_at="2025-07-01T09:00:00.000Z", alerted_at="2025-07-03T16:10:40.000Z")[-2]
    assert line.startswith("published 1 Jul 2025 09:00:00 → fetched 3 Jul 2025 14:02:40 → alerted +2 h 08 min")


def test_a_date_of_publication_that_is_unknown_is_said_to_be() -> None:
    line = lines(watch_alert(), published_at=None)[-2]
    assert line == "publication date unknown → fetched 3 Jul 2025 14:02:40 → alerted +0.18 s → delivered +0.31 s"


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("recognize", "recognizes"),
        ("withdraw_recognition", "withdraws recognition"),
        ("establish_relations", "establishes relations"),
        ("ratify", "ratifies"),
        ("delist_terror", "delists as terrorist"),
        ("buy", "buys"),
        ("be", "is"),
        ("landed on the moon", "landed on the moon"),
        ("succeed", "succeeds"),
        ("wins gold", "wins gold"),
        ("agreed to peace", "agreed to peace"),
        ("has_troops", "has troops"),
        *[
            (bare, f"{bare}s")
            for bare in ("agree", "free", "feed", "shed", "wed", "embed", "woo", "radio", "rule", "dye")
        ],
        *[
            (bare, f"{bare}es")
            for bare in ("veto", "go", "undergo", "bus", "focus", "miss", "tax", "buzz", "reach", "push")
        ],
        ("quiz", "quizzes"),
        ("deny", "denies"),
        ("признать", "признать"),
    ],
)
def test_verbs_are_conjugated_where_they_are_known_to_be_bare(action: str, words: str) -> None:
    assert third_person(action) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.18, "0.18 s"), (12.4, "12 s"), (185, "3 min 05 s"), (7500, "2 h 05 min"), (273600, "3 d 4 h"), (-1, "-1.00 s")],
)
def test_spans_of_time_are_short(seconds: float, words: str) -> None:
    assert span_of_time(seconds) == words


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://a.example/",
        "file:///etc/passwd",
        "//a.example/",
        "https://",
        "https://bank.example@evil.example/",
        "https://a.example/\nhttps://b.example",
        "https://a.example/a b",
        "https://a.example/\u202egpj.exe",
        "https://[::1",
        "https://a.example:99999/",
        "https://a.example/" + "x" * 3000,
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert safe_url(url) is None


def test_what_would_end_a_link_is_escaped_in_it() -> None:
    assert safe_url("https://a.example/<b>|c&d") == "https://a.example/%3Cb%3E%7Cc&d"


@given(st.text(), st.text(), st.text())
def test_no_line_breaks_terminal_codes_or_overrides_come_through(title: str, headline: str, tag: str) -> None:
    hostile = "\x1b[31m\r\n\u202e\u2066\u200f\ud800"
    alert = first_alert(
        headline=headline + hostile,
        tags=(tag + hostile,),
        evidence=(Span(field="title", start=0, end=len(title), text=title),) if title else (),
        lead=Lead(article_id="a1", title=title + hostile, url=title),
    )
    for line in lines(alert):
        assert line.isprintable() or all(char.isprintable() or char.isspace() or ord(char) > 126 for char in line)
        assert not set(line) & set("\x1b\r\n\u202e\u2066\u200f\ud800\u2028\u2029\x85")


def test_that_an_act_was_undone_stands_behind_its_status() -> None:
    assert (
        lines(first_alert(undone_on="2026-02-01"))[1] == "Russia → recognizes → Taliban · asserted · undone 1 Feb 2026"
    )


def test_on_what_sources_disagree_stands_on_a_line_of_its_own() -> None:
    status = Conflict(
        about="status",
        sides=(
            Side(says="asserted", outlets=("AFP", "Reuters"), origins=2),
            Side(says="negated", outlets=("TASS\n<script>",), origins=1),
        ),
    )
    days = Conflict(about="date", sides=(Side(says="2025-07-03", origins=3), Side(says="2025-07-01", origins=1)))
    lines = plain_lines(parts_of(first_alert(conflicts=(status, days)), receipt()))
    assert (
        "Sources disagree  status: asserted (AFP, Reuters); negated (TASS <script>)"
        " · date: 3 Jul 2025 (3 origins); 1 Jul 2025 (1 origin)"
    ) in lines
    assert not any(line.startswith("Sources") for line in plain_lines(parts_of(first_alert(), receipt())))

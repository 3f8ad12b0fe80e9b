"""An alert as a reader sees it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.text.wording import span_of_time, third_person
from firstwire.notifier.changes import Told, changes_of
from firstwire.notifier.news import receipt_of_news
from firstwire.notifier.quotes import QUOTE_LIMIT, bracketed, quotes_of
from firstwire.notifier.rendering import parts_of, plain_lines, safe_url
from firstwire.notifier.view import View
from schemas import Alert, Conflict, Lead, Novelty, Side, Span
from schemas.alert import LedgerAnswer
from tests.support.alerts import (
    TITLE,
    development,
    first_alert,
    grown_alert,
    other_era,
    receipt,
    span,
    told,
    watch_alert,
)


def lines(alert: Any, **times: Any) -> list[str]:
    return plain_lines(parts_of(alert, receipt(**times)))


def test_a_first_reads_like_this() -> None:
    assert lines(first_alert()) == [
        "FIRST  Russia recognizes the Taliban government",
        "Russia → recognizes → Taliban · asserted",
        '"Russia Becomes The [First Nation] to Officially [Recognize] [Taliban] Governance in Afghanistan"',
        "Source  a.example · https://a.example/russia?x=1&y=2",
        "First?  The text says so. Ledger: no earlier actor in this era (since 15 Aug 2021); "
        "in the era 1996–2001 Pakistan, Saudi Arabia, UAE (1997).",
        "3 outlets, 2 origins: a.example, b.example, c.example · Afghanistan, Russia, Taliban, Vladimir Putin",
        "published 3 Jul 2025 14:02:11 → fetched 14:02:40 UTC → alerted +0.18 s → delivered +0.31 s",
        "Why: rule first-to-recognize v1, critical · alert 7f3a9b21c04d",
    ]


def test_a_watch_reads_like_this() -> None:
    alert = watch_alert(outlets=(), origins=(), tags=(), articles=("a1",))
    assert lines(alert, alerted_at=None, delivered_at=None) == [
        "WATCH  Moscow and Kabul talk",
        '"… [recognised the Taliban government] …"',
        "1 article",
        "published 3 Jul 2025 14:02:11 → fetched 14:02:40 UTC",
        "Why: rule taliban-recognition v1, critical · alert 7f3a9b21c04d",
    ]


def test_a_development_says_first_what_is_new_and_then_where_it_belongs() -> None:
    alert = grown_alert(2, headline="Strong quake hits Chile", tags=("chile",))
    times = receipt_of_news(alert, receipt(alerted_at=None, delivered_at=None), told(1))
    said = plain_lines(parts_of(alert, times, told(1)))
    assert said == [
        "DEVELOPMENT  Toll rises to 2",
        "• 2 dead · Reuters · https://news.example/2",
        "Belongs to  WATCH  Strong quake hits Chile",
        "3 outlets, 2 origins: a.example, b.example, c.example · Chile",
        "published 3 Jul 2025 15:00:00 → fetched 15:00:02 UTC",
        "Why: rule taliban-recognition v1, critical · alert 7f3a9b21c04d",
    ]


def update(alert: Alert, **before: Any) -> list[str]:
    times = receipt(alerted_at="2025-07-03T16:20:05.000Z", delivered_at="2025-07-03T16:20:05.400Z")
    return plain_lines(parts_of(alert, times, told(**before)))


def test_an_update_says_only_what_is_new_with_its_own_time() -> None:
    grown = first_alert(state="updated", revision=5, outlets=("a.example", "b.example", "c.example", "Radio Kivu"))
    assert update(msgspec.structs.replace(grown, origins=("a", "b", "c"))) == [
        "UPDATE  Russia recognizes the Taliban government",
        "• also Radio Kivu · 3 origins",
        "noticed 3 Jul 2025 16:20:05 UTC → delivered +0.40 s",
        "Why: rule first-to-recognize v1, critical · alert 7f3a9b21c04d",
    ]


def test_a_correction_says_what_holds_instead() -> None:
    earlier = (other_era("Malta", "2025-07-02"),)
    novelty = Novelty(
        claimed=True,
        answer=LedgerAnswer.EARLIER,
        ledger="second, after Malta on 2025-07-02",
        position=2,
        earlier=earlier,
        vouched_until="2026-01-01",
    )
    assert update(first_alert(state="corrected", novelty=novelty))[:2] == [
        "CORRECTED FIRST  Russia recognizes the Taliban government",
        "• corrected: second, after Malta on 2 Jul 2025",
    ]


@pytest.mark.parametrize(
    ("changes", "before", "said"),
    [
        ({"status": "asserted"}, {"status": "planned"}, ["now asserted, before planned"]),
        ({"certainty": "sure"}, {"certainty": "unsure"}, ["now sure"]),
        ({"certainty": "sure"}, {"certainty": None}, []),
        ({"undone_on": "2026-02-01"}, {}, ["undone 1 Feb 2026"]),
        ({"origins": ("a", "b", "c")}, {"origins": 1}, ["now 3 origins"]),
        ({"origins": ("a",)}, {"origins": 2}, []),
        ({"outlets": tuple(f"paper {n}" for n in range(9))}, {}, [
            "also paper 0, paper 1, paper 2, paper 3, paper 4, paper 5 and 3 more · 2 origins"
        ]),
        ({"outlets": ("new",)}, {"outlets": None}, []),
        ({"outlets": ("a\x1b\n\u202eb",)}, {}, ["also a b · 2 origins"]),
        ({"state": "retracted", "novelty": None}, {}, ["retracted"]),
        ({"state": "retracted"}, {"state": "corrected"}, [
            "retracted: no earlier actor in this era (since 15 Aug 2021)"
        ]),
        ({"state": "updated"}, {"state": "retracted"}, ["holds again, after it was retracted"]),
        ({"state": "updated"}, {"ledger": "not enough known"}, [
            "ledger: no earlier actor in this era (since 15 Aug 2021)"
        ]),
        ({"state": "updated"}, {"ledger": None}, []),
        ({"state": "updated"}, {}, []),
    ],
)  # fmt: skip
def test_what_changed_is_compared_with_what_was_told(
    changes: dict[str, Any], before: dict[str, Any], said: list[str]
) -> None:
    assert [change.text for change in changes_of(first_alert(**changes), told(**before))] == said


def test_an_update_of_which_nothing_is_on_record_is_the_whole_alert() -> None:
    assert update(first_alert(state="updated"), outlets=None, ledger=None)[1].startswith("Russia → recognizes")


def test_readers_see_times_in_their_zone_and_the_day_there() -> None:
    late = receipt(published_at="2025-07-03T21:59:00.000Z", fetched_at="2025-07-03T22:01:00.000Z", alerted_at=None)
    berlin = View(ZoneInfo("Europe/Berlin"))
    said = plain_lines(parts_of(first_alert(), late, None, berlin))
    assert any(line.startswith("published 3 Jul 2025 23:59:00 → fetched 4 Jul 2025 00:01:00 CEST") for line in said), (
        said
    )


@pytest.mark.parametrize("known", [None, told(origins=1)], ids=["new", "update"])
def test_a_message_links_to_the_console_and_holds_no_command(known: Told | None) -> None:
    with_console = plain_lines(parts_of(first_alert(), receipt(), known, View(console="https://desk.example/fw")))
    assert with_console[-1] == "https://desk.example/fw/alerts/7f3a9b21c04de58812"
    without = plain_lines(parts_of(first_alert(), receipt(), known))
    assert not any("console" in line or "firstwire" in line for line in without)


@pytest.mark.parametrize(
    ("lead", "line"),
    [
        ({"source": "Reuters", "url": "https://r.example/1"}, "Source  Reuters · https://r.example/1"),
        ({"source": "Reuters"}, "Source  Reuters"),
        ({"url": "https://r.example/1"}, "Source  r.example · https://r.example/1"),
        ({"source": "Reu\n\u202eters", "url": "javascript:x"}, "Source  Reu ters"),
        ({}, None),
    ],
)
def test_the_outlet_that_says_so_is_named_with_its_link(lead: dict[str, str], line: str | None) -> None:
    alert = first_alert(lead=Lead(article_id="a1", title=TITLE, **lead))
    assert [each for each in lines(alert) if each.startswith("Source  ")] == ([] if line is None else [line])


def test_several_developments_are_told_together_the_newest_first() -> None:
    said = plain_lines(parts_of(grown_alert(4), receipt(), told(1)))
    assert said[:7] == [
        "3 DEVELOPMENTS  Toll rises to 4",
        "• 4 dead · Reuters · https://news.example/4",
        "• 3 dead",
        "  “Toll rises to 3” · Reuters · https://news.example/3",
        "• 2 dead",
        "  “Toll rises to 2” · Reuters · https://news.example/2",
        "Belongs to  WATCH  Moscow and Kabul talk",
    ]
    dropped = grown_alert(2, developments_dropped=5)
    assert "and 3 earlier" in plain_lines(parts_of(dropped, receipt(), told(2)))
    assert not any("no longer" in line for line in plain_lines(parts_of(dropped, receipt(), told(6))))


def test_who_never_got_the_alert_reads_it_whole_with_what_happened_since() -> None:
    said = plain_lines(parts_of(grown_alert(2), receipt()))
    assert said[0] == "WATCH  Moscow and Kabul talk"
    assert said[1] == '"… [recognised the Taliban government] …"'
    assert said[2:7] == [
        "Since then, the newest first:",
        "• 2 dead",
        "  “Toll rises to 2” · Reuters · https://news.example/2",
        "• 1 dead",
        "  “Toll rises to 1” · Reuters · https://news.example/1",
    ]


def test_a_hostile_development_is_one_line_without_an_unsafe_link() -> None:
    one = development(1, "31\n\u202edead", title="\x1b[2Jgone\n" + "x" * 900, url="javascript:x", source=None)
    said = plain_lines(parts_of(grown_alert(1, developments=(one,)), receipt(), told(0)))
    assert said[0].startswith("DEVELOPMENT  [2Jgone xxx")
    assert len(said[0]) <= 315
    assert said[1] == "• 31 dead"
    assert "javascript" not in "".join(said)


def test_the_receipt_of_developments_is_that_of_the_newest() -> None:
    alert = grown_alert(3)
    assert receipt_of_news(alert, receipt(), None) == receipt()
    assert receipt_of_news(alert, receipt(), told(3)) == receipt()
    assert receipt_of_news(alert, receipt(), told(1)).fetched_at == "2025-07-03T15:00:03.000Z"
    assert receipt_of_news(first_alert(), receipt(), told(0)) == receipt()


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


def test_words_of_one_passage_are_one_quote_and_those_far_away_another() -> None:
    body = "Dock workers walk out on Monday. " + "More. " * 80 + "The strike goes on."
    words = [span(word, text=body, field="body") for word in ("strike", "on", "Dock", "workers")]
    quotes = [bracketed(quote) for quote in quotes_of(watch_alert(evidence=words))]
    assert quotes == ["… [strike] …", "… [Dock] [workers] … [on] …"]


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
    assert line.startswith("published 1 Jul 2025 09:00:00 → fetched 3 Jul 2025 14:02:40 UTC → alerted +2 h 08 min")


def test_a_date_of_publication_that_is_unknown_is_said_to_be() -> None:
    line = lines(watch_alert(), published_at=None)[-2]
    assert line == "publication date unknown → fetched 3 Jul 2025 14:02:40 UTC → alerted +0.18 s → delivered +0.31 s"


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

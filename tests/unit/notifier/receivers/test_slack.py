"""Messages to Slack keep its limits whatever a title holds, and only Slack's `ok` counts as delivered."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.notifier.fitting import length
from firstwire.notifier.mrkdwn import bold_quote, escaped
from firstwire.notifier.quotes import QuotePiece
from firstwire.notifier.receivers.slack import SlackReceiver
from firstwire.notifier.rendering import DEVELOPMENTS_LIMIT, parts_of
from firstwire.notifier.replies import Reply
from firstwire.notifier.slack_blocks import block_message, plain_message
from firstwire.notifier.view import View
from schemas import Alert, Lead, Novelty, Span
from schemas.alert import LedgerAnswer, Removal
from tests.support.alerts import NOW, development, first_alert, grown_alert, other_era, receipt, told, watch_alert
from tests.support.message_checks import check_slack, check_slack_alone

SLACK = SlackReceiver("https://hooks.slack.example/services/T0/B0/hush-hush")
HOSTILE = st.text(
    st.sampled_from("<>&|*_~`!@#:/ \n\u202e\x00ab漢😀\u0301\"'") | st.characters(codec="utf-8"), max_size=40
)
LONG = st.builds(lambda text, times: text * times, HOSTILE, st.sampled_from((1, 1, 2, 40, 150)))


def message_of(alert: Alert) -> dict[str, Any]:
    return block_message(parts_of(alert, receipt()))


def test_a_first_becomes_these_blocks() -> None:
    message = message_of(first_alert())
    check_slack(message)
    header, said, source, first, context = message["blocks"]
    assert header["text"]["text"] == "FIRST  Russia recognizes the Taliban government"
    assert said["text"]["text"].split("\n") == [
        "*Russia → recognizes → Taliban · asserted*",
        "“Russia Becomes The *First Nation* to Officially *Recognize* *Taliban* Governance in Afghanistan”",
    ]
    assert source["text"]["text"] == "*Source*  a.example · <https://a.example/russia?x=1&amp;y=2|read the article>"
    assert first["text"]["text"].startswith("*First?*  The text says so. Ledger: no earlier actor in this era")
    assert [element["text"] for element in context["elements"]] == [
        "3 outlets, 2 origins: a.example, b.example, c.example · Afghanistan, Russia, Taliban, Vladimir Putin",
        "published 3 Jul 2025 14:02:11 → fetched 14:02:40 UTC → alerted +0.18 s → delivered +0.31 s",
        "Why: rule first-to-recognize v1, critical · alert 7f3a9b21c04d",
    ]
    assert message["text"].startswith("FIRST  Russia recognizes the Taliban government\n")


def test_an_update_becomes_these_blocks() -> None:
    alert = first_alert(state="updated", outlets=("a.example", "<!channel> *Post*"))
    parts = parts_of(alert, receipt(), told(outlets=("a.example",)), View(console="https://desk.example"))
    message = block_message(parts)
    check_slack(message)
    header, new, context = message["blocks"]
    assert header["text"]["text"] == "UPDATE  Russia recognizes the Taliban government"
    assert new["text"]["text"] == "• also &lt;!channel&gt; ∗Post∗ · 2 origins"
    assert [element["text"] for element in context["elements"]] == [
        "noticed 3 Jul 2025 14:02:40 UTC → delivered +0.13 s",
        "Why: rule first-to-recognize v1, critical · alert 7f3a9b21c04d",
        "<https://desk.example/alerts/7f3a9b21c04de58812|open in the console>",
    ]


def test_a_watch_without_link_or_novelty_is_a_good_message() -> None:
    message = message_of(watch_alert())
    check_slack(message)
    assert [block["type"] for block in message["blocks"]] == ["header", "section", "context"]


def test_a_development_becomes_these_blocks() -> None:
    message = block_message(parts_of(grown_alert(2, headline="Strong quake hits Chile"), receipt(), told(1)))
    check_slack(message)
    header, new, belongs, context = message["blocks"]
    assert header["text"]["text"] == "DEVELOPMENT  Toll rises to 2"
    assert new["text"]["text"] == "*2 dead*\nReuters · <https://news.example/2|read the article>"
    assert belongs["text"]["text"] == "*Belongs to*  WATCH  Strong quake hits Chile"
    assert len(context["elements"]) == 3
    assert message["text"].startswith("DEVELOPMENT  Toll rises to 2\n")


def test_what_the_header_would_cut_stands_below_it_too() -> None:
    title = "Claimed by a group that " * 6
    one = development(1, title=title)
    message = block_message(parts_of(grown_alert(1, developments=(one,)), receipt(), told(0)))
    check_slack(message)
    assert message["blocks"][1]["text"]["text"].startswith(f"*1 dead*\n“{title.strip()}” · Reuters")


def test_the_whole_alert_names_what_happened_since() -> None:
    message = block_message(parts_of(grown_alert(2), receipt()))
    check_slack(message)
    assert [block["type"] for block in message["blocks"]] == ["header", "section", "section", "context"]
    assert message["blocks"][2]["text"]["text"].split("\n")[:2] == ["*Since then*, the newest first:", "*2 dead*"]


def test_developments_that_do_not_fit_are_counted() -> None:
    long = tuple(development(each, url=f"https://news.example/{'a' * 300}") for each in range(1, 151))
    alert = grown_alert(0, developments=long, developments_dropped=7)
    message = block_message(parts_of(alert, receipt(), told(0)))
    check_slack(message)
    lines = message["blocks"][1]["text"]["text"].split("\n")
    shown = sum("read the article" in line for line in lines)
    assert 5 <= shown < DEVELOPMENTS_LIMIT
    assert lines[-2:] == [f"and {DEVELOPMENTS_LIMIT - shown} more", f"and {157 - DEVELOPMENTS_LIMIT} earlier"]
    assert message["blocks"][0]["text"]["text"] == "157 DEVELOPMENTS  Toll rises to 150"


@settings(max_examples=50, deadline=None)
@given(LONG, LONG, LONG, st.integers(1, 40), st.booleans())
def test_no_development_breaks_a_limit_or_the_markup(what: str, title: str, name: str, count: int, knows: bool) -> None:
    one = development(1, what or "x", title=title, source=name, url="https://a.example/" + name)
    alert = grown_alert(count, developments=(one,) * count, headline=title)
    check_slack(block_message(parts_of(alert, receipt(), told(0) if knows else None)))


@pytest.mark.parametrize("title", ["<!channel> <@U123> <!here|x>", "&lt;!channel&gt;", "<https://evil.example|Login>"])
def test_mentions_and_links_of_a_title_stay_words(title: str) -> None:
    message = message_of(first_alert(headline=title, evidence=(), lead=Lead(article_id="a1", title=title)))
    check_slack(message)
    assert message["blocks"][0]["text"]["text"] == "FIRST  " + escaped(title, 140)


@settings(max_examples=100, deadline=None)
@given(LONG, LONG, LONG, st.data())
@pytest.mark.slow
def test_no_title_breaks_a_limit_or_the_markup(title: str, headline: str, name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(title)))
    end = data.draw(st.integers(start, len(title)))
    alert = first_alert(
        headline=headline,
        status=name or None,
        tags=(name,) * data.draw(st.integers(0, 40)),
        rule_id=name,
        evidence=(
            Span(field="title", start=start, end=end, text=title[start:end]),
            *(Span(field="body", start=0, end=len(name), text=f"{name}{number}") for number in range(5)),
        ),
        novelty=Novelty(
            claimed=True,
            answer=data.draw(st.sampled_from(LedgerAnswer)),
            removal=Removal(by="actor", name=name, source=title),
            ledger=title,
            position=31,
            earlier=(other_era(name, "2020-01-01"),) * 30,
            other_eras=(other_era(title, "2020-01-01"),),
        ),
        lead=Lead(article_id="a1", title=title, url="https://a.example/" + name),
    )
    check_slack(message_of(alert))
    plain = plain_message(parts_of(alert, receipt()))
    assert "blocks" not in plain
    check_slack_alone(plain)


@given(LONG, st.integers(0, 60))
def test_escaped_text_is_cut_between_characters_and_entities(text: str, limit: int) -> None:
    result = escaped(text, limit)
    assert length(result) <= limit
    assert re.fullmatch(r"(?s)(&amp;|&lt;|&gt;|[^&<>])*", result)


@given(st.lists(st.builds(QuotePiece, LONG, st.booleans()), max_size=6), st.integers(0, 200))
def test_bold_marks_come_in_pairs_around_words(quote: list[QuotePiece], limit: int) -> None:
    result = bold_quote(quote, limit)
    assert length(result) <= max(limit, 0)
    assert result.count("*") % 2 == 0
    assert not re.search(r"\*\s+\*", result.replace("\u200b", "")) or result.count("*") > 2


def test_bold_inside_a_word_gets_invisible_edges() -> None:
    quote = (QuotePiece("俄罗斯"), QuotePiece("首个", highlighted=True), QuotePiece("国家"))
    assert bold_quote(quote, 100) == "俄罗斯\u200b*首个*\u200b国家"


@pytest.mark.parametrize(
    ("status", "body", "verdict", "after_plain"),
    [
        (200, "ok", "delivered", "delivered"),
        (200, "ok\n", "delivered", "delivered"),
        (200, '{"ok":true}', "delivered", "delivered"),
        (200, '{"ok":false,"error":"invalid_blocks"}', "plainer", "failed"),
        (200, '{"ok":false,"error":"channel_not_found"}', "parked", "parked"),
        (200, '{"ok":false,"error":"something_new"}', "plainer", "failed"),
        (200, '{"ok":false,"error":"ratelimited"}', "retry", "retry"),
        (200, "<html>please log in</html>", "retry", "retry"),
        (200, "", "retry", "retry"),
        (302, "", "retry", "retry"),
        (400, "invalid_payload", "plainer", "failed"),
        (400, "no_text", "plainer", "failed"),
        (400, "user_not_found", "plainer", "failed"),
        (401, "nope", "parked", "parked"),
        (403, "action_prohibited", "parked", "parked"),
        (403, "invalid_token", "parked", "parked"),
        (404, "channel_not_found", "parked", "parked"),
        (404, "no_service", "parked", "parked"),
        (410, "channel_is_archived", "parked", "parked"),
        (400, "invalid_token", "parked", "parked"),
        (404, "<html>nginx</html>", "parked", "parked"),
        (408, "", "retry", "retry"),
        (429, "rate_limited", "retry", "retry"),
        (500, "rollup_error", "retry", "retry"),
        (503, "", "retry", "retry"),
        (503, "ok", "retry", "retry"),
    ],
)
def test_what_slack_says_decides(status: int, body: str, verdict: str, after_plain: str) -> None:
    reply = Reply(status, body, NOW)
    assert SLACK.judge(reply, plain=False).verdict == verdict
    assert SLACK.judge(reply, plain=True).verdict == after_plain
    assert SLACK.judge(reply, plain=False).pauses is (status == 429 or "ratelimited" in body)


@pytest.mark.parametrize(
    ("status", "body", "probed"), [(404, "no_service", False), (404, "<html>nginx</html>", True), (410, "", True)]
)
def test_slack_asked_to_stop_is_not_tried_again_but_what_stands_before_it_is(
    status: int, body: str, probed: bool
) -> None:
    judgement = SLACK.judge(Reply(status, body, NOW), plain=False)
    assert (judgement.verdict, judgement.setting, judgement.probed) == ("parked", "receivers.url", probed)


def test_neither_a_result_nor_a_repr_shows_the_url() -> None:
    body = "no service at https://hooks.slack.example/services/T0/B0/hush-hush or hush-hush"
    assert SLACK.judge(Reply(404, body, NOW), plain=False).result == "404 no service at (url) or (hidden)"
    request = SLACK.request(first_alert(), receipt(), "k", NOW, plain=True)
    assert "hush" not in repr(SLACK) + repr(request)

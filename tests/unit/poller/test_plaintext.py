"""Plain text of what publishers send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.plaintext import plain_line, plain_text


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("AT&T", "AT&T"),
        ("AT&amp;T", "AT&T"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<p>One\nlong\r\nline</p>", "One long line"),
        ("First line\n\nSecond line", "First line\nSecond line"),
        ("a<b>b</b>c <i>d</i>", "abc d"),
        ("<script>alert('x')</script><style>p{}</style>left", "left"),
        ("<!-- hidden -->seen", "seen"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("<li>one<li>two", "one\ntwo"),
        ("&nbsp;a&nbsp;&nbsp;b\t c ", "a b c"),
        ("caf&eacute; &#8220;x&#x201D;", "café “x”"),
        ("&#xD800;\ud800", "�?"),
        ("a\x00b\x07c\ufeffd", "abcd"),
        ("<p>recog&shy;nizes the Tali\u200bban</p>", "recognizes the Taliban"),
        ("می\u200cشناسد", "می\u200cشناسد"),
        ("a\u2028b", "a\nb"),
        ('<a href="javascript:x" title="a>b">link</a>', "link"),
        ('<p title="a>b" onclick="x">text</p>', "text"),
        ("unclosed <b", "unclosed"),
    ],
)
def test_html_becomes_lines(sent: str, text: str) -> None:
    assert plain_text(sent) == text


def test_plain_text_keeps_its_angle_brackets() -> None:
    assert plain_text("if a <b> c &amp; d", is_html=False) == "if a <b> c &amp; d"


def test_a_title_is_one_line() -> None:
    assert plain_line("<h1>Two</h1>\nlines") == "Two lines"


@given(st.text(), st.booleans())
def test_any_text_becomes_text_that_utf8_holds(sent: str, is_html: bool) -> None:
    text = plain_text(sent, is_html=is_html)
    text.encode("utf-8")
    assert "\n\n" not in text
    assert text == text.strip()
    assert "\x00" not in text


@given(st.lists(st.sampled_from(["<p>", "</p>", "<b>", "<script>", "</script>", "&lt;", "&", "<", ">", "a", "<!--"])))
def test_no_markup_survives(parts: list[str]) -> None:
    text = plain_text("".join(parts))
    for tag in ("<p>", "<b>", "<script>"):
        assert text.count(tag) <= "".join(parts).count("&lt;")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('Before <iframe src="https://v.example/1"/> after', "Before after"),
        ("Before <iframe src='https://v.example/1' /> after", "Before after"),
        ("Before <iframe/> after", "Before after"),
        ('Before <video src="a"/><audio/> after <b>all</b>', "Before after all"),
        ('Before <script src="a.js"/> after', "Before after"),
        ("Before <style/> after", "Before after"),
        ('Before <iframe src="https://v.example/1"> after', "Before after"),
        ("Before <object classid='x'> after", "Before after"),
        ("Before <svg><path/></svg> after <title> all", "Before after all"),
        ("Before <!-- a -- b > after", "Before after"),
        ("Before <!-- a --> after", "Before after"),
        ("Before <!-- a --><!-- b after", "Before"),
        ("Before <iframe>hidden</iframe> after <iframe src='x'>", "Before after"),
        ("Before <noscript>hidden</noscript> after", "Before after"),
        ("Before <a href=https://v.example/>link</a> after", "Before link after"),
        ("Before <script>var a = '<iframe/>'</script> after", "Before after"),
    ],
)
def test_what_is_not_closed_hides_nothing(markup: str, text: str) -> None:
    assert plain_line(markup) == text

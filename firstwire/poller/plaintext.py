"""Plain text from publishers' HTML: blocks become lines, markup and scripts are removed, entities decoded."""

from __future__ import annotations

import html
import re

import nh3

from firstwire.poller.markup import with_valid_references

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
"""Elements that break a line. All others are inline."""

UNSEEN = frozenset(
    {
        "head",
        "iframe",
        "math",
        "noscript",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "title",
        "video",
        "audio",
    }
)
"""Elements whose text is not shown as part of the article."""

TAGS_CLEANED = 20_000
"""Markup with more tags is no article: nested, it would take html5ever minutes. Its tags are only removed."""

_CLEANER = nh3.Cleaner(
    tags=set(BLOCKS), clean_content_tags=set(UNSEEN), attributes={}, generic_attribute_prefixes=set()
)
"""Made once: making it costs six times as much as cleaning an entry."""

_HTML_TAG = re.compile(r"<[^>]*>")
_ANY_TAG = re.compile(r"<[^<>]{0,1000}>?")
_HIDING = "|".join(sorted(UNSEEN - {"head", "script", "style"} | {"textarea", "xmp", "noembed", "noframes"}))
_SELF_CLOSED = re.compile(rf"<({_HIDING}|script|style)\b((?:[^<>]*[\s\"'])?)/>", re.IGNORECASE)
_UNSEEN_START = re.compile(rf"<({_HIDING})\b", re.IGNORECASE)
_COMMENT_START = re.compile(r"<!--[^>]*>?")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b\u2060\ufeff\ufffe\uffff]")
"""Control characters, and invisible ones that break search: soft hyphens, zero-width spaces."""
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def plain_text(text: str, *, is_html: bool = True) -> str:
    """Lines of text: no markup, no control characters, single spaces, no empty lines. Never raises.

    `is_html=False` keeps `<` and `&`.
    """
    text = encodable(text)
    if is_html and "&#" in text:
        text = with_valid_references(text)
    if is_html and ("<" in text or "&" in text):
        cleaned = _CLEANER.clean(_closed(text)) if text.count("<") <= TAGS_CLEANED else _ANY_TAG.sub("<br>", text)
        # Line breaks of the source are only spaces in HTML, but the only breaks in plain text that is sent as HTML
        if "<" in cleaned:
            cleaned = _LINE_END.sub("\n", cleaned).replace("\n", " ")
        # After cleaning, every `<` left begins a tag of BLOCKS and every `>` ends one
        text = encodable(html.unescape(_HTML_TAG.sub("\n", cleaned)))
    text = _UNPRINTABLE.sub("", _LINE_END.sub("\n", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def plain_line(text: str, *, is_html: bool = True) -> str:
    """The same in one line, for titles and names."""
    return plain_text(text, is_html=is_html).replace("\n", " ")


def encodable(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def is_encodable(text: str) -> bool:
    """Whether UTF-8 can encode the text. What is not UTF-8 in a header arrives as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _closed(markup: str) -> str:
    """The markup without what HTML takes to begin something that hides all the rest: `<iframe …/>`, `<!--`."""
    markup = _SELF_CLOSED.sub(r"<\1\2></\1>", markup)
    for name in {found[1].lower() for found in _UNSEEN_START.finditer(markup)}:
        last_end = max((end.end() for end in re.finditer(rf"</{name}\b", markup, re.IGNORECASE)), default=0)
        start = re.compile(rf"<{name}\b[^<>]*>?", re.IGNORECASE)
        markup = markup[:last_end] + start.sub("", markup[last_end:])
    last_end = markup.rfind("-->")
    return markup[: last_end + 1] + _COMMENT_START.sub("", markup[last_end + 1 :])

"""feedparser's own test feeds, each with the values that it expects: none raises, and what they name is read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.feed_reader import read_document
from firstwire.poller.plaintext import plain_line
from tests.support.shared_data import DATA

SUITE = DATA / "feeds" / "feedparser_suite"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SUITE.is_dir(), reason="data missing: ../shared/data/feeds/feedparser_suite"),
]

DEVIATIONS = {
    "entities/lang.xml": "HTML 5 defines the character anew",
    "entities/rang.xml": "HTML 5 defines the character anew",
    "wellformed/base/http_entry_id_base_content_location.xml": "a guid is kept as written: articles' ids depend on it",
    "wellformed/base/http_entry_id_base_docuri.xml": "a guid is kept as written: articles' ids depend on it",
    "wellformed/cdf/channel_title.xml": "a channel of a format that no one writes, without entries",
    "wellformed/sanitize/feed_title_crazy.xml": "a whole web page as a title: the text of its head is not shown",
    "wellformed/sanitize/entry_title_crazy.xml": "a whole web page as a title: the text of its head is not shown",
    "wellformed/sanitize/xml_declaration_unexpected_character.xml": "a title that is nothing but broken markup",
    "wellformed/lang/http_content_language.xml": "a server's default language says nothing of a feed",
}

_ENCODINGS = ("utf-8", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037", "latin-1")
_TEXT = r"(u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")"
_OF_ENTRY = re.compile(rf"entries\[(\d+)\]\[['\"](title|link|id|guid|author|language)['\"]\]\s*==\s*{_TEXT}")
_OF_FEED = re.compile(rf"feed\[['\"](title|language)['\"]\]\s*==\s*{_TEXT}")
_DATE = re.compile(r"entries\[(\d+)\]\[['\"](?:published|updated|created)_parsed['\"]\]\s*==\s*(\([^)]*\))")
_COUNT = re.compile(r"len\(entries\)\s*==\s*(\d+)")


def files() -> list[Path]:
    return sorted(path for path in SUITE.rglob("*") if path.is_file())


def comment_of(body: bytes) -> str:
    """The comment that says what is expected, in whatever encoding it is."""
    for encoding in _ENCODINGS:
        text = body.decode(encoding, "replace")
        if "Expect:" in text:
            return text
    return ""


def read(path: Path) -> tuple[str, FeedDocument | UnreadableFeed]:
    body = path.read_bytes()
    comment = comment_of(body)
    lines = re.findall(r"^\s*Header:\s*([\w-]+):\s*(.*?)\s*$", comment, re.MULTILINE)
    headers = {name.lower(): value for name, value in lines}
    document = read_document(
        body,
        url=headers.get("content-location", f"http://127.0.0.1:8097/tests/{path.relative_to(SUITE)}"),
        content_type=headers.get("content-type", ""),
        entry_limit=2_000,
    )
    expected = re.search(r"Expect:\s*(.*?)\s*(?:-->|\"\s*,?\s*$)", comment, re.DOTALL | re.MULTILINE)
    return ("" if expected is None else expected[1]), document


def checks(expected: str, document: FeedDocument | UnreadableFeed) -> Iterator[tuple[str, object, object]]:
    """What is looked at, what it should be, and what it is."""
    found = document if isinstance(document, FeedDocument) else FeedDocument(entries=())
    for count in _COUNT.findall(expected):
        yield "count", int(count), len(found.entries)
    for name, text in _OF_FEED.findall(expected):
        yield name, ast.literal_eval(text), found.title if name == "title" else found.language
    for number, name, text in _OF_ENTRY.findall(expected):
        entry = found.entries[int(number)] if int(number) < len(found.entries) else None
        field = {"id": "guid"}.get(name, name)
        yield name, ast.literal_eval(text), None if entry is None else getattr(entry, field)
    for number, parts in _DATE.findall(expected):
        entry = found.entries[int(number)] if int(number) < len(found.entries) else None
        moment = datetime(*ast.literal_eval(parts)[:6], tzinfo=UTC)
        yield "date", moment, None if entry is None else entry.published_at


def is_met(name: str, expected: object, found: object) -> bool:
    """Whether it is that, our texts being plain."""
    if not isinstance(expected, str):
        return expected == found
    if name == "language":
        return expected.lower() == found
    return (found or "") in (expected, plain_line(expected))


def test_no_feed_of_the_suite_raises_and_all_have_the_values_that_they_expect() -> None:
    read_files, met, deviating = 0, 0, []
    for path in files():
        expected, document = read(path)
        read_files += 1
        name = str(path.relative_to(SUITE))
        for what, wanted, found in checks(expected, document):
            if is_met(what, wanted, found):
                met += 1
            elif name not in DEVIATIONS:
                deviating.append(f"{name}: {what} is {found!r}, not {wanted!r}")
    assert not deviating, "\n".join(deviating)
    assert read_files > 2_000
    assert met > 450

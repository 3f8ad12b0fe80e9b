"""Lines of a file to articles: required fields, defaults, and errors by line number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from firstwire.core.stories.identity import page_id
from firstwire.core.stories.urls import canonical_url
from firstwire.files.compressed import Measure, read_lines
from firstwire.files.language_model import detect_language
from schemas.article import Article
from schemas.times import EPOCH, format_timestamp, shifted

CLOCKS_APART = timedelta(minutes=5)
"""How far the clock of where an article comes from may be before ours."""
TEXT_FIELDS = ("id", "url", "title", "summary", "body", "language", "source", "author", "published_at", "fetched_at")


@dataclass(frozen=True)
class UnreadableLine:
    """A line that is not an article. `article_id` is its id if it has one, else `line-N`."""

    line: int
    article_id: str
    reason: str


def read_articles(file: Path, measure: Measure | None = None) -> Iterator[Article | UnreadableLine]:
    """The articles of a JSON Lines file, plain or compressed, in its order; empty lines are skipped.

    `measure` is told how far reading has come. Raises ConfigError if the file cannot be read at all.
    """
    for number, line in read_lines(file, "the articles", measure):
        yield article_of(line, number)


def lies_in_future(fetched_at: str, now: str) -> bool:
    """Whether an article says that it was fetched after now, by more than clocks differ.

    No topic takes such an article: what stages remember is forgotten by the times of articles, and one of the next
    century would end all stories.
    """
    return fetched_at >= future_of(now)


def future_of(now: str) -> str:
    """The earliest time that lies in the future."""
    return shifted(now, CLOCKS_APART + timedelta(milliseconds=1))


def article_of(line: bytes, number: int) -> Article | UnreadableLine:
    """One line as an article. Its `id` becomes the article id; without one, the id is made from the URL."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as err:
        return UnreadableLine(number, f"line-{number}", f"not JSON: {err}")
    if not isinstance(value, dict):
        return UnreadableLine(number, f"line-{number}", "not an object")
    article_id = _named(value.get("id")) or _named(value.get("url")) or f"line-{number}"
    try:
        return article_from(value)
    except ValueError as err:
        return UnreadableLine(number, article_id, str(err))


def article_from(value: dict[str, Any]) -> Article:
    """The article of a line's fields. Raises ValueError, which says what is wrong."""
    fields = {name: _text(value, name) for name in TEXT_FIELDS}
    if not fields["title"].strip():
        raise ValueError("no title")
    if not fields["id"] and not fields["url"]:
        raise ValueError("neither id nor url")
    published, fetched = _time(fields["published_at"], "published_at"), _time(fields["fetched_at"], "fetched_at")
    title, url = fields["title"], fields["url"]
    text = " ".join(filter(None, (title, fields["summary"], fields["body"])))
    return Article(
        article_id=fields["id"] or page_id(url),
        title=title,
        summary=fields["summary"],
        body=fields["body"],
        language=fields["language"].lower() or detect_language(text),
        source=fields["source"] or None,
        url=canonical_url(url) if url else None,
        author=fields["author"] or None,
        publisher_tags=_tags(value.get("tags")),
        published_at=published,
        fetched_at=fetched or published or EPOCH,
    )


def _named(found: Any) -> str:
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    if found is None:
        return ""
    if name == "id" and isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str):
        raise ValueError(f"{name} is no text")
    return found


def _time(text: str, name: str) -> str | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise ValueError(f"{name} is no time: {text[:40]!r}; write it like 2025-07-03T14:02:11Z") from err
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return format_timestamp(moment)
    except OverflowError as err:
        raise ValueError(f"{name} is out of range: {text[:40]!r}") from err


def _tags(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(tag.strip() for tag in value.split(",") if tag.strip())
    if isinstance(value, list) and all(isinstance(tag, str) for tag in value):
        return tuple(value)
    raise ValueError("tags is neither a list of texts nor a text")

"""RSS, RDF and Atom with feedparser. Runs in a worker process: it is slow, and its input is hostile.

Never opens a URL or a file, whatever the document contains.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax import SAXParseException

import feedparser

from firstwire.core.stories.identity import names_something
from firstwire.poller.document import ID_LIMIT_CHARACTERS, FeedDocument, FeedEntry, UnreadableFeed, kept_tags
from firstwire.poller.feed_dates import DateHints, first_date, is_day_first
from firstwire.poller.feedparser_bounds import FULL_TEXT_ENDINGS
from firstwire.poller.hub_links import hub_links
from firstwire.poller.languages import language_tag
from firstwire.poller.links import joined, resolved
from firstwire.poller.newest import newest_places
from firstwire.poller.plain_xml import read_plain
from firstwire.poller.plaintext import plain_line, plain_text
from firstwire.poller.schedule import skipped_days, skipped_hours, ttl_seconds, update_period_seconds

SALVAGE_PARSES = 64
"""How often parts of a document are parsed to find the entries that feedparser cannot take."""

FORMATS = {
    "rss090": "RSS 0.90",
    "rss091n": "RSS 0.91",
    "rss091u": "RSS 0.91",
    "rss092": "RSS 0.92",
    "rss093": "RSS 0.93",
    "rss094": "RSS 0.94",
    "rss20": "RSS 2.0",
    "rss10": "RSS 1.0",
    "rss": "RSS",
    "atom01": "Atom 0.1",
    "atom02": "Atom 0.2",
    "atom03": "Atom 0.3",
    "atom10": "Atom 1.0",
    "atom": "Atom",
    "cdf": "CDF",
}
"""feedparser's names of formats, and everybody else's."""

_ENTRY = re.compile(r"<(?:\w+:)?(item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>?\s*(?:<!--.*?-->\s*)?\Z", re.IGNORECASE | re.DOTALL)
"""How a document ends that was not cut."""

Parsed = Mapping[str, Any]


def read_xml(
    markup: str, *, url: str, entry_limit: int, plain_first: bool = True
) -> FeedDocument | UnreadableFeed | None:
    """The feed in a document, without its XML declaration; None if it is none. `url` is the base of relative links.

    `plain_first=False` leaves all to feedparser, which must make no difference.
    Broken markup is accepted if entries were found: 5 of 7 such feeds among 200 real ones lose nothing.
    """
    try:
        parsed, lost = (read_plain(markup, url) if plain_first else None) or _parsed(markup, url), None
    except MemoryError:
        raise
    except Exception as err:  # of feedparser, by the content of one element
        parsed, lost = _salvaged(markup, url), f"some entries cannot be read: {_described(err)}"
    problem = lost or (_problem(parsed) if parsed.get("bozo") else None)
    raw_entries: Sequence[Mapping[str, Any]] = parsed.get("entries", ())
    if not raw_entries:
        if not parsed.get("version"):
            return None
        if problem is not None and _END.search(markup) is None:
            return UnreadableFeed(f"broken markup before the first entry: {problem}")
    feed: Mapping[str, Any] = parsed["feed"]
    language = language_tag(_text(feed, "language"))
    dates = (text for raw in raw_entries for text in _date_texts(raw))
    hints = DateHints(language, is_day_first(dates))
    if len(raw_entries) > entry_limit:
        moments = [_published(raw, hints)[1] for raw in raw_entries]
        raw_entries = [raw_entries[place] for place in newest_places(moments, entry_limit)]
    entries, failed = _entries(raw_entries, url, hints)
    links = hub_links(_links(feed), url)
    return FeedDocument(
        entries=entries,
        hubs=links.hubs,
        topic=links.topic,
        format=FORMATS.get(str(parsed.get("version")), "XML"),
        title=_line(feed, "title"),
        language=language,
        ttl_seconds=ttl_seconds(_text(feed, "ttl")),
        update_period_seconds=update_period_seconds(_text(feed, "sy_updateperiod"), _text(feed, "sy_updatefrequency")),
        skip_hours=skipped_hours(markup),
        skip_days=skipped_days(markup),
        fault=failed or problem,
    )


def _parsed(markup: str, url: str) -> Parsed:
    # As a stream, since feedparser would open bytes that happen to be a file name
    found: Parsed = feedparser.parse(
        io.BytesIO(markup.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return found


def _salvaged(markup: str, url: str) -> Parsed:
    """What feedparser reads if the entries that make it raise are left out: halved until they are found."""
    starts = [found.start() for found in _ENTRY.finditer(markup)]
    ends = [found.end() for found in _ENTRY_END.finditer(markup)]
    if not starts or not ends or ends[-1] <= starts[0]:
        return {"feed": {}, "entries": ()}
    head, tail = markup[: starts[0]], markup[ends[-1] :]
    pieces = [markup[start:end] for start, end in zip(starts, [*starts[1:], ends[-1]], strict=True)]
    budget = iter(range(SALVAGE_PARSES))
    whole: dict[str, Any] = {"feed": {}, "version": "", "entries": []}
    for parsed in _readable(head, pieces, tail, url, budget):
        whole["feed"] = whole["feed"] or parsed["feed"]
        whole["version"] = whole["version"] or parsed["version"]
        whole["entries"] += parsed["entries"]
    return whole


def _readable(head: str, pieces: Sequence[str], tail: str, url: str, budget: Iterator[int]) -> Iterator[Parsed]:
    if not pieces or next(budget, None) is None:
        return
    try:
        yield _parsed(head + "".join(pieces) + tail, url)
    except MemoryError:
        raise
    except Exception:
        if len(pieces) > 1:
            middle = len(pieces) // 2
            yield from _readable(head, pieces[:middle], tail, url, budget)
            yield from _readable(head, pieces[middle:], tail, url, budget)


def _entries(
    raw_entries: Sequence[Mapping[str, Any]], url: str, hints: DateHints
) -> tuple[tuple[FeedEntry, ...], str | None]:
    """The entries, and why some are missing."""
    entries, failed = [], None
    for raw in raw_entries:
        try:
            entries.append(_entry(raw, url, hints))
        except MemoryError:
            raise
        except Exception as err:  # one entry must not cost the others
            failed = f"some entries cannot be read: {_described(err)}"
    return tuple(entries), failed


def _entry(raw: Mapping[str, Any], url: str, hints: DateHints) -> FeedEntry:
    guid, link, base = (_text(raw, "id") or "")[:ID_LIMIT_CHARACTERS] or None, _link(raw), _base(raw, url)
    summary, body = _rich(raw, "summary"), _content(raw)
    # feedparser copies a lone content into the summary
    if summary == body:
        summary = ""
    published_text, published_at = _published(raw, hints)
    source = raw["source"] if isinstance(raw.get("source"), Mapping) else {}
    return FeedEntry(
        title=plain_line(_text(raw, "title") or "", is_html=_is_html(raw, "title")),
        guid=guid,
        guid_address=None if guid is None else joined(base, guid),
        link=None if link is None else resolved(base, link),
        link_text=link if base == url else None,
        summary=summary,
        body=body,
        author=_author(raw),
        source=_line(source, "title"),
        language=language_tag(_text(raw, "language") or _text(raw.get("title_detail") or {}, "language")),
        tags=_tags(raw),
        published_text=published_text,
        published_at=published_at,
    )


def _published(raw: Mapping[str, Any], hints: DateHints) -> tuple[str | None, datetime | None]:
    """The date as written, from which ids may be made, and the first date of the entry that can be read."""
    texts = list(_date_texts(raw))
    return next(iter(texts), None), first_date(texts, hints)


def _date_texts(raw: Mapping[str, Any]) -> Iterator[str]:
    names = ("published", "updated", "created")
    for name in sorted(names, key=lambda name: f"{name}_parsed" not in raw):
        # feedparser lets "updated" be "published" where there is none, with a warning
        text = raw[name] if dict.__contains__(raw, name) else None
        if isinstance(text, str) and text.strip():
            yield text


def _link(raw: Mapping[str, Any]) -> str | None:
    """The link as written; None if it is a placeholder, or a guid that feedparser took for a link and that is none."""
    link = (_text(raw, "link") or "").strip()
    is_bare_guid = link == _text(raw, "id") and "/" not in link
    return None if is_bare_guid or not names_something(link) else link


def _base(raw: Mapping[str, Any], url: str) -> str:
    """The base of the entry's relative addresses: the document's URL, or what xml:base makes of it."""
    details = [raw.get("title_detail"), raw.get("summary_detail"), *(raw.get("content") or ())]
    bases = (_text(detail, "base") for detail in details if isinstance(detail, Mapping))
    return next((base for base in bases if base), url)


def _rich(raw: Mapping[str, Any], name: str) -> str:
    return plain_text(_text(raw, name) or "", is_html=_is_html(raw, name))


def _content(raw: Mapping[str, Any]) -> str:
    """The longest of an entry's contents: the others are excerpts or other media types."""
    contents = raw.get("content")
    listed = contents if isinstance(contents, Sequence) else ()
    texts = [
        plain_text(str(content.get("value") or ""), is_html=content.get("type") != "text/plain")
        for content in listed
        if isinstance(content, Mapping)
    ]
    texts += [plain_text(_text(raw, name) or "") for name in raw if name.endswith(FULL_TEXT_ENDINGS)]
    return max(texts, key=len, default="")


def _author(raw: Mapping[str, Any]) -> str | None:
    """The author as feedparser has it, or the names of several."""
    authors = raw.get("authors")
    listed = authors if isinstance(authors, Sequence) else ()
    names = [plain_line(_text(each, "name") or "") for each in listed if isinstance(each, Mapping)]
    several = list(dict.fromkeys(name for name in names if name))
    return ", ".join(several) if len(several) > 1 else _line(raw, "author")


def _tags(raw: Mapping[str, Any]) -> tuple[str, ...]:
    terms = raw.get("tags")
    if not isinstance(terms, Sequence):
        return ()
    lines = (plain_line(str(tag.get("term") or tag.get("label") or "")) for tag in terms if isinstance(tag, Mapping))
    return kept_tags(lines)


def _links(feed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    listed = feed.get("links")
    for link in listed if isinstance(listed, Sequence) else ():
        if isinstance(link, Mapping):
            yield _text(link, "rel") or "", _text(link, "href") or ""


def _line(raw: Mapping[str, Any], name: str) -> str | None:
    return plain_line(_text(raw, name) or "") or None


def _text(raw: Mapping[str, Any], name: str) -> str | None:
    value = raw.get(name)
    return value if isinstance(value, str) else None


def _is_html(raw: Mapping[str, Any], name: str) -> bool:
    detail = raw.get(f"{name}_detail")
    return not (isinstance(detail, Mapping) and detail.get("type") == "text/plain")


def _problem(parsed: Parsed) -> str | None:
    """The fault that feedparser found, on one line; None if the markup is not at fault."""
    error = parsed.get("bozo_exception")
    if isinstance(error, feedparser.NonXMLContentType | feedparser.CharacterEncodingOverride):
        return None
    return _described(error)


def _described(error: object) -> str:
    if isinstance(error, SAXParseException):
        where = f"line {error.getLineNumber()}, column {(error.getColumnNumber() or 0) + 1}"
        return plain_line(f"{where}: {error.getMessage()}", is_html=False)[:200]
    return plain_line(f"{type(error).__name__}: {error}", is_html=False)[:200]

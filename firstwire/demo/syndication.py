"""Feeds as XML: RSS 2.0, Atom 1.0 and RSS 1.0 (RDF) documents of sample articles, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from firstwire.demo.sample import SampleArticle, SampleFeed
from schemas.times import format_timestamp

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
RSS1 = "http://purl.org/rss/1.0/"
XML = "{http://www.w3.org/XML/1998/namespace}"

CONTENT_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}


def document_of(feed: SampleFeed, articles: Iterable[SampleArticle], address: str) -> bytes:
    """The feed's XML in UTF-8. `address` is the URL that it is served from."""
    newest_first = sorted(articles, key=lambda article: article.published, reverse=True)
    root = {"rss": _rss, "atom": _atom, "rdf": _rdf}[feed.format](feed, newest_first, address)
    for prefix, namespace in (("content", CONTENT), ("dc", DC), ("rdf", RDF)):
        register_namespace(prefix, namespace.strip("{}"))
    register_namespace("atom", ATOM)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _rss(feed: SampleFeed, articles: list[SampleArticle], address: str) -> Element:
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.link)
    _add(channel, "description", f"News of {feed.title}")
    _add(channel, "language", feed.language)
    SubElement(channel, f"{{{ATOM}}}link", rel="self", href=address)
    for article in articles:
        item = SubElement(channel, "item")
        _add(item, "title", article.title)
        _add(item, "link", article.link)
        guid = SubElement(item, "guid", isPermaLink="true" if article.guid.startswith("http") else "false")
        guid.text = article.guid
        _add(item, "pubDate", format_datetime(article.published))
        _add(item, DC + "creator", article.author)
        _add(item, DC + "language", article.language)
        for category in article.categories:
            _add(item, "category", category)
        _add(item, "description", article.summary)
        _add(item, CONTENT + "encoded", article.body)
        if article.source is not None:
            SubElement(item, "source", url=feed.link).text = article.source
    return root


def _atom(feed: SampleFeed, articles: list[SampleArticle], address: str) -> Element:
    root = Element("feed", xmlns=ATOM)
    _in_language(root, feed.language)
    _add(root, "title", feed.title)
    _add(root, "id", feed.link)
    SubElement(root, "link", rel="self", href=address)
    SubElement(root, "link", rel="alternate", href=feed.link)
    latest = max((_updated(article) for article in articles), default=None)
    _add(root, "updated", None if latest is None else format_timestamp(latest))
    for article in articles:
        entry = SubElement(root, "entry")
        _in_language(entry, article.language)
        _add(entry, "title", article.title)
        _add(entry, "id", article.guid)
        SubElement(entry, "link", rel="alternate", href=article.link)
        _add(entry, "published", format_timestamp(article.published))
        _add(entry, "updated", format_timestamp(_updated(article)))
        if article.author is not None:
            _add(SubElement(entry, "author"), "name", article.author)
        for category in article.categories:
            SubElement(entry, "category", term=category)
        _add(entry, "summary", article.summary, type="html")
        _add(entry, "content", article.body, type="html")
        if article.source is not None:
            _add(SubElement(entry, "source"), "title", article.source)
    return root


def _rdf(feed: SampleFeed, articles: list[SampleArticle], address: str) -> Element:
    root = Element(RDF + "RDF", xmlns=RSS1)
    channel = SubElement(root, "channel", {RDF + "about": address})
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.link)
    _add(channel, "description", f"News of {feed.title}")
    _add(channel, DC + "language", feed.language)
    contents = SubElement(SubElement(channel, "items"), RDF + "Seq")
    for article in articles:
        SubElement(contents, RDF + "li", {RDF + "resource": article.guid})
        item = SubElement(root, "item", {RDF + "about": article.guid})
        _add(item, "title", article.title)
        _add(item, "link", article.link)
        _add(item, "description", article.summary)
        _add(item, CONTENT + "encoded", article.body)
        _add(item, DC + "date", format_timestamp(article.published))
        _add(item, DC + "creator", article.author)
        _add(item, DC + "language", article.language)
        _add(item, DC + "source", article.source)
        for category in article.categories:
            _add(item, DC + "subject", category)
    return root


def _updated(article: SampleArticle) -> datetime:
    return article.updated or article.published


def _in_language(element: Element, language: str | None) -> None:
    if language is not None:
        element.set(XML + "lang", language)


def _add(parent: Element, name: str, text: str | None, **attributes: str) -> None:
    """Add an element with a text; nothing if there is no text."""
    if text is not None:
        SubElement(parent, name, attributes).text = text

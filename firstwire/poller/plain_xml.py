"""RSS and Atom as most feeds write them, read many times as fast as by feedparser, with exactly the same result.

A document with anything out of the ordinary, in its markup, its attributes or its elements, is left to feedparser. Runs
in a worker process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

import feedparser.mixin
from feedparser.urls import _urljoin, make_safe_absolute_uri

from firstwire.poller.feedparser_bounds import FULL_TEXT_ENDINGS, SHORT_LIMIT_CHARACTERS

LIMIT_CHARACTERS = 500_000
"""A larger document is left to feedparser: the tree of one with hundreds of thousands of elements would take 100 MB."""

Values = dict[str, Any]

_PLAIN = re.compile(r"(?:\s|<!--.*?-->|<\?xml-stylesheet[^>]*\?>)*<(rss|feed)[\s>]", re.DOTALL)
_NOT_PLAIN = ("<!DOCTYPE", "<!ENTITY", 'http://purl.org/rss/1.0/"', "http://purl.org/rss/1.0/'", "my.netscape.com")
"""Markup whose meaning ElementTree and feedparser's parser may see differently, and namespaces of other formats."""

_NAMESPACE = re.compile(r"""\sxmlns(?::([\w.-]{1,100}))?\s*=\s*["']([^"']{0,500})["']""")
_LANGUAGE, _BASE = "{http://www.w3.org/XML/1998/namespace}lang", "{http://www.w3.org/XML/1998/namespace}base"

_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ATOM = "http://www.w3.org/2005/atom"
_TYPES = {"text": "text/plain", "text/plain": "text/plain", "html": "text/html", "text/html": "text/html"}
_PERSON = frozenset({"atom:name", "atom:uri", "atom:email"})
_WITH_METHODS = frozenset(
    {
        *("admin", "cc", "content", "creativecommons", "dc", "dcterms", "feedburner", "geo", "georss", "gml", "itunes"),
        *("link", "media", "psc", "summary", "title", "xhtml"),
    }
)
"""Prefixes that mean something to feedparser; in other namespaces they might be taken for these."""
_PREFIXES: Mapping[str, str] = {
    name.lower(): prefix for name, prefix in feedparser.mixin._FeedParserMixin.namespaces.items()
}
_HTML = feedparser.mixin._FeedParserMixin.html_types
_CP1252 = feedparser.mixin._cp1252
_OF_CP1252 = re.compile("[\x80-\x9f]")

_OF_CHANNEL = frozenset(
    {
        *("description", "pubdate", "lastbuilddate", "generator", "docs", "copyright", "managingeditor", "webmaster"),
        *("category", "cloud", "skiphours", "skipdays", "rating", "language", "ttl", "title", "link", "date"),
    }
)
"""What stands in a channel beside items and images; nothing else is certain not to change what is read."""

_OF_IMAGE = frozenset({"url", "title", "link", "width", "height", "description"})
_SKIPPED = frozenset({"enclosure", "comments", "post-id"})
"""Of an item, what says nothing of what we read."""

_WITH_MEANING = frozenset(
    {
        *("abstract", "author", "body", "category", "content", "created", "creator", "date", "description", "email"),
        *("encoded", "entry", "fullitem", "guid", "homepage", "href", "id", "info", "issued", "item", "keywords"),
        *("language", "link", "modified", "name", "published", "pubdate", "source", "subject", "summary", "tags"),
        *("tagline", "text", "title", "updated", "uri", "url", "owner", "subtitle", "contributor", "publisher"),
        *("image", "math", "svg", "div", "group"),
    }
)
"""Names with which an element of another default namespace may change what is read."""

_OF_ATOM_FEED = frozenset({"id", "updated", "published", "rights", "icon", "logo", "generator", "subtitle", "category"})
_HARMLESS = frozenset(
    {
        *("media_thumbnail", "media_credit", "media_rating", "media_copyright", "media_restriction"),
        *(
            "itunes_duration",
            "itunes_explicit",
            "itunes_block",
            "itunes_episode",
            "itunes_season",
            "itunes_episodetype",
        ),
        *("itunes_subtitle", "itunes_order", "itunes_isclosedcaptioned", "itunes_image", "itunes_title"),
        *("media_text", "media_hash", "media_community", "media_starrating", "media_statistics", "media_player"),
        *("dc_identifier", "dc_format", "dc_type", "dc_rights", "dc_coverage", "dc_relation", "dc_publisher"),
    }
)
"""Elements of namespaces that feedparser knows which change nothing that we read."""


_NEVER_HARMLESS = ("atom", "dc", "dcterms", "media", "itunes", "content", "xhtml")
"""Prefixes of elements that feedparser reads, but for those in `_HARMLESS`."""


_KEYS = frozenset(
    {
        *("id", "authors", "links", "summary", "updated", "created", "published", "content", "tags", "source"),
        # Which becomes "updated"
        "date",
    }
)
"""What feedparser calls what it has read: an element of that name would stand in its place."""


class _NotPlainError(Exception):
    """It is left to feedparser."""


def read_plain(markup: str, url: str) -> Values | None:
    """What feedparser would make of a document, as far as `read_xml` looks at it; None if that is not certain."""
    found = _PLAIN.match(markup[:8_000])
    if found is None or len(markup) > LIMIT_CHARACTERS or any(text in markup for text in _NOT_PLAIN):
        return None
    parser = XMLParser()  # noqa: S314 - a document with entities or a DTD was left to feedparser above
    try:
        has_other_default = _has_other_default(markup)
        parser.feed(markup)
        reader = _PlainReader(has_other_default)
        base = make_safe_absolute_uri(url, url) or url
        root = parser.close()
        return reader.rss(root, base) if found[1] == "rss" else reader.atom(root, base)
    except (ParseError, RecursionError, _NotPlainError):
        return None


def _has_other_default(markup: str) -> bool:
    """Whether elements without a prefix may be of a namespace that nobody knows."""
    has_other = False
    for prefix, name in _NAMESPACE.findall(markup):
        known = _PREFIXES.get(name.lower())
        if prefix and known is None and prefix.lower() in _WITH_METHODS:
            raise _NotPlainError
        has_other = has_other or (not prefix and name.lower() != _ATOM)
    return has_other


class _PlainReader:
    """Reads one document."""

    def __init__(self, has_other_default: bool) -> None:
        self._has_other_default = has_other_default

    def rss(self, root: Element, base: str) -> Values:
        _check(root, {"version"})
        if root.tag != "rss" or len(root) != 1 or root[0].tag != "channel":
            raise _NotPlainError
        number = root.get("version", "")
        version = _VERSIONS.get(number) or ("rss20" if number.startswith("2.") else "rss")
        channel = root[0]
        _check(channel, ())
        feed: Values = {"links": []}
        entries: list[Values] = []
        for child in channel:
            name = _name(child)
            if name == "item":
                entries.append(self._item(child, base))
            elif name == "image":
                _check_image(child)
            elif name == "atom:link":
                feed["links"].append(_hub_link(child, base))
            elif name in _OF_CHANNEL:
                _of_channel(child, name, feed)
            elif name == "dc_language":
                _of_channel(child, "language", feed)
            elif name in ("sy_updateperiod", "sy_updatefrequency"):
                feed[name] = _text(child)
            else:
                self._check_of_channel(child, name, feed)
        return {"bozo": False, "version": version, "feed": feed, "entries": entries}

    def atom(self, root: Element, base: str) -> Values:
        if _name(root) != "atom:feed":
            raise _NotPlainError
        _check(root, {_LANGUAGE, _BASE})
        base, language = _scope(root, base, None)
        feed: Values = {"links": []}
        if language:
            feed["language"] = language.replace("_", "-")
        entries: list[Values] = []
        for child in root:
            name = _name(child)
            if name == "atom:entry":
                entries.append(self._atom_entry(child, base, language))
            elif name == "atom:link":
                feed["links"].append(_hub_link(child, base))
            elif name == "atom:title":
                if "title" in feed:
                    raise _NotPlainError
                _type(child, "text")
                feed["title"] = _text(child, {"type"}, is_long=True)
            elif name in ("atom:author", "atom:contributor"):
                _check_person(child)
            elif name.startswith("atom:"):
                if name[5:] not in _OF_ATOM_FEED or len(child):
                    raise _NotPlainError
            else:
                self._check_of_channel(child, name, feed)
        return {"bozo": False, "version": "atom10", "feed": feed, "entries": entries}

    def _item(self, item: Element, base: str) -> Values:
        """An entry, by the order of its elements, which decides which of several holds."""
        _check(item, ())
        reading = _Reading(base, None)
        self._read(reading, item, _RSS_HANDLERS, 0)
        return reading.entry

    def _atom_entry(self, entry: Element, base: str, language: str | None) -> Values:
        _check(entry, {_LANGUAGE, _BASE})
        reading = _Reading(*_scope(entry, base, language), is_atom=True, has_other_default=self._has_other_default)
        self._read(reading, entry, _ATOM_HANDLERS, 0)
        return reading.entry

    def _read(self, reading: _Reading, parent: Element, handlers: Handlers, depth: int) -> None:
        for child in parent:
            name = _name(child)
            handler = handlers.get(name)
            if handler is not None:
                handler(reading, child, depth)
            elif name in ("media_group", "media_content"):
                self._read(reading, child, _MEDIA_HANDLERS, depth + 1)
            elif name in _SKIPPED:
                if len(child):
                    raise _NotPlainError
            else:
                self._check_harmless(child, name)

    def _check_of_channel(self, child: Element, name: str, feed: Values) -> None:
        """Elements that say nothing of what is read of a feed, though in an item they would."""
        if name in ("itunes_owner", "itunes_category"):
            for each in child:
                if _name(each) not in ("itunes_name", "itunes_email", "itunes_category"):
                    raise _NotPlainError
                self._check_of_channel(each, _name(each), feed)
        elif name in ("atom:author", "atom:contributor"):
            _check_person(child)
        elif name.startswith("itunes_") or name in _OF_CHANNEL_TOO:
            # A second one would be taken for content
            if len(child) or (name == "itunes_summary" and name in feed):
                raise _NotPlainError
            feed[name] = ""
        else:
            self._check_harmless(child, name)

    def _check_harmless(self, element: Element, name: str) -> None:
        """Leave a document to feedparser in which an element might say something of what is read."""
        prefix, separator, local = name.partition(":" if ":" in name else "_")
        if not separator:
            local = name
        if prefix == "other":
            # The prefix is not known: `turbo:content` is the whole text
            is_harmless = local != "content" and not (self._has_other_default and local in _WITH_MEANING)
        elif prefix == name:
            is_harmless = local not in _KEYS and not _has_method(local)
        else:
            is_harmless = name in _HARMLESS or prefix not in _NEVER_HARMLESS
        if not is_harmless or local.endswith(("detail", *FULL_TEXT_ENDINGS)):
            raise _NotPlainError
        for child in element:
            self._check_harmless(child, _name(child))


def _of_channel(child: Element, name: str, feed: Values) -> None:
    if name in ("title", "language", "ttl"):
        if name == "title" and name in feed:
            raise _NotPlainError
        feed[name] = _text(child, is_long=name == "title")
        return
    if name == "description" and "itunes_summary" in feed:
        # It is taken for content, which the first item remembers
        raise _NotPlainError
    if name in ("skiphours", "skipdays"):
        if any(len(each) or each.attrib or each.tag not in ("hour", "day") for each in child):
            raise _NotPlainError
    elif len(child):
        raise _NotPlainError
    # A link with attributes may be that to a hub
    _check(child, () if name == "link" else child.attrib.keys() - {"base", "lang", "href", "lastmod"})


class _Reading:
    """An entry under way, with what feedparser remembers of it. `depth`: how much deeper than its own an element is."""

    def __init__(
        self, base: str, language: str | None, *, is_atom: bool = False, has_other_default: bool = False
    ) -> None:
        self.has_other_default = has_other_default
        self.entry: Values = {}
        self._base = base
        self._language = language
        self._is_atom = is_atom
        self._has_content = False
        self._title_depth: int | None = None
        self._depths: dict[str, int] = {}

    def title(self, child: Element, depth: int) -> None:
        if self._stored_title(child, depth):
            self._title_depth = depth

    def media_title(self, child: Element, depth: int) -> None:
        self._stored_title(child, depth)

    def description(self, child: Element, depth: int) -> None:
        self._summary(child, depth, "text/html")

    def summary(self, child: Element, depth: int) -> None:
        self._summary(child, depth, "text/plain")

    def encoded(self, child: Element, depth: int) -> None:
        self._append(child, "text/html")

    def content(self, child: Element, depth: int) -> None:
        self._append(child, "text/plain")

    def link(self, child: Element, depth: int) -> None:
        text = _text(child).replace("&amp;", "&")
        self.entry["link"] = re.sub(r"&([A-Za-z0-9_]+);", r"&\g<1>", text)

    def atom_link(self, child: Element, depth: int) -> None:
        base, _ = self._scope(child)
        _check_link(child)
        kind = child.get("type", "text/html").lower()
        if "/" not in kind:
            raise _NotPlainError
        address = _urljoin(base, _href(child))
        if child.get("rel", "alternate").lower() == "alternate" and kind in _HTML:
            self.entry["link"] = address

    def guid(self, child: Element, depth: int) -> None:
        is_link = True
        for name, value in child.attrib.items():
            if name.lower() != "ispermalink":
                raise _NotPlainError
            is_link = value == "true"
        text = _text(child, {*child.attrib})
        self.entry["id"] = text
        if is_link:
            self.entry.setdefault("link", text)

    def published(self, child: Element, depth: int) -> None:
        self.entry["published"], self.entry["published_parsed"] = _text(child), None

    def updated(self, child: Element, depth: int) -> None:
        self.entry["updated"], self.entry["updated_parsed"] = _text(child), None

    def date(self, child: Element, depth: int) -> None:
        # feedparser stores it as that of the update, without reading it
        self.entry["updated"] = _text(child)

    def author(self, child: Element, depth: int) -> None:
        self.entry.setdefault("authors", []).append({})
        self.entry["author"] = _text(child)
        feedparser.mixin._FeedParserMixin._sync_author_detail(_Context(self.entry))

    def atom_author(self, child: Element, depth: int) -> None:
        _check_person(child)
        author: Values = {}
        self.entry.setdefault("authors", []).append(author)
        for part in child:
            name = _name(part)
            if name.startswith("other:") and not self.has_other_default:
                continue
            local = name[5:]
            if name not in _PERSON or local in author or (child.text or "").strip() or (part.tail or "").strip():
                raise _NotPlainError
            author[local] = _cut(part.text or "").strip()
        self.entry["author"] = ""
        detail = {name: author[name] for name in ("name", "email") if author.get(name)}
        if detail:
            both = "{name} ({email})" if len(detail) > 1 else "{name}" if "name" in detail else "{email}"
            self.entry["author"] = both.format(**detail)
        elif not author or len(self.entry["authors"]) > 1:
            # Of an empty one after another feedparser keeps what it made of that
            raise _NotPlainError

    def category(self, child: Element, depth: int) -> None:
        scheme = child.get("scheme", child.get("domain"))
        if "media" in _name(child) and scheme is None:
            scheme = "http://search.yahoo.com/mrss/category_schema"
        self._tag(child.get("term"), scheme, child.get("label"))
        text = _text(child, {"term", "scheme", "domain", "label"})
        tags = self.entry["tags"]
        if text and tags and not tags[-1]["term"]:
            tags[-1]["term"] = text
        elif text:
            self._tag(text)

    def keywords(self, child: Element, depth: int) -> None:
        scheme = "http://www.itunes.com/" if _name(child) == "itunes_keywords" else None
        for term in _text(child).split(","):
            if term.strip():
                self._tag(term.strip(), scheme)

    def source(self, child: Element, depth: int) -> None:
        text = _text(child, {"url"})
        self.entry["source"] = {"title": text} if text else {}
        # A title after it counts, whatever stood before
        self._title_depth = None

    def contributor(self, child: Element, depth: int) -> None:
        _check_person(child)

    def rights(self, child: Element, depth: int) -> None:
        if len(child):
            raise _NotPlainError

    def _stored_title(self, child: Element, depth: int) -> str:
        kind = _type(child, "text/plain")
        text = _text(child, self._of_content, is_long=True)
        if self._title_depth is None or self._title_depth > depth:
            self._store("title", text, depth)
            self.entry["title_detail"] = self._content(child, text, kind)
        return text

    def _summary(self, child: Element, depth: int, kind: str) -> None:
        if "summary" in self.entry and not self._has_content:
            # A second one is taken for the content
            self._append(child, "text/plain")
            return
        kind = _type(child, kind)
        text = _text(child, self._of_content, is_long=True)
        self._store("summary", text, depth)
        self.entry["summary_detail"] = self._content(child, text, kind)

    def _append(self, child: Element, kind: str) -> None:
        self._has_content = True
        kind = _type(child, kind)
        content = self._content(child, _text(child, self._of_content, is_long=True), kind)
        self.entry.setdefault("content", []).append(content)
        self.entry.setdefault("summary", content["value"])

    def _store(self, name: str, text: str, depth: int) -> None:
        before = self._depths.get(name)
        if before is None or depth <= before:
            self._depths[name] = depth
            self.entry[name] = text

    def _tag(self, term: str | None, scheme: str | None = None, label: str | None = None) -> None:
        tags = self.entry.setdefault("tags", [])
        tag = {"term": term, "scheme": scheme, "label": label}
        if (term or scheme or label) and tag not in tags:
            tags.append(tag)

    @property
    def _of_content(self) -> frozenset[str]:
        return _OF_CONTENT if self._is_atom else _TYPE_ALONE

    def _content(self, child: Element, text: str, kind: str) -> Values:
        base, language = self._scope(child)
        if kind == "text/plain" and not self._is_atom:
            kind = _guessed_type(text)
        return {
            "type": kind,
            "language": None if language is None else language.replace("_", "-"),
            "base": base,
            "value": text,
        }

    def _scope(self, child: Element) -> tuple[str, str | None]:
        return _scope(child, self._base, self._language) if self._is_atom else (self._base, self._language)


_OF_NO_LINK = frozenset({"url", "uri", "base", "lang"})

Handlers = Mapping[str, Callable[[_Reading, Element, int], None]]

_OF_CONTENT = frozenset({"type", _LANGUAGE, _BASE})
_TYPE_ALONE = frozenset({"type"})
_OF_CHANNEL_TOO = frozenset(
    {
        "dc_date",
        "dc_creator",
        "dc_rights",
        "dc_publisher",
        "atom:updated",
        "atom:id",
        "atom:logo",
        "atom:icon",
        "media_category",
        "media_keywords",
    }
)

_MEDIA_HANDLERS: Handlers = {
    "media_title": _Reading.media_title,
    "media_description": _Reading.description,
    "media_category": _Reading.category,
    "media_keywords": _Reading.keywords,
}
_RSS_HANDLERS: Handlers = {
    **_MEDIA_HANDLERS,
    "title": _Reading.title,
    "description": _Reading.description,
    "link": _Reading.link,
    "guid": _Reading.guid,
    "pubdate": _Reading.published,
    "date": _Reading.date,
    "author": _Reading.author,
    "category": _Reading.category,
    "source": _Reading.source,
    "content_encoded": _Reading.encoded,
    "dc_creator": _Reading.author,
    "dc_date": _Reading.updated,
    "dc_subject": _Reading.category,
    "itunes_author": _Reading.author,
    "itunes_summary": _Reading.summary,
    "itunes_keywords": _Reading.keywords,
    "atom:link": _Reading.atom_link,
    "atom:updated": _Reading.updated,
    "atom:published": _Reading.published,
    "atom:contributor": _Reading.contributor,
}
_ATOM_HANDLERS: Handlers = {
    **_MEDIA_HANDLERS,
    "atom:title": _Reading.title,
    "atom:link": _Reading.atom_link,
    "atom:id": _Reading.guid,
    "atom:published": _Reading.published,
    "atom:updated": _Reading.updated,
    "atom:author": _Reading.atom_author,
    "atom:contributor": _Reading.contributor,
    "atom:category": _Reading.category,
    "atom:summary": _Reading.summary,
    "atom:content": _Reading.content,
    "atom:rights": _Reading.rights,
    "dc_creator": _Reading.author,
    "dc_date": _Reading.updated,
    "dc_subject": _Reading.category,
}


class _Context:
    """What feedparser's function for authors wants to be called on."""

    def __init__(self, entry: Values) -> None:
        self._entry = entry

    def _get_context(self) -> Values:
        return self._entry


def _name(element: Element) -> str:
    """The element's name as feedparser's methods have it: `dc_creator`; of other namespaces `other:creator`."""
    tag = element.tag
    if tag[0] != "{":
        return tag.lower()
    namespace, _, local = tag[1:].partition("}")
    lowered = namespace.lower()
    if lowered == _ATOM:
        return f"atom:{local.lower()}"
    prefix = _PREFIXES.get(lowered)
    if prefix == "" or "backend.userland.com/rss" in lowered:
        raise _NotPlainError
    return f"other:{local.lower()}" if prefix is None else f"{prefix}_{local.lower()}"


def _text(element: Element, attributes: Iterable[str] = (), *, is_long: bool = False) -> str:
    """The text of an element without others in it, as feedparser keeps it."""
    if len(element):
        raise _NotPlainError
    _check(element, attributes)
    text = element.text or ""
    text = (text if is_long else _cut(text)).strip()
    if text.isascii():
        return text
    with suppress(UnicodeEncodeError, UnicodeDecodeError):
        # UTF-8 that somebody took for Latin-1
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_CP1252) if _OF_CP1252.search(text) is not None else text


def _cut(text: str) -> str:
    return text[:SHORT_LIMIT_CHARACTERS]


def _guessed_type(text: str) -> str:
    """Of what is said to be plain text."""
    if "&" not in text and "</" not in text:
        return "text/plain"
    return "text/html" if feedparser.mixin._FeedParserMixin.looks_like_html(text) else "text/plain"


def _href(element: Element) -> str:
    found = element.get("href")
    if not found or len(element) or (element.text or "").strip():
        raise _NotPlainError
    return found


def _check(element: Element, attributes: Iterable[str]) -> None:
    """Leave a document to feedparser in which an element has other attributes than these."""
    if element.attrib and not element.attrib.keys() <= set(attributes):
        raise _NotPlainError


def _check_image(image: Element) -> None:
    _check(image, ())
    for child in image:
        if child.tag not in _OF_IMAGE or len(child) or child.attrib:
            raise _NotPlainError


def _has_method(name: str) -> bool:
    """Whether feedparser does something of its own with an element."""
    return any(hasattr(feedparser.mixin._FeedParserMixin, f"_{end}_{name}") for end in ("start", "end"))


def _check_person(person: Element) -> None:
    _check(person, ())
    for part in person:
        name = _name(part)
        # The text of an element that is not known may be taken for the person's
        is_other = name.startswith("other:") and not (part.text or "").strip()
        if len(part) or not (is_other or (name in _PERSON and not part.attrib)):
            raise _NotPlainError


def _hub_link(child: Element, base: str) -> Values:
    """A link of the feed, of which only hubs and its own address matter."""
    _check_link(child)
    if _BASE in child.attrib:
        raise _NotPlainError
    return {"rel": child.get("rel", "alternate").lower(), "href": _urljoin(base, _href(child))}


def _check_link(link: Element) -> None:
    """Any attribute of other programs does, but for those that feedparser reads too."""
    if not _OF_NO_LINK.isdisjoint(name.lower() for name in link.attrib):
        raise _NotPlainError


def _scope(element: Element, base: str, language: str | None) -> tuple[str, str | None]:
    """The base of addresses and the language in an element."""
    if not element.attrib:
        return base, language
    own_base = element.get(_BASE)
    if own_base:
        base = make_safe_absolute_uri(base, own_base) or base
    own_language = element.get(_LANGUAGE)
    if own_language is not None:
        language = own_language or None
    return base, language


def _type(element: Element, usual: str) -> str:
    """The type of a text, where it says nothing the usual one."""
    kind = _TYPES.get(element.get("type", usual).lower())
    if kind is None:
        raise _NotPlainError
    return kind

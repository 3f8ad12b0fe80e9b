"""Pages: one key for all web addresses of a page, regardless of mobile host, AMP, trailing slash or scheme.

The key of a page is for comparison only: it is never opened or shown.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from firstwire.core.stories.urls import canonical_url

DEVICE_LABELS = frozenset({"www", "m", "mobile", "mobil", "touch", "wap", "amp"})
"""First labels of a host that name a device or format. `en.m.wikipedia.org` has one in second place."""

AMP_QUERY = re.compile(r"(?:amp|outputtype|output|mode|view|format)=amp|amp(?:=(?:1|true|on|yes)?)?|_amp(?:=.*)?")
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)

_CACHED = re.compile(r"https?://(?P<cache>[^/]+)/(?:amp|c|v|i)(?:/s)?/(?P<address>[^/.]+\.[^/]*/.*)")
_CACHES = re.compile(r"(?:.+\.)?cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]{2,6}|(?:.+\.)?bing-amp\.com")
_AMP_SUFFIX = re.compile(r"(?:/amp|[./]amp\.html?|\.amp|/amp/index\.html?)$", re.IGNORECASE)
_AMP_PREFIX = re.compile(r"^/amp(?=/[^/])", re.IGNORECASE)


def page_key(url: str) -> str:
    """A key that is equal for all addresses of one page. Text that is not a web address is its own key."""
    canonical = _uncached(canonical_url(url))
    try:
        parts = urlsplit(canonical)
    except ValueError:
        return canonical
    if parts.scheme not in ("http", "https"):
        return canonical
    pairs = sorted(pair for pair in parts.query.split("&") if pair and not AMP_QUERY.fullmatch(pair.lower()))
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"page:{_host(parts.netloc)}{_path(parts.path)}?{'&'.join(pairs)}{fragment}"


def _uncached(canonical: str) -> str:
    """The publisher's address of a page in an AMP cache; other addresses unchanged."""
    cached = _CACHED.fullmatch(canonical)
    if cached is None or not _CACHES.fullmatch(cached["cache"]):
        return canonical
    return canonical_url(f"https://{cached['address']}")


def _host(netloc: str) -> str:
    name, colon, port = netloc.partition(":")
    labels = name.split(".")
    while len(labels) > 2 and labels[0] in DEVICE_LABELS:
        labels = labels[1:]
    if len(labels) > 3 and labels[1] == "m":
        labels = [labels[0], *labels[2:]]
    return f"{'.'.join(labels)}{colon}{port}"


def _path(path: str) -> str:
    path = INDEX_PAGE.sub("/", path).rstrip("/")
    path = _AMP_SUFFIX.sub("", _AMP_PREFIX.sub("", path)).rstrip("/")
    return re.sub("/{2,}", "/", path)

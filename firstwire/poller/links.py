"""Addresses of feeds: which are web addresses, which are equal, and how they are shown without secrets."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from yarl import URL

from firstwire.core.stories.urls import canonical_url
from firstwire.poller.plaintext import is_encodable

URL_LIMIT_CHARACTERS = 2_048
"""Longer addresses are attacks or mistakes: browsers and proxies do not handle them reliably."""

_SECRET_NAME = re.compile(r"token|key|secret|pass|pwd|auth|sig|session|credential|login|user|hash", re.IGNORECASE)


def web_address_fault(url: str) -> str | None:
    """Why a URL is not fetched, in words; None if it is a web address."""
    if len(url) > URL_LIMIT_CHARACTERS:
        return f"the address is longer than {URL_LIMIT_CHARACTERS} characters"
    if not is_encodable(url):
        return "the address is not valid text"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as err:
        return f"not a web address: {err}"
    if parts.scheme.lower() not in ("http", "https"):
        return f"scheme {parts.scheme!r} is not http or https"
    if not host:
        return "the address has no host"
    return None


def same_feed_key(url: str) -> str:
    """Equal for all spellings of one feed's URL, with http and with https: the feed's name in the ids of its articles.

    A login is part of it: the feed's content may depend on it.
    """
    login = urlsplit(url).netloc.rpartition("@")[0]
    canonical = canonical_url(url.partition("#")[0])
    address = canonical.partition("://")[2] or canonical
    return f"{login}@{address}" if login else address


def host_of(url: str) -> str:
    """The host of a web address in lower case, without port and login."""
    return urlsplit(url).hostname or ""


def is_same_server(url: str, other: str) -> bool:
    """Whether another address is on the same server, or on its encrypted door: what may be sent to one, to both."""
    asked, target = URL(url), URL(other)
    is_upgrade = target.scheme == "https" and asked.is_default_port() and target.is_default_port()
    return asked.host == target.host and (asked.origin() == target.origin() or is_upgrade)


def joined(base: str, link: str) -> str | None:
    """A link as written, made absolute; None if it cannot be."""
    try:
        return urljoin(base, link)
    except ValueError:
        return None


def resolved(base: str, link: str) -> str | None:
    """The absolute web address of a link on a page at `base`; None if it is not one."""
    absolute = joined(base, link.strip())
    return None if absolute is None or web_address_fault(absolute) is not None else absolute


def redacted(url: str) -> str:
    """The URL for logs, records and people: the login and the values of secret query keys become `***`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(a malformed address)"
    place = parts.netloc.rpartition("@")[2]
    if place != parts.netloc:
        place = f"***@{place}"
    query = "&".join(_redacted_pair(pair) for pair in parts.query.split("&"))
    return urlunsplit(SplitResult(parts.scheme, place, parts.path, query, ""))


def is_redacted(url: str) -> bool:
    """Whether people are shown another address than this one, or this one is what they were shown: none to visit."""
    return "***" in redacted(url)


def _redacted_pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}=***" if equals and value and _SECRET_NAME.search(name) else pair

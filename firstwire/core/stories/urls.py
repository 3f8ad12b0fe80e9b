"""The canonical form of web addresses."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443}

TRACKING_PREFIXES = ("utm_", "mtm_", "at_", "ns_", "__twitter_")
TRACKING_NAMES = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "ocid",
        "xtor",
        "smid",
        "cmpid",
        "maca",
        "traffic_source",
        "ref_src",
        "pk_campaign",
        "pk_kwd",
    }
)
"""Query keys that track how a reader came to the page and do not identify the page."""

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE_OR_UNSAFE = re.compile(r"%(?P<code>[0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]")


def canonical_url(url: str, *, keep_fragment: bool = False) -> str:
    """The canonical form of a web address: lower-case scheme and host, no default port, login or tracking, and
    normalized escapes. It opens the same page; `pages.page_key` unifies more addresses.

    A fragment is removed unless it names a page ("#!/story/11", "#/story/11") or is to be kept. Other text is returned
    unchanged, without surrounding white space.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host:
        return url
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    query = _escaped(_without_tracking(parts.query))
    fragment = _escaped(parts.fragment) if keep_fragment or _names_page(parts.fragment) else ""
    return urlunsplit(SplitResult(scheme, netloc, _escaped(parts.path) or "/", query, fragment)).strip()


def _names_page(fragment: str) -> bool:
    """Whether a script on the page shows another one for this fragment; `#/` alone is its start."""
    return fragment.startswith(("!", "/")) and any(character.isalnum() for character in fragment)


def _escaped(part: str) -> str:
    """Normalize escapes (RFC 3986): only where needed, with upper-case digits."""
    return _ESCAPE_OR_UNSAFE.sub(_escape, part)


def _escape(found: re.Match[str]) -> str:
    code = found["code"]
    if code is None:
        return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))
    return character if (character := chr(int(code, 16))) in _UNRESERVED else f"%{code.upper()}"


def _without_tracking(query: str) -> str:
    return "&".join(
        pair for pair in query.split("&") if pair.strip() and not _is_tracking(pair.partition("=")[0].lower())
    )


def _is_tracking(name: str) -> bool:
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)

"""Identity: which article an entry is, whether its content changed, where it meets others, how its URL is spelt."""

from __future__ import annotations

from hashlib import blake2b
from urllib.parse import SplitResult, urlsplit, urlunsplit

from schemas.article import ArticleText

DIGEST_BYTES = 16
"""128 bits, 32 hexadecimal characters: no chance collision among the articles of centuries."""

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
"""Query keys that name how a reader came to the page, never which page it is."""


def article_id_of(*, feed: str, guid: str | None, link: str | None, title: str, published: str | None) -> str:
    """The article id of an entry: 32 hexadecimal characters, the same in every revision of the article.

    Taken from the first that is there: the guid (global if it is a web address, else the feed's own), the canonical
    link, the feed's URL with title and date of publication as the feed wrote it. Summary and body never count.
    """
    if guid is not None and guid.strip():
        guid = guid.strip()
        return digest("guid", "" if _is_web_address(guid) else feed, guid)
    if link is not None and link.strip():
        return digest("link", canonical_url(link))
    return digest("entry", feed, title, published or "")


def content_hash(article: ArticleText) -> str:
    """What an article says, as 32 hexadecimal characters: title, summary, body and publisher's tags, never dates."""
    return digest("content", article.title, article.summary, article.body, *article.publisher_tags)


def language_key(language: str) -> str:
    """The key of `articles`: the primary language of a BCP 47 tag, so that a British and an American copy meet."""
    return language.partition("-")[0].lower()


def canonical_url(url: str) -> str:
    """The one spelling of a web address: lower-case scheme and host, no default port, fragment, login or tracking.

    What is no web address comes back as it is, without the white space around it.
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
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[scheme]:
        place = f"{place}:{port}"
    query = _without_tracking(parts.query)
    return urlunsplit(SplitResult(scheme, place, parts.path or "/", query, "")).strip()


def digest(*parts: str) -> str:
    """32 hexadecimal characters that stand for these parts in this order: the one way ids are made here."""
    hashed = blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        # The length keeps ("ab", "c") apart from ("a", "bc")
        hashed.update(len(data).to_bytes(8, "big"))
        hashed.update(data)
    return hashed.hexdigest()


def _without_tracking(query: str) -> str:
    return "&".join(
        pair for pair in query.split("&") if pair.strip() and not _is_tracking(pair.partition("=")[0].lower())
    )


def _is_tracking(name: str) -> bool:
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def _is_web_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))

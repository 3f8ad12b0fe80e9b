"""Identity: the ids of articles, the hash of their content, and their partition key."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from firstwire.core.stories.pages import page_key
from firstwire.core.text.digest import digest
from firstwire.core.text.language import UNDETERMINED
from firstwire.core.text.word_lists import word_set
from schemas.article import ArticleText

PLACEHOLDERS = word_set(
    """
    false guid id link n.a. n/a na nan nil no none not-available null object-object tbd test true undefined unknown url
    xxx -1
    """
)
"""What programs write as a guid or link that they do not have; in lower case, spaces as hyphens."""

_ABSOLUTE_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s]", re.IGNORECASE)
_TAG = re.compile(r"tag:[^,:\s]+,\d{4}(?:-\d\d){0,2}:\S", re.IGNORECASE)
"""RFC 4151: an authority, a date, and what the authority chose."""
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]*:\S", re.IGNORECASE)


def names_something(text: str) -> bool:
    """Whether a guid or link is more than a placeholder: "N/A", "none", "-", "0", the nil UUID."""
    text = text.strip()
    words = "-".join(text.strip("[](){}<>\"'").lower().split())
    return words not in PLACEHOLDERS and any(char.isalnum() and char != "0" for char in text.removeprefix("urn:uuid:"))


def guid_id(feed: str, guid: str) -> str:
    """The article id of an entry by its guid: one for all feeds if the guid is global, else one of `feed`.

    A URL is the same with http and with https.
    """
    guid = guid.strip()
    if not is_global(guid):
        return digest("guid", feed, guid)
    scheme, colon, rest = guid.partition(":")
    return digest("guid", "", f"https:{rest}" if scheme.lower() == "http" else f"{scheme.lower()}{colon}{rest}")


def page_id(link: str) -> str:
    """The article id of the page that a link leads to, the same in all feeds."""
    return digest("link", page_key(link))


def place_id(link: str) -> str | None:
    """The article id of a place on a page; None if the link has no fragment."""
    try:
        fragment = urlsplit(link.strip()).fragment
    except ValueError:
        return None
    return digest("place", page_key(link), fragment) if fragment else None


def headed_id(feed: str, title: str, published: str | None) -> str:
    """The article id of an entry by its title and its date as written, in one feed."""
    return digest("entry", feed, title, published or "")


def is_global(guid: str) -> bool:
    """Whether a guid is by its form unique beyond its feed: an absolute URL, a `tag:` or a `urn:`."""
    return any(form.match(guid) for form in (_ABSOLUTE_URL, _TAG, _URN))


def content_hash(article: ArticleText) -> str:
    """The content as 32 hexadecimal characters: title, summary, body and publisher's tags, but no dates.

    An article whose language becomes known is another revision, as only then it can be read.
    """
    kind = "content of unknown language" if language_key(article.language) == UNDETERMINED else "content"
    return digest(kind, article.title, article.summary, article.body, *article.publisher_tags)


def language_key(language: str) -> str:
    """The key of `articles`: the primary language of a BCP 47 tag, so that British and American copies are compared."""
    return language.partition("-")[0].lower()

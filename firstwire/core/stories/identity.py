"""Identity: the article id of an entry, the hash of its content, and its partition key."""

from __future__ import annotations

from firstwire.core.stories.pages import page_key
from firstwire.core.text.digest import digest
from schemas.article import ArticleText


def article_id_of(*, feed: str, guid: str | None, link: str | None, title: str, published: str | None) -> str:
    """The article id of an entry: 32 hexadecimal characters, the same in every revision of the article.

    Made of the first that exists: the guid (global if it is a web address, else per feed), the page that
    the link leads to, the feed's URL with title and publication date as given by the feed. Summary and body never
    count.
    """
    if guid is not None and guid.strip():
        guid = guid.strip()
        return digest("guid", "" if _is_web_address(guid) else feed, guid)
    if link is not None and link.strip():
        return digest("link", page_key(link))
    return digest("entry", feed, title, published or "")


def content_hash(article: ArticleText) -> str:
    """The content as 32 hexadecimal characters: title, summary, body and publisher's tags, but no dates."""
    return digest("content", article.title, article.summary, article.body, *article.publisher_tags)


def language_key(language: str) -> str:
    """The key of `articles`: the primary language of a BCP 47 tag, so that British and American copies are compared."""
    return language.partition("-")[0].lower()


def _is_web_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))

"""An article as queries see it: tokens by field with where they stand, and values. Built once, asked by every watch."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.watches.query import TEXT_FIELDS, ValueField
from firstwire.core.watches.tokens import Token, fold_value, tokens_of
from firstwire.core.watches.wildcards import compiled, has_wildcard, plain_prefix
from schemas.article import ArticleText
from schemas.record import Field, Span


class FieldText:
    """One field: its tokens, and the positions at which each word stands."""

    def __init__(self, name: Field, text: str) -> None:
        self.name = name
        self.text = text
        self.tokens: list[Token] = tokens_of(text)
        self._folded: dict[str, list[int]] = {}
        self._exact: dict[str, list[int]] = {}
        for position, token in enumerate(self.tokens):
            self._folded.setdefault(token.folded, []).append(position)
            self._exact.setdefault(token.exact, []).append(position)
        self._fitting: dict[str, list[int]] = {}

    def positions(self, word: str, *, exact: bool = False) -> list[int]:
        """Where a word stands, counted in tokens, in order. Unless exact it may have wildcards."""
        if exact:
            return self._exact.get(word, [])
        if not has_wildcard(word):
            return self._folded.get(word, [])
        if word not in self._fitting:
            prefix, pattern = plain_prefix(word), compiled(word)
            fitting = [at for form, at in self._folded.items() if form.startswith(prefix) and pattern.fullmatch(form)]
            self._fitting[word] = sorted(position for positions in fitting for position in positions)
        return self._fitting[word]

    def span(self, first: int, stop: int) -> Span:
        """The original text of tokens `first` to before `stop`."""
        start, end = self.tokens[first].start, self.tokens[stop - 1].end
        return Span(field=self.name, start=start, end=end, text=self.text[start:end])


class Document:
    """The three text fields, and folded values. `tags` are the publisher's and those found in the text."""

    def __init__(
        self,
        *,
        title: str = "",
        summary: str = "",
        body: str = "",
        source: str | None = None,
        language: str | None = None,
        author: str | None = None,
        url: str | None = None,
        tags: Iterable[str] = (),
    ) -> None:
        texts = {"title": title, "summary": summary, "body": body}
        self.fields = tuple(FieldText(name, texts[name]) for name in TEXT_FIELDS)
        self._values: dict[ValueField, tuple[str, ...]] = {
            "source": _folded(source),
            "lang": _folded(language),
            "author": _folded(author),
            "url": _folded(url),
            "tag": tuple(dict.fromkeys(map(fold_value, tags))),
        }

    def values(self, field: ValueField) -> tuple[str, ...]:
        """The folded values of a field; none if the article has none."""
        return self._values[field]


def document_of(article: ArticleText, tags: Iterable[str] = ()) -> Document:
    """An article or story with the tags that were found in it, besides its publisher's."""
    return Document(
        title=article.title,
        summary=article.summary,
        body=article.body,
        source=article.source,
        language=article.language,
        author=article.author,
        url=article.url,
        tags=(*article.publisher_tags, *tags),
    )


def _folded(value: str | None) -> tuple[str, ...]:
    return () if value is None else (fold_value(value),)

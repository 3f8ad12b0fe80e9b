"""An article as queries read it: tokens by field with their positions, and values. Built once for all watches."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.entities.mentions import Mentions
from firstwire.core.text.folding import fold_value
from firstwire.core.watches.forms import exact_forms, folded_forms
from firstwire.core.watches.query import TEXT_FIELDS, ValueField
from firstwire.core.watches.tokens import QueryToken, tokens_of
from firstwire.core.watches.wildcards import compiled, has_wildcard, plain_prefix
from schemas.article import ArticleText
from schemas.record import Field, Span

Occurrence = tuple[int, int]
"""The first token, and the one after the last."""
Place = tuple[int, int]
"""A range of a field's text in code points."""
Names = Mapping[str, Sequence[Place]]
"""By entity: where the entity finder found it in a field, in order."""


class FieldText:
    """One field: its tokens, and the positions of each word. Each part is computed on first use."""

    __slots__ = (
        "_exact",
        "_exact_words",
        "_fitting",
        "_folded",
        "_named",
        "_sorted",
        "_tokens",
        "_words",
        "name",
        "names",
        "phrases",
        "text",
    )

    def __init__(self, name: Field, text: str, names: Names) -> None:
        self.name = name
        self.text = text
        self.names = names
        self._tokens: list[QueryToken] | None = None
        self._folded: list[str] | None = None
        self._exact: list[str] | None = None
        self._words: dict[str, list[int]] | None = None
        self._exact_words: dict[str, list[int]] | None = None
        self._fitting: dict[str, dict[str, list[int]]] = {}
        self._named: dict[str, list[tuple[Occurrence, Place]]] = {}
        self._sorted: dict[str, list[int]] = {}
        self.phrases: dict[tuple[bool, tuple[str, ...]], list[int]] = {}
        """By phrase, and whether it is exact: its positions, cached by `occurrences.starts`."""

    @property
    def tokens(self) -> list[QueryToken]:
        """The tokens with their offsets; needed only for evidence."""
        if self._tokens is None:
            self._tokens = tokens_of(self.text)
        return self._tokens

    @property
    def folded(self) -> list[str]:
        """The folded tokens, in order."""
        if self._folded is None:
            self._folded = folded_forms(self.text)
        return self._folded

    @property
    def exact(self) -> list[str]:
        """The tokens as written, in order."""
        if self._exact is None:
            self._exact = exact_forms(self.text)
        return self._exact

    def has_exact(self, word: str) -> bool:
        """Whether a word occurs as written; without making all tokens, if the text is ASCII."""
        if self._exact is None and self.text.isascii():
            return word in self.text and _ascii_word(word).search(self.text) is not None
        return word in self.exact

    @property
    def words(self) -> dict[str, list[int]]:
        """By folded token: its positions, counted in tokens, ascending."""
        if self._words is None:
            self._words = _positions(self.folded)
        return self._words

    @property
    def exact_words(self) -> dict[str, list[int]]:
        """By token as written: its positions."""
        if self._exact_words is None:
            self._exact_words = _positions(self.exact)
        return self._exact_words

    def fitting(self, pattern: str) -> dict[str, list[int]]:
        """By folded token that matches a word with wildcards: its positions."""
        found = self._fitting.get(pattern)
        if found is None:
            prefix, fits = plain_prefix(pattern), compiled(pattern).fullmatch
            found = {form: at for form, at in self.words.items() if form.startswith(prefix) and fits(form)}
            self._fitting[pattern] = found
        return found

    def positions(self, word: str, *, exact: bool = False) -> list[int]:
        """The positions of a word, counted in tokens, ascending. Unless exact it may have wildcards."""
        if exact:
            return self.exact_words.get(word, [])
        if not has_wildcard(word):
            return self.words.get(word, [])
        found = self._sorted.get(word)
        if found is None:
            found = self._sorted[word] = sorted(chain.from_iterable(self.fitting(word).values()))
        return found

    def named(self, entity_id: str) -> list[tuple[Occurrence, Place]]:
        """The tokens of each mention of an entity, whole even if letters are written onto the name, and its place."""
        found = self._named.get(entity_id)
        if found is None:
            places = [(self._tokens_at(*place), place) for place in self.names.get(entity_id, ())]
            found = self._named[entity_id] = [(tokens, place) for tokens, place in places if tokens[0] < tokens[1]]
        return found

    def span(self, first: int, stop: int) -> Span:
        """The original text of tokens `first` to before `stop`."""
        return self.cut(self.tokens[first].start, self.tokens[stop - 1].end)

    def _tokens_at(self, start: int, end: int) -> Occurrence:
        """The tokens that overlap a range of the text."""
        first = bisect_right(self.tokens, start, key=lambda token: token.end)
        return first, bisect_left(self.tokens, end, key=lambda token: token.start)

    def cut(self, start: int, end: int) -> Span:
        """A range of the original text."""
        return Span(field=self.name, start=start, end=end, text=self.text[start:end])


class Document:
    """The three text fields, and folded values. `tags` holds the publisher's tags and those found in the text.

    `names` holds the entities found in each field.
    """

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
        names: Mapping[Field, Names] | None = None,
    ) -> None:
        texts = {"title": title, "summary": summary, "body": body}
        found: Mapping[Field, Names] = {} if names is None else names
        self.fields = tuple(FieldText(name, texts[name], found.get(name, {})) for name in TEXT_FIELDS)
        self.filled = tuple(field for field in self.fields if field.text)
        """The fields that have any text."""
        self.first_spans: dict[str | tuple[bool, tuple[str, ...]], Span | None] = {}
        """By entity id, or by whether it is exact and its words: a term's first occurrence, cached by `evaluate`."""
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


def document_of(article: ArticleText, tags: Iterable[str], mentions: Mentions) -> Document:
    """The document of an article or story; `tags` and `mentions` are those found in its text."""
    return Document(
        title=article.title,
        summary=article.summary,
        body=article.body,
        source=article.source,
        language=article.language,
        author=article.author,
        url=article.url,
        tags=(*article.publisher_tags, *tags),
        names={field: _names(found) for field, found in mentions.items() if found},
    )


def _names(mentions: Sequence[Mention]) -> Names:
    """The places of each entity. A name of role `within` is a tag of its nation, and no name for it."""
    places: dict[str, list[Place]] = {}
    for mention in mentions:
        if mention.role != "within":
            places.setdefault(mention.entity.id, []).append((mention.start, mention.end))
    return places


@lru_cache(maxsize=256)
def _ascii_word(word: str) -> re.Pattern[str]:
    """A token of ASCII text."""
    return re.compile(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])")


def _positions(forms: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for position, form in enumerate(forms):
        if form in found:
            found[form].append(position)
        else:
            found[form] = [position]
    return found


def _folded(value: str | None) -> tuple[str, ...]:
    return () if value is None else (fold_value(value),)

"""Queries that only common words hold together: they find a large part of all that is written in a language."""

from __future__ import annotations

from firstwire.core.text.rarities import rarity_of, stem_of
from firstwire.core.watches.query import And, InField, Near, Node, Not, Or, Phrase, Value
from firstwire.core.watches.wildcards import has_wildcard

COMMON = 20
"""Steps of rarity: `first` and `people` are among the words up to here, `government` is not. About one article in four
has such a word."""
ASSUMED_LANGUAGE = "en"


def too_broad(root: Node) -> list[Node] | None:
    """The common words that alone hold a query together; None where every alternative asks for something rarer."""
    words = _common(root, _languages(root) or [ASSUMED_LANGUAGE])
    return words or None


def _common(node: Node, languages: list[str]) -> list[Node] | None:
    """The common words that suffice for a node; none if it narrows nothing by itself, None if it asks for more."""
    match node:
        case Phrase(words=(word,)) if not has_wildcard(word) and any(_is_common(word, each) for each in languages):
            return [node]
        case InField():
            return _common(node.part, languages)
        case Not() | Value(field="lang"):
            return []
        case Near():
            return _all_common((node.left, node.right), languages)
        case And():
            return _all_common(node.parts, languages)
        case Or():
            found = [_common(part, languages) for part in node.parts]
            return next((words for words in found if words), [] if all(words == [] for words in found) else None)
        case _:
            return None


def _all_common(parts: tuple[Node, ...], languages: list[str]) -> list[Node] | None:
    words: list[Node] = []
    for part in parts:
        common = _common(part, languages)
        if common is None:
            return None
        words += common
    return words


def _is_common(word: str, language: str) -> bool:
    return rarity_of(stem_of(word, language), language) <= COMMON


def _languages(node: Node) -> list[str]:
    """The languages that a query is about, by their first subtags."""
    match node:
        case Value(field="lang"):
            return [] if has_wildcard(node.pattern) else [node.pattern.partition("-")[0]]
        case And() | Or():
            return [language for part in node.parts for language in _languages(part)]
        case _:
            return []

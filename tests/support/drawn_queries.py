"""Queries drawn from the words of articles, as often as these have them: what many watches at once look like."""

from __future__ import annotations

import numpy as np

from firstwire.core.watches.forms import folded_forms
from schemas.article import Article

SEED = 7
FREQUENT, RARE = 0.06, 0.0005
"""Words that stand in more articles than this are in nobody's watch, nor those that stand in fewer."""


def random_queries(articles: list[Article], count: int, frequent: float = FREQUENT) -> list[str]:
    """Queries of words, neighbors and near words as the articles have them; the same for the same articles.

    `frequent` is the share of articles above which a word is in no query.
    """
    chance = np.random.default_rng(SEED)
    texts = [folded_forms(f"{article.title} {article.body}") for article in articles]
    texts = [text for text in texts if len(text) > 12]
    names, holders = np.unique([word for text in texts for word in set(text)], return_counts=True)
    usable = {
        str(word)
        for word, share in zip(names, holders / len(texts), strict=True)
        if RARE <= share <= frequent and len(word) > 1
    }

    def place() -> tuple[list[str], int]:
        while True:
            text = texts[int(chance.integers(len(texts)))]
            at = int(chance.integers(len(text) - 12))
            if text[at] in usable:
                return text, at

    def word() -> str:
        text, at = place()
        return text[at]

    def phrase() -> str:
        text, at = place()
        return f'"{" ".join(text[at : at + int(chance.integers(2, 4))])}"'

    def near() -> str:
        text, at = place()
        return f"{text[at]} NEAR/10 {text[at + int(chance.integers(1, 11))]}"

    def query() -> str:
        groups = [[word() for _ in range(chance.integers(1, 5))] for _ in range(chance.integers(1, 4))]
        if chance.random() < 0.3:
            group = groups[int(chance.integers(len(groups)))]
            group[int(chance.integers(len(group)))] = phrase()
        if chance.random() < 0.2:
            group = groups[int(chance.integers(len(groups)))]
            group[int(chance.integers(len(group)))] = near()
        written = " AND ".join(f"({' OR '.join(group)})" if len(group) > 1 else group[0] for group in groups)
        return f"{written} AND NOT {word()}" if chance.random() < 0.4 else written

    return [query() for _ in range(count)]

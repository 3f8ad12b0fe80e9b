"""Labeled batches of articles, written for the purpose by annotators who had never seen the product.

The first line of a file lists pairs of articles that must not be joined, each with the reason; every other line is an
article with its `label`: happening, the happening it follows, the watch under which `news` was judged, `copy_of`.
"""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from pathlib import Path

from firstwire.files.articles import article_from
from schemas.article import Article

FOLDER = Path(__file__).parent
BATCHES = (
    *(f"confusable-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 10, 11, 13, 14)),
    *("mixed-1", "mixed-2", "newsroom-1", "newsroom-2", "newsroom-3"),
    *(f"typical-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 18)),
    *("short-1", "short-2", "short-3", "short-4", "short-5"),
    *(f"places-{number}" for number in range(1, 18)),
    *(f"retold-{number}" for number in range(1, 7)),
    *("tails-1", "tails-2", "tails-3"),
)
"""The models are fitted on all of them. What was scored before is in docs/stories.md."""
LATER = (
    *("confusable-8", "confusable-9", "confusable-12", "typical-10", "typical-11", "typical-12"),
    "short-6",
)
"""Unseen by trees and transformer: what both answer is weighed on these."""
NEXT = (*(f"typical-{number}" for number in range(19, 23)), "places-18", "tails-4", "tails-5")
"""Scored once, and read by no model yet: the next fitting takes them in."""


@dataclass(frozen=True)
class Labeled:
    article: Article
    happening: str
    follows: str | None
    watch: str
    is_news: bool
    copy_of: str | None
    news_sentence: str | None = None
    """Of news that a text tells in passing: the sentence."""


@dataclass(frozen=True)
class Batch:
    name: str
    articles: tuple[Labeled, ...]
    """In the order of publication."""
    apart: tuple[tuple[str, str], ...]
    lines: tuple[bytes, ...]
    """The articles as `firstwire replay` reads them."""


def load_batch(name: str) -> Batch:
    with lzma.open(FOLDER / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        head, *rows = map(json.loads, lines)
    labeled, plain = [], []
    for row in rows:
        label = row.pop("label")
        line = json.dumps(row, ensure_ascii=False).encode()
        plain.append(line)
        labeled.append(
            Labeled(
                article=article_from(row),
                happening=label["happening"],
                follows=label["follows"],
                watch=label["watch"],
                is_news=label["news"],
                copy_of=label["copy_of"],
                news_sentence=label.get("news_sentence"),
            )
        )
    return Batch(name, tuple(labeled), tuple((one, other) for one, other, _ in head["apart"]), tuple(plain))

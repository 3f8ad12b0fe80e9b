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
    *("confusable-1", "confusable-2", "confusable-3", "confusable-4"),
    *("mixed-1", "mixed-2", "newsroom-1", "newsroom-2"),
    *("typical-1", "typical-2", "typical-3", "typical-4", "typical-5", "typical-6"),
)
"""The models are fitted on all of them. Those that were scored before are named in docs/stories.md."""
READ = (
    *("confusable-5", "confusable-6", "confusable-7", "confusable-10", "confusable-11"),
    *("newsroom-3", "typical-7", "typical-8", "typical-9"),
    *("short-1", "short-2", "short-3", "short-4", "short-5"),
)
"""The transformer of second looks is fitted on these, too."""
LATER = (
    *("confusable-8", "confusable-9", "confusable-12", "typical-10", "typical-11", "typical-12"),
    "short-6",
)
"""Unseen by trees and transformer: what both answer is weighed on these."""
NEXT = ("confusable-13", "typical-13")
"""Scored once, and read by no model yet: the next fitting takes them in."""


@dataclass(frozen=True)
class Labeled:
    article: Article
    happening: str
    follows: str | None
    watch: str
    is_news: bool
    copy_of: str | None


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
            )
        )
    return Batch(name, tuple(labeled), tuple((one, other) for one, other, _ in head["apart"]), tuple(plain))

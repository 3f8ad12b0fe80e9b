"""Labeled news items in other languages, written for the purpose by annotators who had never seen the product.

The lines are those of `reading_sets`, with the language of the item.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.quality.reading_sets import Item, item_of

FOLDER = Path(__file__).parent


def every_batch(without: Sequence[str] = ()) -> list[str]:
    """All batches but those without which something is fitted."""
    names = (path.name.removesuffix(".jsonl.xz") for path in FOLDER.glob("*.jsonl.xz"))
    return sorted(name for name in names if name not in without)


def load_items(batch: str) -> list[Item]:
    with lzma.open(FOLDER / f"{batch}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [item_in(json.loads(line)) for line in lines]


def item_in(row: dict[str, object]) -> Item:
    """An item, read in its own language."""
    item = item_of(row)
    article = msgspec.structs.replace(item.article, language=str(row["language"]))
    return Item(article, item.acts, item.background, item.alerts, item.is_debatable)

"""Labeled news items in other languages, written for the purpose by annotators who had never seen the product.

The lines are those of `reading_sets`, with the language of the item.
"""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import msgspec

from tests.quality.reading_sets import Item, item_of

FOLDER = Path(__file__).parent
NOT_FITTED_ON = ("8", "9", "10")
"""Batches of each language that were written since the models were fitted, and did not make them better. The last of
them gave the newest first score."""
BATCHES = tuple(
    sorted(
        name
        for name in (path.name.removesuffix(".jsonl.xz") for path in FOLDER.glob("*.jsonl.xz"))
        if name.partition("-")[2] not in NOT_FITTED_ON
    )
)
"""The models are fitted on all of them."""


def load_items(batch: str) -> list[Item]:
    with lzma.open(FOLDER / f"{batch}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [_item(json.loads(line)) for line in lines]


def _item(row: dict[str, object]) -> Item:
    item = item_of(row)
    article = msgspec.structs.replace(item.article, language=str(row["language"]))
    return Item(article, item.acts, item.background, item.alerts, item.is_debatable)

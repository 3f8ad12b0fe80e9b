"""`python -m tests.quality.train_story_encoder BASE`: fits the transformer of second looks, into seeds/encoder-stories.

BASE is the ONNX file that the encoder of English begins with. Takes a quarter of an hour of one core, and needs torch,
onnx and onnxruntime. Learned from pairs of articles of the labeled batches of stories: whether both are on one
happening, and, if so, whether the later one adds anything.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from firstwire.files.encoder import BEGIN, END, english_vocabulary
from firstwire.files.story_encoder import MODEL, StoryEncoder
from tests.quality.encoder_network import BaseModel, Graph, hidden_of, mapped, whole_of
from tests.quality.fitting import BATCH, batches_of, fit, seeded
from tests.quality.story_sets import BATCHES, SPENT
from tests.quality.train_stories import Read, read_english

SEED = 3
ROUNDS = 2
RATE = 1e-4
LENGTHS = (24, 32, 48, 64, 80, 99)
"""Pieces of a batch: pairs of similar length are read together."""
OTHERS_READ = 0.45
"""Part of the pairs on two happenings that is read: there are five times as many as on one."""


class PairExample(NamedTuple):
    article: list[int]
    earlier: list[int]
    is_same: bool
    repeats: bool | None
    """Whether the later one adds nothing; None where they are on two happenings."""


def examples_of(one: Read, chosen: random.Random) -> Iterator[PairExample]:
    by_id = {item.sketch.article_id: item for item in one.items}
    for (article_id, earlier_id), row in one.pairs.items():
        label = one.labels[row]
        if label < 0 or (label == 0 and chosen.random() > OTHERS_READ):
            continue
        article, earlier = by_id[article_id], by_id[earlier_id]
        one_pieces, other_pieces = (np.frombuffer(each.sketch.beginning, "<u2").tolist() for each in (article, earlier))
        yield PairExample(one_pieces, other_pieces, bool(label), not article.labeled.is_news if label else None)


def arrays_of(examples: Sequence[PairExample], length: int, begin: int, end: int) -> dict[str, Any]:
    shape = (len(examples), length)
    found: dict[str, Any] = {name: np.zeros(shape, np.int64) for name in ("pieces", "segments")}
    found |= {"mask": np.zeros(shape, np.float32)}
    found |= {name: np.zeros((len(examples), 2), np.float32) for name in ("labels", "known")}
    for row, each in enumerate(examples):
        pieces = [begin, *each.article, end, *each.earlier, end]
        found["pieces"][row, : len(pieces)] = pieces
        found["segments"][row, len(each.article) + 2 : len(pieces)] = 1
        found["mask"][row, : len(pieces)] = 1
        found["labels"][row] = each.is_same, bool(each.repeats)
        found["known"][row] = True, each.repeats is not None
    return found


def fitted(base: BaseModel, examples: Sequence[PairExample]) -> Any:
    """Weights and heads."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    shuffled = seeded(SEED)
    weights = mapped(base.weights(), torch.tensor)
    width = weights["embeddings"]["word"].shape[1]
    small = np.random.default_rng(SEED).normal(size=(2 * width, 2)) * 0.02
    heads = {"matrix": torch.tensor(small.astype(np.float32)), "bias": torch.zeros(2)}
    numbers, _ = english_vocabulary()
    begin, end = numbers[BEGIN], numbers[END]

    def lost_by(batch: tuple[int, list[PairExample]]) -> Any:
        length, alike = batch
        given = mapped(arrays_of(alike, length, begin, end), torch.tensor)
        whole = whole_of(hidden_of(weights, given), given["mask"])
        scores = (whole @ heads["matrix"] + heads["bias"]).float()
        lost = binary_cross_entropy_with_logits(scores, given["labels"], reduction="none")
        return (lost * given["known"]).sum() / BATCH

    rounds = []
    for _ in range(ROUNDS):
        rounds += batches_of(examples, lambda one: len(one.article) + len(one.earlier) + 3, LENGTHS, shuffled)
    fit(weights, heads, rounds, lost_by, highest=RATE)
    return tuple(mapped(each, lambda one: one.detach().numpy()) for each in (weights, heads))


def export_pairs(base: BaseModel, parameters: Any, out: Path) -> None:
    weights, heads = parameters
    graph = Graph(base, weights)
    whole = graph.whole(graph.number("attention_mask"))
    graph.node("Sigmoid", [graph.dense(whole, "look", heads["matrix"], heads["bias"])], "looks")
    out.parent.mkdir(exist_ok=True)
    graph.write({"looks": [1, 2]}, out, {})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("base", type=Path)
    parser.add_argument("--out", type=Path, default=MODEL)
    given = parser.parse_args()
    reader, chosen = StoryEncoder(), random.Random(SEED)
    examples = [
        example
        for batch in (*BATCHES, *SPENT)
        for titles in (False, True)
        for example in examples_of(read_english(batch, titles, reader), chosen)
    ]
    base = BaseModel(given.base)
    export_pairs(base, fitted(base, examples), given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1000:.0f} kB, from {len(examples)} pairs")


if __name__ == "__main__":
    main()

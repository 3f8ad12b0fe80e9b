"""`python -m tests.quality.train_unparsed ENCODER BATCH …`: fits what stands beside the encoder of other languages.

The gate, which knows by words and classes alone where the encoder would find nothing; and what decides which of the
acts that it reads in an article are told as having happened; both into seeds/unparsed-models.json. ENCODER was fitted
without the batches (`train_others --held-out`): this is learned from what it reads in them. Needs scikit-learn.
`--folds N` fits on N - 1 parts of these batches in turn instead, and prints what is told of the others.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import seeds
from firstwire.core.entities.mentions import find_mentions
from firstwire.core.events.encoded_acts import EncodedSentence, Encoder
from firstwire.core.events.learned_acts import likeliest_status
from firstwire.core.events.told_features import KINDS, ReadAct, told_features
from firstwire.core.events.unparsed_input import unparsed_input
from firstwire.core.events.unparsed_reading import read_sentence_acts, sentences_of, year_of
from firstwire.core.events.unparsed_sentence import UnparsedSentence
from firstwire.core.language.linear_models import LinearModel
from firstwire.files.encoder import OthersEncoder
from firstwire.files.word_classes import load_word_classes
from tests.quality.alert_scores import RELATIONS
from tests.quality.language_sets import every_batch, load_items
from tests.quality.placing import AgainPlacing, Read, ReadItem
from tests.quality.reading_sets import Item, LabeledAct
from tests.quality.regressions import plain_model, regression

OUT = Path(seeds.__path__[0]) / "unparsed-models.json"
SEED = 5
LEVELS = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95)
TOLD_STRENGTH = 0.2
GATE_STRENGTH = 1.0
RECOGNIZING = frozenset({"recognize", "derecognize", "regard"})


class UnparsedPlacing(AgainPlacing):
    """`encoder` helps to find the sentence of each act; None before there is one."""

    def __init__(self, encoder: Encoder | None) -> None:
        if encoder is None:
            super().__init__()
        else:
            super().__init__(lambda read: EncodedSentence(unparsed_input(read.looked), encoder))

    def read(self, item: Item) -> ReadItem:
        classes = load_word_classes(item.article.language)
        mentions = find_mentions(item.article, self.gazetteer)
        year = year_of(item.article)
        reads = []
        for sentence, before in sentences_of(item.article, mentions):
            looked = UnparsedSentence(sentence, before, classes, year)
            reads.append(Read(sentence, looked.candidates, looked, looked.tells_rank()))
        return ReadItem(item, reads)

    def parts(self, read: Read, act: LabeledAct, actors: set[str], targets: set[str]) -> list[str]:
        """As the others; a recognized body that no list has is the unlisted name that is closest to the act."""
        every = super().parts(read, act, actors, targets)
        if "recogni" not in act.action or "target" in every or not targets:
            return every
        places = [each.first for each in read.looked.classed if each.name in RECOGNIZING]
        open_ones = [
            at
            for at, part in enumerate(every)
            if part == "none" and read.looked.candidates[at].origin in {"unlisted", "body"}
        ]
        chosen = min(
            open_ones,
            key=lambda at: min((abs(read.names[at].at - place) for place in places), default=0),
            default=None,
        )
        return ["target" if at == chosen else part for at, part in enumerate(every)]


@dataclass
class ReadActs:
    """The acts that the encoder reads in an item, of which some deserve an alert."""

    item: Item
    every: list[ReadAct]

    @property
    def wanted(self) -> dict[str, bool]:
        return dict(zip(KINDS, self.item.alerts, strict=True))

    def is_told(self, act: ReadAct) -> bool:
        """Whether the item tells an act as having happened. A signature deserves no alert, but is told."""
        if act.kind != "relations":
            return self.wanted[act.kind]
        is_labeled = any(one.action == act.action and one.status == "asserted" for one in self.item.acts)
        return is_labeled and (self.wanted[act.kind] or act.action not in RELATIONS)


def read_batches(batches: Sequence[str], encoder: Encoder) -> list[ReadActs]:
    placing = UnparsedPlacing(None)
    found = []
    for batch in batches:
        for item in load_items(batch):
            if not item.is_debatable:
                reads = placing.read(item).sentences
                found.append(
                    ReadActs(item, [act for each in reads for act in read_sentence_acts(each.looked, encoder)])
                )
    return found


def told(items: Sequence[ReadActs]) -> dict[str, LinearModel]:
    """By kind, what is told as having happened."""
    rows: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    labels: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for one in items:
        for act in one.every:
            rows[act.kind].append(told_features(act, one.every))
            labels[act.kind].append(act.kind if one.is_told(act) else "")
    return {kind: regression(rows[kind], labels[kind], strength=TOLD_STRENGTH, only=kind) for kind in KINDS}


def gate(encoder: Encoder) -> LinearModel:
    """Taught by where the encoder finds something."""
    rows, finds = [], []
    placing = UnparsedPlacing(None)
    for batch in every_batch():
        for item in load_items(batch):
            for each in placing.read(item).sentences:
                rows.append(each.looked.word_features)
                finds.append("gate" if any(read_sentence_acts(each.looked, encoder)) else "")
    return regression(rows, finds, strength=GATE_STRENGTH, only="gate")


def scored(items: Iterable[ReadActs], models: dict[str, LinearModel]) -> dict[float, Counter[tuple[str, str, str]]]:
    counts: dict[float, Counter[tuple[str, str, str]]] = {level: Counter() for level in LEVELS}
    for one in items:
        best = dict.fromkeys(KINDS, 0.0)
        for act in one.every:
            if likeliest_status(act.statuses) != "asserted":
                continue
            if act.is_of_bodies and (act.kind != "relations" or act.action in RELATIONS):
                (likely,) = models[act.kind].probabilities(told_features(act, one.every)).values()
                best[act.kind] = max(best[act.kind], likely)
        for level, each in counts.items():
            for kind, wanted in one.wanted.items():
                got = best[kind] >= level
                if got or wanted:
                    result = "hit" if got and wanted else "false" if got else "missed"
                    each[one.item.article.language, kind, result] += 1
    return counts


def table(counts: Counter[tuple[str, str, str]]) -> Iterator[str]:
    for language in (*sorted({each for each, _, _ in counts}), "all"):
        cells = []
        for kind in KINDS:
            hit, false, missed = (
                sum(n for (one, k, r), n in counts.items() if language in {one, "all"} and (k, r) == (kind, result))
                for result in ("hit", "false", "missed")
            )
            cells.append(f"{kind} P {hit / max(1, hit + false):.3f} R {hit / max(1, hit + missed):.3f}")
        yield f"{language:3}  " + " · ".join(cells)


def folded(items: Sequence[ReadActs], folds: int) -> None:
    shuffled = list(items)
    random.Random(SEED).shuffle(shuffled)
    counts = {level: Counter[tuple[str, str, str]]() for level in LEVELS}
    for part in range(folds):
        models = told([one for at, one in enumerate(shuffled) if at % folds != part])
        for level, each in scored(shuffled[part::folds], models).items():
            counts[level] += each
    for level in LEVELS:
        print(f"from {level}", *table(counts[level]), sep="\n", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("encoder", type=Path)
    parser.add_argument("batches", nargs="+")
    parser.add_argument("--folds", type=int, default=0)
    given = parser.parse_args()
    encoder = OthersEncoder(given.encoder)
    items = read_batches(given.batches, encoder)
    if given.folds:
        folded(items, given.folds)
        return
    models = {kind: plain_model(each) for kind, each in told(items).items()}
    written = {"gate": plain_model(gate(encoder)), "told": models}
    OUT.write_text(json.dumps(written, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

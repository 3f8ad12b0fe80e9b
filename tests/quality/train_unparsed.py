"""`python -m tests.quality.train_unparsed`: fits the reading of other languages, into seeds/unparsed-models.json.

Needs scikit-learn, as `train_readings` does. `--folds N` fits on N - 1 parts of the items in turn and prints how the
others are read; `--held-out BATCH …` fits without these and prints how they are read.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import seeds
from firstwire.core.entities.mentions import find_mentions
from firstwire.core.events.learned_acts import ACTIONS, FAMILIES, FIRST, group_of
from firstwire.core.events.regressed_acts import ActModels, RegressedSentence, status_features
from firstwire.core.events.told_features import KINDS, ReadAct, told_features
from firstwire.core.events.unparsed_features import UnparsedFeatures
from firstwire.core.events.unparsed_reading import UnparsedModels, read_sentence_acts, sentences_of, year_of
from firstwire.core.language.linear_models import crossed
from firstwire.files.word_classes import load_word_classes
from tests.quality.language_sets import BATCHES, load_items
from tests.quality.placing import LabeledSentence, Likely, Placing, Read, ReadItem
from tests.quality.reading_sets import Item, LabeledAct
from tests.quality.regressions import plain_model, regression

OUT = Path(seeds.__path__[0]) / "unparsed-models.json"
ROUNDS = 2
SEED = 5
FOLDS = 4
LEVELS = (0.4, 0.5, 0.6, 0.7, 0.8)
TOLD_STRENGTH = 0.05
RECOGNIZING = frozenset({"recognize", "derecognize", "regard"})
UNLISTED = frozenset({"t:#unlisted", "t:#body"})


class UnparsedPlacing(Placing):
    def read(self, item: Item) -> ReadItem:
        classes = load_word_classes(item.article.language)
        mentions = find_mentions(item.article, self.gazetteer)
        year = year_of(item.article)
        reads = []
        for sentence, before in sentences_of(item.article, mentions):
            looked = UnparsedFeatures(sentence, before, classes, year)
            tells_rank = any(name.startswith("R:") for name in looked.of_sentence)
            reads.append(Read(sentence, looked.candidates, looked, tells_rank))
        return ReadItem(item, reads)

    def parts(self, read: Read, act: LabeledAct, actors: set[str], targets: set[str]) -> list[str]:
        """As the others; a recognized body that no list has is the unlisted name that is closest to the act."""
        every = super().parts(read, act, actors, targets)
        if "recogni" not in act.action or "target" in every or not targets:
            return every
        places = [each.first for each in read.looked.classed if each.name in RECOGNIZING]
        open_ones = [
            at for at, part in enumerate(every) if part == "none" and read.looked.candidates[at].features[0] in UNLISTED
        ]
        chosen = min(
            open_ones,
            key=lambda at: min((abs(read.names[at].at - place) for place in places), default=0),
            default=None,
        )
        return ["target" if at == chosen else part for at, part in enumerate(every)]


def fitted(placing: UnparsedPlacing, items: Sequence[ReadItem]) -> ActModels:
    models: ActModels | None = None
    for _ in range(ROUNDS):
        placing.likely = None if models is None else _likely(models)
        models = _round([sentence for one in items for sentence in placing.labeled(one)])
    assert models is not None
    return models


def _likely(models: ActModels) -> Likely:
    return lambda read: RegressedSentence(read.looked, models)


def _round(labeled: Sequence[LabeledSentence]) -> ActModels:
    statuses: list[tuple[dict[str, float], str]] = []
    parties: list[tuple[dict[str, float], str]] = []
    for one in labeled:
        for act in one.acts:
            statuses.append((status_features(one.read.looked.of_sentence, act.action), str(act.status)))
            for name, part in zip(one.read.looked.candidates, act.parts, strict=True):
                parties.append((crossed(name.features, group_of(act.action)), part))
    sentences = [one.read.looked.of_sentence for one in labeled]
    families, acts_of = {}, {}
    for family, members in (("recognition", FAMILIES["recognition"]), ("relations", ACTIONS[2:])):
        told = [sorted(one.told() & set(members)) for one in labeled]
        families[family] = regression(sentences, [family if each else "" for each in told], strength=1.0, only=family)
        rows = [(row, action) for row, each in zip(sentences, told, strict=True) for action in each]
        acts_of[family] = regression([row for row, _ in rows], [action for _, action in rows], strength=2.0)
    is_first = [FIRST if FIRST in one.told() else "" for one in labeled]
    return ActModels(
        families=families,
        acts=acts_of,
        firsts=regression(sentences, is_first, strength=1.0, only=FIRST),
        status=regression([row for row, _ in statuses], [status for _, status in statuses], strength=1.0),
        parties=regression([row for row, _ in parties], [part for _, part in parties], strength=0.5),
    )


def with_told(placing: UnparsedPlacing, items: Sequence[ReadItem]) -> UnparsedModels:
    """The models of reading, and those that weigh what is read, taught by what is read in items of other folds."""
    shuffled = list(items)
    random.Random(SEED).shuffle(shuffled)
    rows: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    labels: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for part in range(FOLDS):
        models = fitted(placing, [one for at, one in enumerate(shuffled) if at % FOLDS != part])
        for one in shuffled[part::FOLDS]:
            if one.item.is_debatable:
                continue
            every = acts_of(one, models)
            for act in every:
                is_told = dict(zip(KINDS, one.item.alerts, strict=True))[act.kind]
                rows[act.kind].append(told_features(act, every))
                labels[act.kind].append(act.kind if is_told else "")
    told = {kind: regression(rows[kind], labels[kind], strength=TOLD_STRENGTH, only=kind) for kind in KINDS}
    return UnparsedModels(fitted(placing, items), told)


def acts_of(one: ReadItem, models: ActModels) -> list[ReadAct]:
    return [act for read in one.sentences for act in read_sentence_acts(read.looked, models)]


def told_in(one: ReadItem, models: UnparsedModels, at_least: float) -> tuple[bool, ...]:
    """Whether an item tells a recognition, another act, a nation's first."""
    every = acts_of(one, models.reading)
    told = {
        act.kind
        for act in every
        if act.is_of_bodies and max(models.told[act.kind].probabilities(told_features(act, every)).values()) >= at_least
    }
    return tuple(kind in told for kind in KINDS)


def scored(items: Iterable[ReadItem], models: UnparsedModels, at_least: float) -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in items:
        if one.item.is_debatable:
            continue
        language = one.item.article.language
        for kind, got, wanted in zip(KINDS, told_in(one, models, at_least), one.item.alerts, strict=True):
            if got or wanted:
                counts[language, kind, "hit" if got and wanted else "false" if got else "missed"] += 1
    return counts


def table_of(models: UnparsedModels) -> dict[str, object]:
    reading = models.reading
    return {
        "reading": {
            "families": {name: plain_model(each) for name, each in reading.families.items()},
            "acts": {name: plain_model(each) for name, each in reading.acts.items()},
            "firsts": plain_model(reading.firsts),
            "status": plain_model(reading.status),
            "parties": plain_model(reading.parties),
        },
        "told": {kind: plain_model(each) for kind, each in models.told.items()},
    }


def table(counts: Counter[tuple[str, str, str]]) -> Iterator[str]:
    for language in (*sorted({each for each, _, _ in counts}), "all"):
        cells = []
        for kind in KINDS:
            hit, false, missed = (
                sum(n for (one, k, r), n in counts.items() if language in {one, "all"} and (k, r) == (kind, result))
                for result in ("hit", "false", "missed")
            )
            cells.append(f"{kind} P {hit / max(1, hit + false):.2f} R {hit / max(1, hit + missed):.2f}")
        yield f"{language:3}  " + " · ".join(cells)


def folded(placing: UnparsedPlacing, items: Sequence[ReadItem], folds: int) -> None:
    shuffled = list(items)
    random.Random(SEED).shuffle(shuffled)
    counts = {level: Counter[tuple[str, str, str]]() for level in LEVELS}
    for part in range(folds):
        models = with_told(placing, [one for at, one in enumerate(shuffled) if at % folds != part])
        for level in LEVELS:
            counts[level] += scored(shuffled[part::folds], models, level)
    for level in LEVELS:
        print(f"from {level}")
        print("\n".join(table(counts[level])), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--held-out", nargs="*", default=[])
    given = parser.parse_args()
    placing = UnparsedPlacing()
    batches = {batch: [placing.read(item) for item in load_items(batch)] for batch in BATCHES}
    items = [one for batch, read in batches.items() if batch not in given.held_out for one in read]
    if given.folds:
        folded(placing, items, given.folds)
        return
    models = with_told(placing, items)
    if given.held_out:
        for level in LEVELS:
            counts = scored((one for batch in given.held_out for one in batches[batch]), models, level)
            print(f"from {level}", *table(counts), sep="\n")
        return
    OUT.write_text(json.dumps(table_of(models), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

"""`python -m tests.quality.train_stories`: fits the models of stories on labeled batches, into seeds/story-models.json.

Needs scikit-learn (`pip install scikit-learn`), which neither the product nor its tests do.

Three models, each for English and for other languages: whether two articles are on one happening, whether an article
belongs to a story, and whether it adds something to it. Those after the first are fitted on the answers that the first
gives on batches it was not fitted on. Every batch is read twice, once with titles alone, as many feeds have no more.

In English second looks (`train_story_encoder`) change the answers; how much is fitted on the batches of LATER, which
neither has seen. `--looks` fits this alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

import seeds
from firstwire.core.state import STORY_STATE, Change, apply_all
from firstwire.core.stories import additions, resemblance
from firstwire.core.stories.clusters import (
    LEAST_LIKELY,
    LOOKED_JOIN_AT,
    MEMBERS_KEPT,
    Arrival,
    Met,
    met_stories,
    rarities_of,
    story_features,
    with_article,
)
from firstwire.core.stories.deduplication import deduplicate
from firstwire.core.stories.memories import DeduplicationState
from firstwire.core.stories.resemblance import Compared, may_be_alike, paired, ruled_out, seem_apart
from firstwire.core.stories.second_look import SecondLook, StoryReader, add_features, join_features, regressed
from firstwire.core.stories.sketches import Sketch, Style, sketch_of, text_of
from firstwire.core.stories.story_counts import StoryCounts
from firstwire.core.stories.story_knowledge import StoryModel
from firstwire.core.stories.story_state import StoryState
from firstwire.core.stories.word_vectors import WordVectors
from firstwire.files.story_encoder import StoryEncoder
from firstwire.files.story_models import model_of
from firstwire.files.word_frequencies import RARITIES
from tests.quality.story_sets import BATCHES, LATER, Labeled, load_batch
from tests.support.knowledge import story_knowledge
from tests.support.records import WINDOW

OUT = Path(seeds.__path__[0]) / "story-models.json"
NO_LANGUAGE = "und"
"""A language without word list, vectors and classes."""
DIGITS = 5
PAIRS = {"max_iter": 200, "learning_rate": 0.06, "max_leaf_nodes": 8, "l2_regularization": 2.0, "min_samples_leaf": 15}
ADDITIONS = {**PAIRS, "max_iter": 120}


@dataclass
class Item:
    labeled: Labeled
    compared: Compared
    style: Style
    copy_of: str | None
    rest: tuple[bytes, ...]
    """The parts of its text that a look at its beginning does not read."""

    @property
    def sketch(self) -> Sketch:
        return self.compared.sketch


@dataclass
class Read:
    """A batch as the models see it."""

    items: list[Item]
    pairs: dict[tuple[str, str], int]
    """Row of each pair that may be alike."""
    rows: np.ndarray
    labels: np.ndarray
    """1: one happening, 0: two, -1: one carries on the other."""
    is_ruled_out: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--looks", action="store_true")
    given = parser.parse_args()
    vectors = story_knowledge().vectors
    models = json.loads(OUT.read_text(encoding="utf-8")) if given.looks else {}
    for name, language in () if given.looks else (("english", "en"), ("other", NO_LANGUAGE)):
        batches = [read(batch, language, vectors, titles) for batch in BATCHES for titles in (False, True)]
        models[name] = fitted(batches, vectors)
    reader = StoryEncoder()
    later = [read_english(batch, titles, reader) for batch in LATER for titles in (False, True)]
    models["english"]["looks"] = look_weights(later, model_of(models["english"]), vectors, reader)
    OUT.write_text(json.dumps(models, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")


def read_english(batch: str, titles_alone: bool, reader: StoryReader) -> Read:
    """A batch with what second looks take."""
    return read(batch, "en", story_knowledge().vectors, titles_alone, reader)


def read(
    batch: str, language: str, vectors: WordVectors, titles_alone: bool, reader: StoryReader | None = None
) -> Read:
    state, counts = DeduplicationState(WINDOW), StoryCounts()
    items: list[Item] = []
    pairs: dict[tuple[str, str], int] = {}
    rows: list[list[float]] = []
    labels, ruled = [], []
    labeled = load_batch(batch).articles
    follows = {one.happening: one.follows for one in labeled if one.follows}
    counted: set[str] = set()
    for one in labeled:
        article = msgspec.structs.replace(one.article, language=language)
        if titles_alone:
            article = msgspec.structs.replace(article, summary="", body="")
        found = deduplicate(state, article)
        apply_all(state, found.changes)
        sketch, style, _ = sketch_of(article, RARITIES, vectors, found.own_text, reader=reader)
        compared = Compared.of(sketch, vectors, rarities_of(sketch, counts))
        for other in items:
            pair = paired(compared, other.compared)
            if not may_be_alike(pair):
                continue
            pairs[sketch.article_id, other.sketch.article_id] = len(rows)
            rows += resemblance.features([pair])
            ruled.append((ruled_out(pair) or seem_apart(pair)) is not None)
            same = one.happening == other.labeled.happening
            labels.append(1 if same else -1 if _are_linked(one.happening, other.labeled.happening, follows) else 0)
        text = found.own_text if found.own_text is not None else text_of(article)
        rest = tuple(part.read for part in reader.rest(article.title, text)) if reader is not None else ()
        items.append(Item(one, compared, style, found.story.copy_of, rest))
        if one.happening not in counted:
            counted.add(one.happening)
            counts.count(np.array(sketch.lead, np.uint32), 1)
    return Read(items, pairs, np.array(rows, np.float32), np.array(labels), np.array(ruled))


def fitted(batches: Sequence[Read], vectors: WordVectors) -> dict[str, Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    def pair_model(chosen: Sequence[Read]) -> Any:
        rows = np.vstack([one.rows[one.labels >= 0] for one in chosen])
        labels = np.concatenate([one.labels[one.labels >= 0] for one in chosen])
        return HistGradientBoostingClassifier(random_state=0, early_stopping=False, **PAIRS).fit(rows, labels)

    story_rows: list[tuple[float, ...]] = []
    story_labels: list[int] = []
    addition_rows: list[list[float]] = []
    addition_labels: list[int] = []
    for at in range(0, len(batches), 2):  # a batch and its titles alone together
        apart = pair_model([one for other, one in enumerate(batches) if other // 2 != at // 2])
        for one in batches[at : at + 2]:
            likely = apart.predict_proba(one.rows)[:, 1]
            for row, label in _story_examples(one, likely):
                story_rows.append(row)
                story_labels.append(label)
            for addition, label in _addition_examples(one, likely, vectors):
                addition_rows.append(addition)
                addition_labels.append(label)
    stories = LogisticRegression(C=1.0).fit(np.array(story_rows), np.array(story_labels))
    adding = HistGradientBoostingClassifier(random_state=0, early_stopping=False, **ADDITIONS).fit(
        np.array(addition_rows, np.float32), np.array(addition_labels)
    )
    return {
        "pairs": _plain(pair_model(batches), resemblance.FEATURES),
        "stories": {
            "base": round(float(stories.intercept_[0]), DIGITS),
            "weights": [round(float(weight), DIGITS) for weight in stories.coef_[0]],
        },
        "additions": _plain(adding, additions.FEATURES),
    }


def met_stories_of(one: Read, reader: StoryReader, model: StoryModel | None = None) -> Iterator[tuple[Item, list[Met]]]:
    """Each article that is no copy and the stories that it meets if all before are as they were labeled: its own and
    those that share words, without what is ruled out and those that carry its own on. `model`: instead of what is
    shipped."""
    state, knowledge = StoryState(WINDOW), story_knowledge()
    if model is not None:
        knowledge = replace(knowledge, english=replace(model, looks=knowledge.english.looks))
    follows = {item.labeled.happening: item.labeled.follows for item in one.items if item.labeled.follows}
    for item in one.items:
        mine, article = item.labeled.happening, item.labeled.article
        meaning = reader.meaning(item.sketch.beginning) if item.copy_of is None else b""
        arrival = Arrival(item.sketch, item.style, "en", article.fetched_at, meaning)
        own = state.story(mine)
        if item.copy_of is None:
            others = state.in_language("en").candidates(item.compared, article.fetched_at, meaning)
            apart = [other for other in others if not _are_linked(mine, other.story_id, follows)]
            mets = met_stories((own, *apart) if own is not None else apart, arrival, item.compared, knowledge)
            yield item, [met for met in mets if met.clash is None]
        apply_all(state, (Change(STORY_STATE, mine, with_article(own, arrival, mine)),))


@dataclass
class _Looked:
    """An article and a story before it, after a second look."""

    item: Item
    met: Met
    joins: tuple[float, ...]
    look: SecondLook

    @property
    def is_mine(self) -> bool:
        return self.met.story.story_id == self.item.labeled.happening


def look_weights(
    batches: Sequence[Read], model: StoryModel, vectors: WordVectors, reader: StoryReader
) -> dict[str, list[float]]:
    """What second looks weigh beside the other models, by their answers on happenings as they were labeled."""
    every = [looked for one in batches for looked in _looks(one, model, reader)]
    mine = [one.is_mine for one in every]
    joins = _regression([one.joins for one in every], mine)
    seeks = _regression([one.joins[:-1] for one in every], mine)
    rows, labels = [], []
    for one in every:
        joined = regressed(joins, one.joins)
        if one.is_mine or joined >= LOOKED_JOIN_AT:
            sketches = [member.sketch for member in one.met.members]
            features = additions.features(one.item.compared, one.item.style, sketches, joined, vectors)
            (adds,) = model.additions.probabilities([features])
            rows.append(add_features(adds, one.look))
            labels.append(one.item.labeled.is_news or not one.is_mine)
    return {"seeks": seeks, "joins": joins, "adds": _regression(rows, labels)}


def _regression(rows: Sequence[Sequence[float]], labels: Sequence[bool]) -> list[float]:
    from sklearn.linear_model import LogisticRegression

    fit = LogisticRegression(C=1.0).fit(np.array(rows), np.array(labels))
    return [round(float(each), DIGITS) for each in (*fit.intercept_, *fit.coef_[0])]


def _looks(one: Read, model: StoryModel, reader: StoryReader) -> Iterator[_Looked]:
    for item, mets in met_stories_of(one, reader, model):
        for met in mets:
            look = reader(item.sketch.beginning, met.read)
            joins = join_features(model.joining(story_features(met.likely, met.story.articles)), look, met.nearness)
            yield _Looked(item, met, joins, look)


def _kept(members: list[Item]) -> list[Item]:
    return members if len(members) <= MEMBERS_KEPT else [members[0], *members[1 - MEMBERS_KEPT :]]


def _likely(one: Read, item: Item, members: list[Item], likely: np.ndarray) -> list[float] | None:
    """For each member of a story; None if one of them rules the article out."""
    found = []
    for member in members:
        at = one.pairs.get((item.sketch.article_id, member.sketch.article_id))
        if at is not None and one.is_ruled_out[at]:
            return None
        found.append(float(likely[at]) if at is not None else 0.0)
    return found


def _story_examples(one: Read, likely: np.ndarray) -> Iterator[tuple[tuple[float, ...], int]]:
    """Of each article and each happening before it."""
    stories: dict[str, list[Item]] = {}
    follows = {item.labeled.happening: item.labeled.follows for item in one.items if item.labeled.follows}
    for item in one.items:
        mine = item.labeled.happening
        for happening, members in stories.items():
            if item.copy_of is None and (happening == mine or not _are_linked(mine, happening, follows)):
                each = _likely(one, item, _kept(members), likely)
                if each is not None and max(each) >= LEAST_LIKELY:
                    yield story_features(each, len(members)), int(happening == mine)
        stories.setdefault(mine, []).append(item)


def _addition_examples(one: Read, likely: np.ndarray, vectors: WordVectors) -> Iterator[tuple[list[float], int]]:
    """Of each article and its happening; and the likest other happening, to which it would add all that it says."""
    stories: dict[str, list[Item]] = {}
    for item in one.items:
        mine = item.labeled.happening
        others: list[tuple[float, str]] = []
        for happening, members in stories.items():
            each = _likely(one, item, _kept(members), likely)
            if happening != mine and each is not None and max(each) > 0.5:
                others.append((max(each), happening))
        for happening in [mine, *(name for _, name in sorted(others)[-1:])]:
            members = _kept(stories.get(happening, []))
            if members and item.copy_of is None:
                each = _likely(one, item, members, likely) or [0.0]
                sketches = [member.sketch for member in members]
                row = additions.features(item.compared, item.style, sketches, max(each), vectors)
                yield row, int(item.labeled.is_news)
        stories.setdefault(mine, []).append(item)


def _are_linked(one: str, other: str, follows: Mapping[str, str | None]) -> bool:
    """Whether both carry on one happening, or one the other."""
    return not chain_of(one, follows).isdisjoint(chain_of(other, follows))


def chain_of(happening: str, follows: Mapping[str, str | None]) -> set[str]:
    found = {happening}
    while (before := follows.get(happening)) is not None and before not in found:
        found.add(before)
        happening = before
    return found


def _plain(model: Any, names: Sequence[str]) -> dict[str, Any]:
    """The trees of a model of scikit-learn as lists of numbers."""
    table: dict[str, list[Any]] = {name: [] for name in ("roots", "feature", "threshold", "left", "right", "value")}
    for (tree,) in model._predictors:
        start = len(table["feature"])
        table["roots"].append(start)
        for at, node in enumerate(tree.nodes):
            is_leaf = bool(node["is_leaf"])
            table["feature"].append(0 if is_leaf else int(node["feature_idx"]))
            table["threshold"].append(0.0 if is_leaf else _rounded(node["num_threshold"]))
            table["left"].append(start + (at if is_leaf else int(node["left"])))
            table["right"].append(start + (at if is_leaf else int(node["right"])))
            table["value"].append(_rounded(node["value"]) if is_leaf else 0.0)
    base = round(float(np.ravel(model._baseline_prediction)[0]), DIGITS)
    return {"features": list(names), "base": base, **table}


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


if __name__ == "__main__":
    main()

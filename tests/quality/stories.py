"""Stories: batches labeled by annotators who had never seen the product, and BCubed figures on two public sets."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import combinations
from math import log, sqrt
from pathlib import Path
from statistics import fmean

from firstwire.core.state import apply_all
from firstwire.core.stories.assignment import place
from firstwire.core.stories.news_state import NewsState
from schemas.article import Article
from schemas.times import EPOCH
from tests.quality.story_sets import BATCHES, Batch, Labeled, load_batch
from tests.support.knowledge import story_knowledge
from tests.support.records import WINDOW

TITLE = "Stories"
TOLD = """Batches of articles, written and labeled by annotators who had never seen the product. Pairs: of articles in
one story, the share that is on one happening, and the reverse; where one happening follows the other, either is right.
News told: of the articles that are news to the reader of a watch. Rest silent: of all others. The models were fitted on
these batches, so this only shows that nothing broke: scores of batches not seen before are in [stories](stories.md).

BCubed precision, recall and F1 of clusters on two public sets, means over three orders of reading and six folds of
stories, beside a TF-IDF single pass that is given the whole set's word counts beforehand and, cross-validated, the
threshold that is best on the other folds."""

FOLDS = 6
ORDERS = 3
"""Neither set has times (the headlines' have lost theirs to rounding), so each is read in this many orders, by hash."""

THRESHOLDS = (0.02, 0.04, 0.06, 0.08, 0.10, 0.12, 0.14, 0.15, 0.16, 0.17, 0.18, 0.20)


def report(data: Path, errors: bool) -> Iterator[str]:
    """A row for each batch, then one for each method on each set; `errors` lists news that was not told."""
    yield "| batch | articles | pairs P | pairs R | news told | rest silent | copies silent | pairs apart joined |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in BATCHES:
        batch = load_batch(name)
        judged = judge(batch)
        yield judged.row()
        if errors:
            yield from (f"<!-- not told: {one.article.title} -->" for one in judged.swallowed)
    yield ""
    folder = data / "stories"
    yield "| set | method | precision | recall | F1 | F1 of each fold (threshold) |"
    yield "|---|---|---|---|---|---|"
    for name, told in (("headlines", _headlines(folder)), ("coreference", _coreference(folder))):
        if told is None:
            yield f"| {name}: data missing: {folder} |"
            continue
        shipped = [ours(told, order) for order in _orders(told)]
        each = [_figures(told, shipped, sorted(fold)) for fold in _folds(told)]
        yield f"| {name} | Firstwire as shipped | {_row(each)} | {' '.join(f'{figure.f1:.3f}' for figure in each)} |"
        yield validated(name, "TF-IDF", tfidf_single_pass, told)


@dataclass(frozen=True)
class Judged:
    """A batch with the story of each article and whether the reader of its watch was told."""

    batch: Batch
    story: dict[str, str]
    is_told: dict[str, bool]

    @property
    def swallowed(self) -> list[Labeled]:
        return [one for one in self.batch.articles if one.is_news and not self.is_told[one.article.article_id]]

    def row(self) -> str:
        articles = self.batch.articles
        follows = {one.happening: one.follows for one in articles if one.follows}
        same = joined = right = wrong = 0
        for one, other in combinations(articles, 2):
            is_joined = self.story[one.article.article_id] == self.story[other.article.article_id]
            if one.happening == other.happening:
                same, right = same + 1, right + is_joined
            elif is_joined and other.happening != follows.get(one.happening) != one.happening:
                wrong += one.happening != follows.get(other.happening)
        joined = right + wrong
        news = [one for one in articles if one.is_news]
        rest = [one for one in articles if not one.is_news]
        copies = [one for one in rest if one.copy_of is not None]
        apart = sum(self.story[one] == self.story[other] for one, other in self.batch.apart)
        columns = (
            self.batch.name,
            str(len(articles)),
            f"{right / joined:.3f}" if joined else "-",
            f"{right / same:.3f}" if same else "-",
            self._share(news, told=True),
            self._share(rest, told=False),
            self._share(copies, told=False),
            f"{apart} of {len(self.batch.apart)}",
        )
        return f"| {' | '.join(columns)} |"

    def _share(self, articles: Sequence[Labeled], *, told: bool) -> str:
        count = sum(self.is_told[one.article.article_id] == told for one in articles)
        return f"{count} of {len(articles)} = {count / len(articles):.3f}" if articles else "-"


def judge(batch: Batch) -> Judged:
    """Each article in its story; a reader is told what opens one, and what not all articles told or passed over say."""
    state = NewsState(WINDOW)
    story: dict[str, str] = {}
    is_told: dict[str, bool] = {}
    known: dict[str, set[str]] = {}
    for one in batch.articles:
        placed = place(state, one.article, story_knowledge())
        apply_all(state, placed.changes)
        seen = known.setdefault(placed.story.story_id, set())
        is_told[one.article.article_id] = not (placed.story.retells and seen.issuperset(placed.story.retells))
        seen.add(one.article.article_id)
        story[one.article.article_id] = placed.story.story_id
    return Judged(batch, story, is_told)


def validated(name: str, label: str, method: Method, told: Sequence[Told]) -> str:
    """Whole sets are clustered; a fold's articles are judged at the threshold that is best for those outside it."""
    runs = {threshold: [method(told, order, threshold) for order in _orders(told)] for threshold in THRESHOLDS}
    chosen, results = [], []
    for fold in _folds(told):
        outside = [at for at in range(len(told)) if at not in fold]
        best = max(runs, key=lambda threshold: (_figures(told, runs[threshold], outside).f1, -threshold))
        chosen.append(best)
        results.append(_figures(told, runs[best], sorted(fold)))
    each = " ".join(f"{result.f1:.3f} ({best})" for result, best in zip(results, chosen, strict=True))
    return f"| {name} | {label}, cross-validated | {_row(results)} | {each} |"


def _figures(told: Sequence[Told], runs: Sequence[Clustering], items: Iterable[int]) -> Figures:
    stories, items = [item.story for item in told], list(items)
    figures = [bcubed(stories, clusters, items) for clusters in runs]
    return Figures(fmean(each.precision for each in figures), fmean(each.recall for each in figures))


def _row(results: Sequence[Figures]) -> str:
    columns = (fmean(r.precision for r in results), fmean(r.recall for r in results), fmean(r.f1 for r in results))
    return " | ".join(f"{value:.3f}" for value in columns)


def _orders(told: Sequence[Told]) -> list[list[int]]:
    def key(number: int, at: int) -> bytes:
        return blake2b(f"{number} {told[at].article_id}".encode()).digest()

    return [sorted(range(len(told)), key=partial(key, number)) for number in range(ORDERS)]


def _folds(told: Sequence[Told]) -> list[set[int]]:
    """Groups dealt out by size, so that folds have about as many articles each."""
    sizes = Counter(item.group for item in told)
    folds: list[set[int]] = [set() for _ in range(FOLDS)]
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        smallest = min(folds, key=len)
        smallest.update(at for at, item in enumerate(told) if item.group == group)
    return folds


@dataclass(frozen=True)
class Told:
    """One labelled article. `group`: what may not be parted between folds."""

    article_id: str
    title: str
    lead: str
    story: str
    group: str


@dataclass(frozen=True)
class Figures:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


Clustering = list[str]
"""The cluster of each article, in the set's own order."""
Method = Callable[[Sequence[Told], Sequence[int], float], Clustering]
"""Articles, the order to read them in, the threshold."""


def bcubed(stories: Sequence[str], clusters: Sequence[str], items: Iterable[int]) -> Figures:
    """Mean over `items` of the share of an article's cluster that is of its story, and the reverse."""
    both = Counter(zip(stories, clusters, strict=True))
    of_story, of_cluster = Counter(stories), Counter(clusters)
    chosen = list(items)
    shared = [both[stories[at], clusters[at]] for at in chosen]
    precision = sum(n / of_cluster[clusters[at]] for n, at in zip(shared, chosen, strict=True)) / len(chosen)
    recall = sum(n / of_story[stories[at]] for n, at in zip(shared, chosen, strict=True)) / len(chosen)
    return Figures(precision, recall)


def ours(told: Sequence[Told], order: Sequence[int]) -> Clustering:
    state = NewsState(WINDOW)
    clusters = [""] * len(told)
    for at in order:
        item = told[at]
        article = Article(
            article_id=item.article_id,
            title=item.title,
            body=item.lead,
            language="en",
            published_at=EPOCH,
            fetched_at=EPOCH,
        )
        placed = place(state, article, story_knowledge())
        apply_all(state, placed.changes)
        clusters[at] = placed.story.story_id
    return clusters


def tfidf_single_pass(told: Sequence[Told], order: Sequence[int], threshold: float) -> Clustering:
    """Cosine to the centroid, idf from the whole set beforehand; the best cluster over the threshold, or a new one."""
    texts = [Counter(re.findall(r"\w+", f"{item.title} {item.lead}".casefold())) for item in told]
    held = Counter(word for text in texts for word in text)
    clusters = [""] * len(told)
    centroids: dict[str, dict[str, float]] = {}
    for at in order:
        vector = {word: count * log(len(told) / held[word]) for word, count in texts[at].items()}
        length = sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        vector = {word: weight / length for word, weight in vector.items()}
        best, score = "", -1.0
        for name, centroid in centroids.items():
            dot = sum(weight * centroid.get(word, 0.0) for word, weight in vector.items())
            norm = sqrt(centroid[_SQUARE])
            if dot / norm > score:
                best, score = name, dot / norm
        if score < threshold:
            best = told[at].article_id
            centroids[best] = {_SQUARE: 0.0}
        centroid = centroids[best]
        for word, weight in vector.items():
            old = centroid.get(word, 0.0)
            centroid[word] = old + weight
            centroid[_SQUARE] += (old + weight) ** 2 - old**2
        clusters[at] = best
    return clusters


_SQUARE = "the square of its length"
"""No word has a space in it."""


def _headlines(folder: Path) -> list[Told] | None:
    path = folder / "headlines_with_story_ids.csv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as rows:
        return [Told(row["ID"], row["TITLE"], "", row["STORY"], row["STORY"]) for row in csv.DictReader(rows)]


def _coreference(folder: Path) -> list[Told] | None:
    """The first sentence given is the title, the others are the lead. A topic's two stories stay in one fold."""
    path = folder / "event_coref_train.txt"
    if not path.exists():
        return None
    documents: dict[str, dict[str, list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) >= 4:
            documents.setdefault(fields[0], {}).setdefault(fields[1], []).append(fields[3])
    told = []
    for name, tokens in documents.items():
        title, *rest = (" ".join(words) for words in tokens.values())
        named = re.fullmatch(r"(\d+)_\d+(ecb|ecbplus)", name)
        assert named is not None, name
        told.append(Told(name, title, " ".join(rest), named[1] + named[2], named[1]))
    return told

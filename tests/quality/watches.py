"""The matcher against evaluating every watch, and against a naive reading of the language: pairs and differences.

Random watches and articles hold accents, case, Cyrillic, Arabic and Persian of several keyboards, Turkish, Uzbek,
Chinese, Japanese, Thai, entities with letters written onto them, emoji, marks and empty fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from firstwire.core.watches.document import document_of
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.watch import watch_of
from schemas.article import Article
from tests.support.drawn_queries import random_queries
from tests.support.shared_data import WIRE, wire_articles
from tests.support.watch_differences import compare

TITLE = "Watches"
TOLD = """All watches at once against each by itself, on random watches and articles with accents, case, Cyrillic,
Arabic and Persian of several keyboards, Turkish, Uzbek, Chinese, Japanese, Thai, entities with letters written onto
their names, emoji, combining marks and empty fields. Any difference fails the run."""

SEED = 1
PAIRS = 400_000
"""At least so many are tried with the matcher, and as many others naively too."""
WIRE_WATCHES = 2_000
WIRE_ARTICLES = 150


def report(data: Path, errors: bool) -> Iterator[str]:
    """A row for each comparison. AssertionError, with the first of them, if there is any difference."""
    yield "| compared | seed | pairs | matched | differences |"
    yield "|---|---|---|---|---|"
    found = compare(SEED, PAIRS, naively=False)
    yield _row("matcher and evaluating every watch", str(SEED), found.pairs, found.matched, len(found.differences))
    naive = compare(SEED + 1, PAIRS, naively=True)
    label = "matcher, evaluation and a naive reading"
    yield _row(label, str(SEED + 1), naive.naive_pairs, naive.matched, len(naive.differences))
    articles = wire_articles()
    if articles is None:
        yield f"| wire stories: data missing: {WIRE} |"
        wire: list[str] = []
    else:
        pairs, matched, wire = _wire(articles)
        yield _row("wire stories: matcher and evaluating every watch", "", pairs, matched, len(wire))
    differences = [*found.differences, *naive.differences, *wire]
    if errors:
        yield from differences[:20]
    assert not differences, differences[0]


def _row(name: str, seed: str, pairs: int, matched: int, differences: int) -> str:
    return f"| {name} | {seed} | {pairs:,} | {matched:,} | {differences} |"


def _wire(articles: list[Article]) -> tuple[int, int, list[str]]:
    """Real articles and watches of their words: pairs, matches, differences."""
    queries = random_queries(articles, WIRE_WATCHES)
    watches = [watch_of(f"w{number}", query, ()) for number, query in enumerate(queries)]
    matcher = Matcher(watches)
    differences, matched = [], 0
    asked = articles[:: len(articles) // WIRE_ARTICLES]
    for article in asked:
        document = document_of(article, (), {})
        found = [watch.id for watch in matcher.matching(document)]
        evaluated = [watch.id for watch in watches if evaluate(watch.query, document).matched]
        matched += len(found)
        if found != evaluated:
            differences.append(f"wire: {sorted({*found} ^ {*evaluated})} on {article.article_id}")
    return len(asked) * len(watches), matched, differences

"""The matcher against evaluating every watch, and against a naive reading of the language: pairs and differences.

Run from the repository root: `PYTHONPATH=. .venv/bin/python tests/quality/watches.py [--pairs 400000] [--seed 1]`.
Random watches and articles hold accents, case, Cyrillic, Arabic, Chinese, Japanese, Thai, emoji, marks, empty fields.
"""

from __future__ import annotations

import argparse
import sys

from firstwire.core.watches.document import document_of
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.watch import watch_of
from tests.bench.core import WIRE, wire_articles
from tests.bench.watches import random_queries
from tests.unit.watches.differences import compare

WIRE_WATCHES = 2_000
WIRE_ARTICLES = 150


def main() -> None:
    options = _options()
    found = compare(options.seed, options.pairs, naively=False)
    print(
        f"seed {options.seed}, matcher and evaluate: {found.pairs:,} pairs, {found.matched:,} matched, "
        f"{found.whole:,} watches judged whole, {len(found.differences)} differences"
    )
    naive = compare(options.seed + 1, options.pairs // 4, naively=True)
    print(
        f"seed {options.seed + 1}, matcher, evaluate and a naive reading: {naive.naive_pairs:,} pairs, "
        f"{naive.matched:,} matched, {len(naive.differences)} differences"
    )
    wire = _wire()
    differences = [*found.differences, *naive.differences, *wire]
    print("\n".join(differences[:20]))
    sys.exit(bool(differences))


def _wire() -> list[str]:
    """Real articles and watches of their words."""
    articles = wire_articles()
    if articles is None:
        print(f"data missing: {WIRE}")
        return []
    queries = random_queries(articles, WIRE_WATCHES)
    watches = [watch_of(f"w{number}", query, lambda _: None) for number, query in enumerate(queries)]
    matcher = Matcher(watches)
    differences, matched = [], 0
    asked = articles[:: len(articles) // WIRE_ARTICLES]
    for article in asked:
        document = document_of(article)
        found = [watch.id for watch in matcher.matching(document)]
        evaluated = [watch.id for watch in watches if evaluate(watch.query, document).matched]
        matched += len(found)
        if found != evaluated:
            differences.append(f"wire: {sorted({*found} ^ {*evaluated})} on {article.article_id}")
    print(
        f"wire stories, matcher and evaluate: {len(asked) * len(watches):,} pairs, {matched:,} matched, "
        f"{len(differences)} differences"
    )
    return differences


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=400_000, help="pairs of a watch and an article")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""All watches at once: articles a second, build time and memory, beside the loop over every watch.

`python -m tests.bench.watches [--watches 1000 10000 100000] [--articles 11000] [--page | --write FOLDER]`, from the
repository root. Watches are one to three AND-ed groups of one to four alternatives, of words drawn as often as the
articles have them; 30 % have a phrase, 20 % a NEAR/10, 40 % a NOT. Times are of this process on one core; articles are
decoded already, tokenizing is counted.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import orjson

from firstwire.core.watches.document import document_of
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.watch import Watch, watch_of
from schemas.article import Article
from tests.support.drawn_queries import random_queries
from tests.support.memory import resident_bytes
from tests.support.shared_data import WIRE, wire_articles

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEADING = "## Watches"
SIZES = (1_000, 10_000, 100_000)
PEER_SIZE = 1_000
PEER_ARTICLES = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watches", type=int, nargs="+", default=list(SIZES), help="how many watches, one run each")
    parser.add_argument("--articles", type=int, default=11_000, help="how many articles are asked")
    parser.add_argument("--write", type=Path, help="write articles.jsonl and watches-N.json here, for `bench watches`")
    parser.add_argument("--page", action="store_true", help="write them into docs/benchmarks.md")
    options = parser.parse_args()
    if options.write is not None:
        write(options.write, options.watches)
        return
    lines = []
    for line in watch_lines(options.watches, options.articles):
        print(line, flush=True)
        lines.append(line)
    if options.page:
        above = PAGE.read_text(encoding="utf-8").partition(f"\n{HEADING}\n")[0]
        PAGE.write_text(above + watch_section(lines), encoding="utf-8")


def watch_section(lines: Iterable[str]) -> str:
    """The figures as a section of docs/benchmarks.md."""
    return (
        f"\n{HEADING}\n\n"
        "Real wire stories of about 130 words, random watches of their words: one to three AND-ed groups of one to\n"
        "four alternatives, 40 % with a NOT, 30 % with a phrase, 20 % with a NEAR/10. One core; tokenizing counts,\n"
        "decoding JSON and detecting events are not. `firstwire bench watches` measures the same on your files.\n\n"
        + "".join(f"- {line}\n" for line in lines)
    )


def watch_lines(sizes: Sequence[int] = SIZES, count: int = 11_000) -> Iterator[str]:
    """The figures line by line, for the terminal and docs/benchmarks.md."""
    articles = wire_articles()
    if articles is None:
        yield f"data missing: {WIRE}"
        return
    articles = articles[:count]
    for size in sizes:
        queries = random_queries(articles, size)
        watches = [watch_of(f"w{number}", query, ()) for number, query in enumerate(queries)]
        rate, line = measured(watches, articles)
        yield line
        if size == PEER_SIZE:
            peer = naive_rate(watches, articles[:PEER_ARTICLES])
            yield f"the loop over all {size:,} watches: {peer:,.1f} articles/s; the matcher is {rate / peer:,.0f}×"


def measured(watches: list[Watch], articles: list[Article]) -> tuple[float, str]:
    """Articles a second through a matcher of these watches, and the line that tells of it."""
    gc.collect()
    before = resident_bytes()
    began = time.process_time()
    matcher = Matcher(watches)
    built = time.process_time() - began
    grown = resident_bytes() - before
    for article in articles[:100]:
        matcher.numbers(document_of(article, (), {}))
    began = time.process_time()
    matches = sum(len(matcher.numbers(document_of(article, (), {}))) for article in articles)
    rate = len(articles) / (time.process_time() - began)
    share = matches / len(articles) / len(watches)
    return rate, (
        f"{len(watches):,} watches, {len(articles):,} articles: {rate:,.0f} articles/s, "
        f"{matches / len(articles):,.1f} matches an article ({share:.2%} of pairs); built in {built:.2f} s, "
        f"{grown / 1e6:,.0f} MB beside the watches, {resident_bytes() / 1e6:,.0f} MB in all"
    )


def naive_rate(watches: list[Watch], articles: list[Article]) -> float:
    """Articles a second where every watch is evaluated on every article, as before there was a matcher."""
    began = time.process_time()
    for article in articles:
        document = document_of(article, (), {})
        for watch in watches:
            evaluate(watch.query, document)
    return len(articles) / (time.process_time() - began)


def write(folder: Path, sizes: Sequence[int]) -> None:
    """The same articles and watches as files."""
    articles = wire_articles()
    if articles is None:
        print(f"data missing: {WIRE}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    lines = [{"id": one.article_id, "title": one.title, "body": one.body, "language": "en"} for one in articles]
    (folder / "articles.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    for size in sizes:
        queries = random_queries(articles, size)
        watches = [{"id": f"w{number}", "query": query} for number, query in enumerate(queries)]
        (folder / f"watches-{size}.json").write_bytes(orjson.dumps({"watches": watches}, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()

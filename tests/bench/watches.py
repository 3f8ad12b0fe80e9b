"""All watches at once: articles a second, build time and memory, beside the loop over every watch.

`python -m tests.bench.watches [--watches 1000 10000 100000] [--articles 11000] [--page | --write FOLDER]`, from the
repository root. Watches are one to three AND-ed groups of one to four alternatives, of words drawn as often as the
articles have them; 30 % have a phrase, 20 % a NEAR/10, 40 % a NOT. Times are of this process on one core; articles are
decoded already, tokenizing is counted.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import orjson

from firstwire.core.watches.document import document_of
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.forms import folded_forms
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.watch import Watch, watch_of
from schemas.article import Article
from tests.bench.core import WIRE, wire_articles

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEADING = "## Watches"
SIZES = (1_000, 10_000, 100_000)
PEER_SIZE = 1_000
PEER_ARTICLES = 300
SEED = 7
FREQUENT, RARE = 0.06, 0.0005
"""Words that stand in more articles than this are in nobody's watch, nor those that stand in fewer."""


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
        watches = [watch_of(f"w{number}", query, lambda _: None) for number, query in enumerate(queries)]
        rate, line = measured(watches, articles)
        yield line
        if size == PEER_SIZE:
            peer = naive_rate(watches, articles[:PEER_ARTICLES])
            yield f"the loop over all {size:,} watches: {peer:,.1f} articles/s; the matcher is {rate / peer:,.0f}×"


def measured(watches: list[Watch], articles: list[Article]) -> tuple[float, str]:
    """Articles a second through a matcher of these watches, and the line that tells of it."""
    gc.collect()
    before = _resident_bytes()
    began = time.process_time()
    matcher = Matcher(watches)
    built = time.process_time() - began
    grown = _resident_bytes() - before
    for article in articles[:100]:
        matcher.numbers(document_of(article))
    began = time.process_time()
    matches = sum(len(matcher.numbers(document_of(article))) for article in articles)
    rate = len(articles) / (time.process_time() - began)
    share = matches / len(articles) / len(watches)
    return rate, (
        f"{len(watches):,} watches, {len(articles):,} articles: {rate:,.0f} articles/s, "
        f"{matches / len(articles):,.1f} matches an article ({share:.2%} of pairs); built in {built:.2f} s, "
        f"{grown / 1e6:,.0f} MB beside the watches, {_resident_bytes() / 1e6:,.0f} MB in all"
    )


def naive_rate(watches: list[Watch], articles: list[Article]) -> float:
    """Articles a second where every watch is evaluated on every article, as before there was a matcher."""
    began = time.process_time()
    for article in articles:
        document = document_of(article)
        for watch in watches:
            evaluate(watch.query, document)
    return len(articles) / (time.process_time() - began)


def random_queries(articles: list[Article], count: int) -> list[str]:
    """Queries of words, neighbors and near words as the articles have them; the same for the same articles."""
    chance = np.random.default_rng(SEED)
    texts = [folded_forms(f"{article.title} {article.body}") for article in articles]
    texts = [text for text in texts if len(text) > 12]
    names, holders = np.unique([word for text in texts for word in set(text)], return_counts=True)
    usable = {
        str(word)
        for word, share in zip(names, holders / len(texts), strict=True)
        if RARE <= share <= FREQUENT and len(word) > 1
    }

    def place() -> tuple[list[str], int]:
        while True:
            text = texts[int(chance.integers(len(texts)))]
            at = int(chance.integers(len(text) - 12))
            if text[at] in usable:
                return text, at

    def word() -> str:
        text, at = place()
        return text[at]

    def phrase() -> str:
        text, at = place()
        return f'"{" ".join(text[at : at + int(chance.integers(2, 4))])}"'

    def near() -> str:
        text, at = place()
        return f"{text[at]} NEAR/10 {text[at + int(chance.integers(1, 11))]}"

    def query() -> str:
        groups = [[word() for _ in range(chance.integers(1, 5))] for _ in range(chance.integers(1, 4))]
        if chance.random() < 0.3:
            group = groups[int(chance.integers(len(groups)))]
            group[int(chance.integers(len(group)))] = phrase()
        if chance.random() < 0.2:
            group = groups[int(chance.integers(len(groups)))]
            group[int(chance.integers(len(group)))] = near()
        written = " AND ".join(f"({' OR '.join(group)})" if len(group) > 1 else group[0] for group in groups)
        return f"{written} AND NOT {word()}" if chance.random() < 0.4 else written

    return [query() for _ in range(count)]


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


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    main()

"""Replays of an archive of synthetic stories: by 10,000 watches, and backtests of one that is changed.

`python -m tests.bench.replays [--stories 30000] [--watches 10000] [--processes 1 2]`, from the repository root. Texts
are made of real wire stories, phrase after phrase, 35 to 300 words; each is a story of its own, ten thousand a day.
Watches want two rarer words or more, so that some one of 10,000 matches an article.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import orjson

from firstwire.replay.archive import ArchiveWriter
from schemas.article import Story
from schemas.times import from_milliseconds
from tests.bench.many_articles import TITLE_WORDS, bodies
from tests.support.drawn_queries import random_queries
from tests.support.shared_data import WIRE, wire_articles

FREQUENT = 0.004
A_DAY = 10_000
BEGAN_MS = 1_735_689_600_000
"""2025-01-01."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, nargs="+", default=[30_000], help="how many, one archive each")
    parser.add_argument("--watches", type=int, default=10_000)
    parser.add_argument("--frequent", type=float, default=FREQUENT, help="share of articles of the most frequent word")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--folder", type=Path, help="keep archives and rules there, and take those that are there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        for line in replay_lines(folder, options.stories, options.watches, options.frequent, options.processes):
            print(line, flush=True)


def replay_lines(
    folder: Path, sizes: Sequence[int], watches: int, frequent: float, processes: Sequence[int]
) -> Iterator[str]:
    """The figures line by line."""
    articles = wire_articles()
    if articles is None:
        yield f"data missing: {WIRE}"
        return
    folder.mkdir(parents=True, exist_ok=True)
    drawn = random_queries(articles, 2 * watches, frequent)
    queries = [query for query in drawn if " AND " in query.replace(" AND NOT ", " ")][:watches]
    for count in sizes:
        archive = folder / f"stories-{count}"
        if not archive.exists():
            write_archive(archive, [article.body for article in articles], count)
        for number in processes:
            source = ("--archive", archive, "--from-stage", "stories", "--processes", str(number))
            for many in (1, watches):
                old, new = (folder / f"{name}-{many}.json" for name in ("old", "new"))
                _write_rules(old, queries[:many])
                _write_rules(new, [*queries[: many - 1], f"({queries[many - 1]}) OR cocoa"])
                told = f"{count:,} stories, {number} processes,"
                if many > 1:
                    output = folder / f"out-{number}"
                    took = _timed(count, "replay", *source, "--rules", old, "--restart", "--output", output)
                    yield f"{told} replay by {many:,} watches: {took}"
                took = _timed(count, "backtest", *source, "--rules", new, "--against", old)
                yield f"{told} backtest of one of {many:,} watches: {took}"


def write_archive(folder: Path, texts: list[str], count: int) -> None:
    """An archive of so many stories, none of which is of another."""
    chance = Random(1)
    with ArchiveWriter(folder) as archive:
        for number, body in enumerate(bodies(texts, count)):
            at = from_milliseconds(BEGAN_MS + number * 86_400_000 // A_DAY)
            story = Story(
                article_id=f"{number:032x}",
                title=" ".join(body.split()[:TITLE_WORDS]).capitalize(),
                body=body,
                language="en",
                source=f"outlet {chance.randrange(500)}",
                published_at=at,
                fetched_at=at,
                story_id=f"{number:032x}",
                relation="new",
                origin_id=f"{number:032x}",
                reason="no near-duplicate",
            )
            archive.add("stories", story, at)


def _write_rules(path: Path, queries: list[str]) -> None:
    watches = [{"id": f"w{number}", "query": query} for number, query in enumerate(queries)]
    path.write_bytes(orjson.dumps({"watches": watches}))


def _timed(count: int, *arguments: str | Path) -> str:
    """What a command of its own process took, of this machine's time and of its cores'."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    command = [sys.executable, "-m", "firstwire.commands.cli", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        return done.stderr.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (
        f"{seconds:.1f} s ({count / seconds:,.0f} a second), {used:.1f} s of a core ({count / used:,.0f} a second), "
        f"{after.ru_maxrss / 1000:,.0f} MB at most"
    )


if __name__ == "__main__":
    main()

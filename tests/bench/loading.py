"""Watches from a YAML file to a matcher that is ready: seconds and memory.

`python -m tests.bench.loading [--watches 10000 100000 1000000] [--page]`, from the repository root. Each size is loaded
by a process of its own, so that its peak memory is its own. The watches are those of `tests.bench.watches`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from firstwire.files.rules import rulebook_of, written_rules
from tests.support.drawn_queries import random_queries
from tests.support.knowledge import shipped_gazetteer
from tests.support.memory import peak_bytes
from tests.support.shared_data import WIRE, wire_articles

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEADING, NEXT_HEADING = "## Loading watches", "## Watches"
RUNS = 3
"""The fastest counts: other processes on the machine only slow one down."""
SIZES = (10_000, 100_000, 1_000_000)


class Loaded(msgspec.Struct, frozen=True):
    """Seconds are CPU time of the process."""

    read_seconds: float
    """From the file to rules that are known to be valid."""
    compile_seconds: float
    peak_bytes: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watches", type=int, nargs="+", default=list(SIZES), help="how many watches, one run each")
    parser.add_argument("--page", action="store_true", help="write them into docs/benchmarks.md")
    parser.add_argument("--file", type=Path, help="load this file in this process")
    options = parser.parse_args()
    if options.file is not None:
        sys.stdout.buffer.write(msgspec.json.encode(loaded(options.file)))
        return
    lines = []
    for line in load_lines(options.watches):
        print(line, flush=True)
        lines.append(line)
    if options.page:
        page = PAGE.read_text(encoding="utf-8")
        above, _, below = page.partition(f"\n{NEXT_HEADING}\n")
        above = above.partition(f"\n{HEADING}\n")[0]
        PAGE.write_text(f"{above}{load_section(lines)}\n{NEXT_HEADING}\n{below}", encoding="utf-8")


def load_section(lines: Iterable[str]) -> str:
    """The figures as a section of docs/benchmarks.md."""
    return (
        f"\n{HEADING}\n\n"
        "The same watches from a YAML file to rules that are known to be valid, and on to the matcher. CPU time on\n"
        "one core; the fastest of three runs, each in a process of its own, so that its peak memory is its own.\n\n"
        + "".join(f"- {line}\n" for line in lines)
    )


def load_lines(sizes: Sequence[int] = SIZES) -> Iterator[str]:
    """The figures line by line, for the terminal and docs/benchmarks.md."""
    articles = wire_articles()
    if articles is None:
        yield f"data missing: {WIRE}"
        return
    for size in sizes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "watches.yaml"
            with path.open("w", encoding="utf-8") as file:
                file.write("watches:\n")
                for number, query in enumerate(random_queries(articles, size)):
                    file.write(f"  - id: w{number}\n    query: '{query}'\n")
            found = min((run(path) for _ in range(RUNS)), key=lambda one: one.read_seconds + one.compile_seconds)
            yield (
                f"{size:,} watches of a YAML file of {path.stat().st_size / 1e6:,.0f} MB: ready to match in "
                f"{found.read_seconds + found.compile_seconds:.2f} s ({found.read_seconds:.2f} s to valid rules, "
                f"{found.compile_seconds:.2f} s to the matcher), {found.peak_bytes / 1e6:,.0f} MB peak"
            )


def run(path: Path) -> Loaded:
    """Load a file of watches in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.loading", "--file", str(path)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return msgspec.json.decode(answer.stdout, type=Loaded)


def loaded(path: Path) -> Loaded:
    """Load a file of watches."""
    gazetteer = shipped_gazetteer()
    began = time.process_time()
    written = written_rules([path], gazetteer)
    read = time.process_time()
    matcher = rulebook_of(written).matcher
    ready = time.process_time()
    assert len(matcher.watches) == len(written)
    return Loaded(read - began, ready - read, peak_bytes())


if __name__ == "__main__":
    main()

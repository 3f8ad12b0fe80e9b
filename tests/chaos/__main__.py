"""`python -m tests.chaos`: the long form. Writes docs/chaos.md and leaves with 1 if anything was lost or doubled."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.chaos.storm import Storm

PAGE = Path(__file__).parent.parent.parent / "docs" / "chaos.md"

INTRODUCTION = """\
# Chaos

Written by `make chaos`: the whole daemon on a real broker under load, a random process killed with SIGKILL again and
again, two workers part of the time; every record counted afterwards by a `read_committed` reader and compared with a
replay of the same articles. No FAULT line: nothing was lost, nothing doubled.

"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=9000)
    parser.add_argument("--worker-kills", type=int, default=15, help="timed kills of the worker alone, first")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--page", action="store_true", help="write docs/chaos.md")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = arguments.folder or Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        storm = Storm(where, arguments.seed, arguments.kills, arguments.articles, arguments.worker_kills)
        report = asyncio.run(storm.run())
    print("\n".join(report.lines()))
    if arguments.page:
        PAGE.write_text(INTRODUCTION + "".join(f"- {line}\n" for line in report.lines()), encoding="utf-8")
    assert report.account is not None
    sys.exit(1 if report.account.faults else 0)


if __name__ == "__main__":
    main()

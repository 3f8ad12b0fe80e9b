"""`python -m tests.chaos`: the long form. Writes docs/chaos.md and leaves with 1 if anything was lost or doubled."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.chaos.delivery_storm import DeliveryStorm
from tests.chaos.storm import Storm

PAGE = Path(__file__).parent.parent.parent / "docs" / "chaos.md"

STORMS = ("daemon", "deliveries")

INTRODUCTION = """\
# Chaos

Written by `make chaos`: the whole daemon on a real broker under load, a random process killed with SIGKILL again and
again, two workers part of the time; every record counted afterwards by a `read_committed` reader and compared with a
replay of the same articles. Then deliveries: receivers that fail in every way while the notifier is killed, and a
second one takes over; every alert is counted at every receiver, by id and body. In the end every record of the run,
its log at DEBUG and its metrics are searched for the secrets of its configuration. No FAULT line: nothing was lost,
nothing doubled but one message for a crash, and no secret came out.

"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=9000)
    parser.add_argument("--worker-kills", type=int, default=15, help="timed kills of the worker alone, first")
    parser.add_argument("--alerts", type=int, default=10_000, help="of the storm of deliveries")
    parser.add_argument("--notifier-kills", type=int, default=50)
    parser.add_argument("--only", choices=("daemon", "deliveries"), help="one of the two storms")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--page", action="store_true", help="write docs/chaos.md")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # new topics have no leader for a moment
    told: dict[str, list[str]] = {}
    has_faults = False
    with tempfile.TemporaryDirectory() as folder:
        where = arguments.folder or Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        if arguments.only != "deliveries":
            storm = Storm(where, arguments.seed, arguments.kills, arguments.articles, arguments.worker_kills)
            report = asyncio.run(storm.run())
            assert report.account is not None
            told["daemon"], has_faults = report.lines(), bool(report.account.faults)
        if arguments.only != "daemon":
            deliveries = DeliveryStorm(where, arguments.seed, arguments.notifier_kills, arguments.alerts)
            delivered = asyncio.run(deliveries.run())
            told["deliveries"] = delivered.lines()
            has_faults = has_faults or bool(delivered.faults)
    for lines in told.values():
        print("\n".join(lines))
    if arguments.page:
        _write(told)
    sys.exit(1 if has_faults else 0)


def _write(told: Mapping[str, Sequence[str]]) -> None:
    """The page, with what it said before of a storm that was not run."""
    before = re.findall(r"^## (\w+)\n\n((?:- .*\n)+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    sections = dict(before) | {name: "".join(f"- {line}\n" for line in lines) for name, lines in told.items()}
    PAGE.write_text(
        INTRODUCTION + "\n".join(f"## {name}\n\n{sections[name]}" for name in STORMS if name in sections),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()

"""`python -m tests.bench`: prints the figures; with --page writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import asyncio
import statistics
from pathlib import Path

from tests.bench.chain import chain_lines
from tests.bench.core import core_lines
from tests.bench.events import event_lines
from tests.bench.latency import latency_lines
from tests.bench.loading import load_lines, load_section
from tests.bench.race import articles, race
from tests.bench.watches import watch_lines, watch_section
from tests.support.kafka import embedded_broker

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
KINDS = ("bare", "empty", "deduplicate", "first-stage")


async def hop_lines(rounds: int, count: int) -> list[str]:
    """Contestants in turn, round by round, so that a machine that drifts drifts for all of them."""
    rates: dict[str, list[float]] = {kind: [] for kind in KINDS}
    values = articles(count)
    async with embedded_broker() as broker:
        for round_number in range(rounds):
            for kind in KINDS:
                rates[kind].append(await race(broker.bootstrap_servers, kind, round_number, values))
                print(f"round {round_number}: {kind} {rates[kind][-1]:,.0f} records/s", flush=True)
    lines = []
    for kind in KINDS:
        ratios = [ours / bare for ours, bare in zip(rates[kind], rates["bare"], strict=True)]
        lines.append(
            f"{NAMES[kind]}: median {statistics.median(rates[kind]):,.0f} records/s, "
            f"{statistics.median(ratios):.2f}× the bare Faust agent (each round: "
            + ", ".join(f"{ratio:.2f}" for ratio in ratios)
            + ")"
        )
    return lines


NAMES = {
    "bare": "bare Faust agent, consume and send",
    "empty": "our transactional shell with an empty core",
    "deduplicate": "our first hop with deduplication, exact and near",
    "first-stage": "our whole first hop, stories of rewrites too",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--records", type=int, default=40_000)
    parser.add_argument("--page", action="store_true", help="write docs/benchmarks.md")
    arguments = parser.parse_args()
    lines = [
        *asyncio.run(hop_lines(arguments.rounds, arguments.records)),
        *core_lines(),
        *event_lines(),
        *asyncio.run(latency_lines()),
        *asyncio.run(chain_lines(arguments.rounds)),
    ]
    print("\n".join(lines))
    watches = list(watch_lines())
    print("\n".join(watches))
    loading = list(load_lines())
    print("\n".join(loading))
    if arguments.page:
        PAGE.write_text(
            "# Benchmarks\n\nWritten by `make bench`: contestants in turn in one run on one machine (broker, load and\n"
            "contestant share its cores), so the ratios count and not the absolute figures. Records are distinct\n"
            "articles of about 600 bytes on four partitions; a `read_committed` reader counts what comes out.\n\n"
            + "\n".join(f"- {line}" for line in lines)
            + "\n"
            + load_section(loading)
            + watch_section(watches),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()

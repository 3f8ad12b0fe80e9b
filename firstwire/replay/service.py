"""The entry points of replay: read the articles, the rules and corrections of their time, and run the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.files.articles import read_articles
from firstwire.files.rules import WrittenRule
from firstwire.ledger.pages import corrections_of, read_pages
from firstwire.replay.run import Replayed, replay
from firstwire.replay.topic import read_topic
from firstwire.rules.releases import Compiler, history_of, read_versions
from schemas.times import from_milliseconds


def replay_file(file: Path, knowledge: Knowledge, seeds: Seeds, window: timedelta) -> Replayed:
    """Run the core over a JSON Lines file. Raises ConfigError if it cannot be read at all."""
    return replay(read_articles(file), knowledge, seeds, window)


async def replay_topic(
    bootstrap_servers: str,
    prefix: str,
    bounds: tuple[int | None, int | None],
    knowledge: Knowledge,
    written: Sequence[WrittenRule],
    seeds: Seeds,
    window: timedelta,
    *,
    rules_in_force: bool,
    corrections: bool,
) -> Replayed:
    """Run the core over the articles topic between two Kafka timestamps in milliseconds (None: from or to the end).

    `rules_in_force`: judge each article by the rules in force when it was fetched, else by the rules of `knowledge`.
    `corrections`: apply the ledger's corrections by hand, each from the time when it was made.
    """
    records = await read_topic(bootstrap_servers, prefix, *bounds)
    versions = await read_versions(bootstrap_servers, prefix) if rules_in_force else []
    pages = await read_pages(bootstrap_servers, prefix, knowledge.lemmas) if corrections else {}
    if versions:
        knowledge = replace(knowledge, rules=history_of(versions, Compiler(knowledge.gazetteer, written, seeds.groups)))
    before = from_milliseconds(bounds[1]) if bounds[1] is not None else None
    return replay(records, knowledge, seeds, window, corrections_of(pages.values(), before))

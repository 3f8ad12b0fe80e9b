"""`firstwire check`: is what the daemon would start with right, and can it reach what it needs?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from firstwire.broker.jars import find_java, jars_dir
from firstwire.broker.reach import find_kafka
from firstwire.config import EMBEDDED, Configuration
from firstwire.errors import FirstwireError
from firstwire.knowledge import load_knowledge
from firstwire.notifier.service import receivers_from
from firstwire.poller.subscriptions import read_subscriptions
from schemas.times import EPOCH


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `exit_code` is that of the error, 0 if all is well."""

    subject: str
    says: str
    exit_code: int = 0


async def check(configuration: Configuration) -> AsyncIterator[Finding]:
    """Look at everything, also after a failure: the user mends all of it in one go."""
    try:
        knowledge, seeds = load_knowledge(configuration)
        rulebook = knowledge.rules.at(EPOCH)
        yield Finding("rules", f"{len(rulebook.events)} event rules, {len(rulebook.watches)} watches")
        yield Finding("entities", f"{len(knowledge.gazetteer)} entities")
        yield Finding("ledger", f"{sum(len(page.actors) for page in seeds.pages.values())} known acts")
        yield Finding("groups", f"{len(seeds.groups.by_id)} groups")
    except FirstwireError as err:
        yield Finding("rules, entities, ledger", str(err), err.exit_code)
    try:
        subscriptions, refused = read_subscriptions(configuration)
        yield Finding("subscriptions", f"{len(subscriptions)} feeds")
        for entry in refused:
            yield Finding("subscriptions", f"{entry.place}: left out {entry.url}: {entry.reason}")
    except FirstwireError as err:
        yield Finding("subscriptions", str(err), err.exit_code)
    try:
        names = ", ".join(receivers_from(configuration.settings.receivers)) or "none: alerts stay in Kafka"
        yield Finding("receivers", names)
    except FirstwireError as err:
        yield Finding("receivers", str(err), err.exit_code)
    yield await _kafka(configuration)


async def _kafka(configuration: Configuration) -> Finding:
    try:
        if configuration.settings.kafka.bootstrap_servers == EMBEDDED:
            java = find_java()
            there = "jars present" if jars_dir().is_dir() else "jars are fetched at the first start"
            return Finding("kafka", f"embedded, {java}, {there}")
        return Finding("kafka", f"answers at {await find_kafka(configuration)}")
    except FirstwireError as err:
        return Finding("kafka", str(err), err.exit_code)

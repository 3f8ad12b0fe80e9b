"""Checks before a start: is the configuration valid, and can Kafka be reached?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from firstwire.broker.jars import find_java, jars_dir
from firstwire.broker.reach import find_kafka
from firstwire.config import EMBEDDED, Configuration
from firstwire.errors import FirstwireError
from firstwire.files.knowledge import load_knowledge
from firstwire.notifier.receiver_types import receivers_from
from firstwire.poller.subscriptions import read_subscriptions
from schemas.times import EPOCH


@dataclass(frozen=True)
class StartupCheck:
    """The result of one check. `exit_code` is that of the error, 0 if there is none."""

    subject: str
    message: str
    exit_code: int = 0


async def startup_checks(configuration: Configuration) -> AsyncIterator[StartupCheck]:
    """Check everything, also after a failure, so that the user can fix everything at once."""
    try:
        knowledge, seeds = load_knowledge(**configuration.knowledge_settings())
        rulebook = knowledge.rules.at(EPOCH)
        yield StartupCheck("rules", f"{len(rulebook.events)} event rules, {len(rulebook.watches)} watches")
        yield StartupCheck("entities", f"{len(knowledge.gazetteer)} entities")
        yield StartupCheck("ledger", f"{sum(len(page.actors) for page in seeds.pages.values())} known acts")
        yield StartupCheck("groups", f"{len(seeds.groups.by_id)} groups")
    except FirstwireError as err:
        yield StartupCheck("rules, entities, ledger", str(err), err.exit_code)
    try:
        subscriptions, refused = read_subscriptions(configuration)
        yield StartupCheck("subscriptions", f"{len(subscriptions)} feeds")
        for entry in refused:
            yield StartupCheck("subscriptions", f"{entry.place}: skipped {entry.url}: {entry.reason}")
    except FirstwireError as err:
        yield StartupCheck("subscriptions", str(err), err.exit_code)
    try:
        names = ", ".join(receivers_from(configuration.settings.receivers)) or "none: alerts stay in Kafka"
        yield StartupCheck("receivers", names)
    except FirstwireError as err:
        yield StartupCheck("receivers", str(err), err.exit_code)
    yield await _kafka(configuration)


async def _kafka(configuration: Configuration) -> StartupCheck:
    try:
        if configuration.settings.kafka.bootstrap_servers == EMBEDDED:
            java = find_java()
            jars = "jars present" if jars_dir().is_dir() else "jars are fetched at the first start"
            return StartupCheck("kafka", f"embedded, {java}, {jars}")
        return StartupCheck("kafka", f"reachable at {await find_kafka(configuration)}")
    except FirstwireError as err:
        return StartupCheck("kafka", str(err), err.exit_code)

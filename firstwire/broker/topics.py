"""The topics of DESIGN §1: their names and settings, and the creation of missing ones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from firstwire.broker.admin import open_admin
from firstwire.config import KafkaSection
from firstwire.core.state import ALERT_STATE, DEDUPLICATE_STATE, LEDGER, STORY_STATE, WATCH_STATE
from firstwire.errors import ConfigError, TransientError

Cleanup = Literal["delete", "compact"]

FOREVER_MS = -1
LONG_MS = 400 * 24 * 3600 * 1000
"""Over a year, so that a backtest can use the same season of last year."""
SHORT_MS = 30 * 24 * 3600 * 1000
MAX_MESSAGE_BYTES = 1_048_588
"""The broker's default, set on each topic so that no broker-wide setting can make it refuse records."""

LEADERS_LIMIT_SECONDS = 60.0
"""A broker that starts with 2,000 partitions on a busy machine takes ten seconds until all have a leader."""

COMPACT_SEGMENT_BYTES = 64 * 1024 * 1024
"""A restart reads several 100,000 small records per second, so an uncompacted segment costs it about a second."""


@dataclass(frozen=True)
class Topic:
    """One topic: its short name, without the prefix, cleanup policy and retention in milliseconds."""

    name: str
    cleanup: Cleanup
    retention_ms: int = FOREVER_MS
    single_partition: bool = False

    def settings(self, replicas: int) -> dict[str, str]:
        """Its settings with so many copies, of which all but one must have a record before it counts."""
        settings = {
            "min.insync.replicas": str(max(1, replicas - 1)),
            "cleanup.policy": self.cleanup,
            "max.message.bytes": str(MAX_MESSAGE_BYTES),
            "message.timestamp.type": "CreateTime",
        }
        if self.cleanup == "delete":
            settings["retention.ms"] = str(self.retention_ms)
        else:  # only closed segments are compacted, and a restart reads everything
            settings |= {"segment.bytes": str(COMPACT_SEGMENT_BYTES), "min.cleanable.dirty.ratio": "0.3"}
        return settings


ARTICLES = "articles"
STORIES = "stories"
EVENTS = "events"
MATCHES = "matches"
ALERTS = "alerts"
OUTCOMES = "outcomes"
VERDICTS = "verdicts"
DELIVERIES = "deliveries"
DEAD_LETTERS = "dead-letters"
REDRIVES = "redrives"
SILENCES = "silences"
FEEDBACK = "feedback"
RELOADS = "reloads"
AUDIT = "audit"
TAKEDOWNS = "takedowns"
SUBSCRIPTIONS = "subscriptions"
FEED_STATES = "feed-states"
FEED_ENTRIES = "feed-entries"
FORMER_FEED_STATES = "feeds"
"""What earlier versions wrote instead of `feed-states` and `feed-entries`, on one partition."""
RULES = "rules"

STAGES = {"deduplicate": ARTICLES, "analyze": STORIES, "alert-events": EVENTS, "alert-matches": MATCHES}
"""The worker's stages, in the order of an article's way, and their inputs. The group of each is named after it."""
JUDGED = tuple(STAGES.values())
JUDGED_BY_RULES = frozenset({STORIES, EVENTS})

TOPICS: tuple[Topic, ...] = (
    Topic(ARTICLES, "delete", FOREVER_MS),
    Topic(STORIES, "delete", SHORT_MS),
    Topic(EVENTS, "delete", SHORT_MS),
    Topic(MATCHES, "delete", SHORT_MS),
    Topic(ALERTS, "compact"),
    Topic(LEDGER, "compact"),
    Topic(DEDUPLICATE_STATE, "compact"),
    Topic(STORY_STATE, "compact"),
    Topic(ALERT_STATE, "compact"),
    Topic(WATCH_STATE, "compact"),
    Topic(OUTCOMES, "delete", LONG_MS),
    Topic(VERDICTS, "delete", LONG_MS),
    Topic(DELIVERIES, "compact"),
    Topic(DEAD_LETTERS, "delete", LONG_MS),
    Topic(REDRIVES, "delete", SHORT_MS, single_partition=True),
    Topic(RELOADS, "delete", SHORT_MS, single_partition=True),
    Topic(AUDIT, "delete", LONG_MS, single_partition=True),
    Topic(SILENCES, "compact", single_partition=True),
    Topic(FEEDBACK, "compact", single_partition=True),
    Topic(TAKEDOWNS, "compact", single_partition=True),
    Topic(SUBSCRIPTIONS, "compact"),
    Topic(FEED_STATES, "compact"),
    Topic(FEED_ENTRIES, "compact"),
    Topic(RULES, "compact", single_partition=True),
)


def topic_name(prefix: str, name: str) -> str:
    """The topic's name on the broker: `firstwire-articles`."""
    return f"{prefix}-{name}"


async def create_missing_topics(bootstrap_servers: str, kafka: KafkaSection) -> list[str]:
    """Create missing topics and return their names.

    Raises ConfigError if an existing topic has another number of partitions than `articles`, TransientError if the
    broker cannot be reached.
    """
    async with open_admin(bootstrap_servers, "cannot create topics") as admin:
        existing = set(await admin.list_topics())
        wanted = {topic_name(kafka.topic_prefix, topic.name): topic for topic in TOPICS}
        missing = [name for name in wanted if name not in existing]
        if missing:
            await create_topics(
                admin,
                [
                    NewTopic(
                        name=name,
                        num_partitions=1 if wanted[name].single_partition else kafka.partitions,
                        replication_factor=kafka.replication_factor,
                        topic_configs=wanted[name].settings(kafka.replication_factor),
                    )
                    for name in missing
                ],
            )
        _refuse_other_partitions(await partitions_once_led(admin, list(wanted)), kafka.topic_prefix)
        return missing


async def create_topics(admin: AIOKafkaAdminClient, topics: Sequence[NewTopic]) -> list[str]:
    """Create topics; the names of those that were there already. Raises ConfigError if Kafka refuses one."""
    there = []
    response = await admin.create_topics(topics)
    for name, code, *message in response.topic_errors:
        error = for_code(code)
        if error is TopicAlreadyExistsError:
            there.append(name)
        elif code:
            raise ConfigError(f"cannot create topic {name}: {error.__name__} {message}")
    return there


async def partition_count(bootstrap_servers: str, prefix: str) -> int:
    """The number of partitions of `articles`, and so of every topic that has more than one."""
    async with open_admin(bootstrap_servers, "cannot describe topics") as admin:
        (described,) = await admin.describe_topics([topic_name(prefix, ARTICLES)])
    return len(described["partitions"])


async def partitions_once_led(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, int]:
    """Topics with their numbers of partitions, once each of these has a leader: a new topic can be used a moment later,
    and on a broker that starts it takes longer. Raises TransientError after a minute.
    """
    deadline = time.monotonic() + LEADERS_LIMIT_SECONDS
    while time.monotonic() < deadline:
        described = await admin.describe_topics(list(names))
        counts = {topic["topic"]: len(topic["partitions"]) for topic in described if not topic["error_code"]}
        if len(counts) == len(names) and all(
            part["leader"] >= 0 for topic in described for part in topic["partitions"]
        ):
            return counts
        await asyncio.sleep(0.05)
    raise TransientError(f"the topics have had no leader for {LEADERS_LIMIT_SECONDS:.0f} s; is every broker running?")


def _refuse_other_partitions(counts: dict[str, int], prefix: str) -> None:
    articles = topic_name(prefix, ARTICLES)
    for topic in TOPICS:
        name = topic_name(prefix, topic.name)
        wanted = 1 if topic.single_partition else counts[articles]
        if counts[name] != wanted:
            raise ConfigError(
                f"topic {name} has {counts[name]} partitions but needs {wanted}, as many as {articles}; delete it or "
                "use another kafka.topic_prefix"
            )

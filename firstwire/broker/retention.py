"""How long the inputs of the stages are kept. Kafka counts it by the times of their records: those of the articles."""

from __future__ import annotations

from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from firstwire.broker.admin import open_admin
from firstwire.broker.topics import JUDGED, SHORT_MS, topic_name
from firstwire.errors import ConfigError
from schemas.times import from_milliseconds

DAY_MS = 24 * 3600 * 1000
LEFT_TO_READ_MS = DAY_MS
"""Time for all stages to read what was put there."""
_RETENTION = "retention.ms"
_SET_FOR_TOPIC = 1
"""The source of a setting, as Kafka says it: others are the broker's, or its defaults."""


class TopicSettings(NamedTuple):
    """The settings that a topic has of its own, and how long it is kept, in milliseconds, wherever that is set."""

    own: dict[str, str]
    retention_ms: int


async def keep_until_read(
    bootstrap_servers: str, prefix: str, begins_at_ms: int, now_ms: int, *, what: str, place: str, extend: bool
) -> int:
    """Have articles fetched from a time on, and what is made of them, kept until every stage has read them.

    Returns for how many days they are kept from now on; 0 if that was long enough before. Without `extend` nothing is
    changed, and ConfigError raised if it was not; `what` begins at that time, in its words.
    """
    age_ms = now_ms - begins_at_ms
    inputs = await input_settings(bootstrap_servers, prefix)
    short = {topic: kept for topic, kept in inputs.items() if 0 <= kept.retention_ms < age_ms + LEFT_TO_READ_MS}
    if not short:
        return 0
    wanted_days = (age_ms + SHORT_MS) // DAY_MS + 1
    if not extend:
        there = ", ".join(f"{topic} for {kept.retention_ms // DAY_MS} days" for topic, kept in short.items())
        raise ConfigError(
            f"{what} on {from_milliseconds(begins_at_ms)[:10]}, and Kafka keeps {there}, counted from when an article "
            f"was fetched: it could remove some before the next stage has read them. Give --extend-retention, to keep "
            f"all for {wanted_days:,} days",
            place=place,
        )
    await keep_for(bootstrap_servers, short, wanted_days * DAY_MS)
    return wanted_days


async def input_settings(bootstrap_servers: str, prefix: str) -> dict[str, TopicSettings]:
    """By topic, those of every input of a stage. Raises TransientError if the broker cannot be reached."""
    async with open_admin(bootstrap_servers, "cannot ask for settings") as admin:
        return {topic: await _settings(admin, topic) for topic in (topic_name(prefix, name) for name in JUDGED)}


async def keep_for(bootstrap_servers: str, topics: dict[str, TopicSettings], retention_ms: int) -> None:
    """Keep topics for so long. Raises ConfigError if Kafka refuses."""
    async with open_admin(bootstrap_servers, "cannot change settings") as admin:
        for topic, settings in topics.items():
            changed = settings.own | {_RETENTION: str(retention_ms)}  # what is not named goes back to its default
            for answer in await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, changed)]):
                for code, message, *_ in answer.resources:
                    if code:
                        raise ConfigError(f"cannot set {_RETENTION}: {for_code(code).__name__} {message}", place=topic)


async def _settings(admin: AIOKafkaAdminClient, topic: str) -> TopicSettings:
    (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    ((code, message, _, _, entries),) = answer.resources
    if code:
        raise ConfigError(f"cannot ask for its settings: {for_code(code).__name__} {message}", place=topic)
    found = {name: value for name, value, *_ in entries}
    own = {name: value for name, value, _, source, *_ in entries if source == _SET_FOR_TOPIC}
    return TopicSettings(own, int(found[_RETENTION]))

"""What people say on Kafka about alerts: silences and feedback, read and written at a person's request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.reader import read_all
from firstwire.broker.topics import ALERTS, FEEDBACK, SILENCES, topic_name
from firstwire.core.routes.matchers import matchers_in, refuse_unknown_values
from firstwire.core.text.digest import digest
from firstwire.errors import ConfigError
from schemas import Feedback, Silence
from schemas.codec import DecodeError, decode, encode
from schemas.silence import SilenceKind
from schemas.times import format_timestamp

S = TypeVar("S", Silence, Feedback)


def new_silence(
    matchers: Sequence[str],
    starts_at: datetime,
    ends_at: datetime,
    author: str,
    comment: str,
    made_at: datetime,
    *,
    kind: SilenceKind = "silence",
) -> Silence:
    """A silence. Raises ConfigError if a matcher is wrong, if there is none, or if it ends before it begins."""
    try:
        found = matchers_in(matchers)
        refuse_unknown_values(found)
    except ValueError as err:
        raise ConfigError(str(err)) from err
    read = [str(each) for each in found]
    if not read:
        raise ConfigError("give at least one matcher, such as tag=cricket: without one it would silence everything")
    if ends_at <= starts_at or ends_at <= made_at:
        raise ConfigError("the end of the silence must be later than its beginning, and than now")
    written = [*read, format_timestamp(starts_at), format_timestamp(made_at), author]
    return Silence(
        silence_id=digest(*written)[:12],
        kind=kind,
        matchers=tuple(read),
        starts_at=format_timestamp(starts_at),
        ends_at=format_timestamp(ends_at),
        author=author,
        comment=comment,
        made_at=format_timestamp(made_at),
    )


async def read_silences(bootstrap_servers: str, prefix: str) -> list[Silence]:
    """Every silence, the one that ends last first."""
    found = await _read(bootstrap_servers, topic_name(prefix, SILENCES), Silence)
    return sorted(found, key=lambda each: (each.ends_at, each.silence_id), reverse=True)


async def read_feedback(bootstrap_servers: str, prefix: str) -> list[Feedback]:
    """The last word of each person on each alert, the newest first."""
    found = await _read(bootstrap_servers, topic_name(prefix, FEEDBACK), Feedback)
    return sorted(found, key=lambda each: (each.made_at, each.key), reverse=True)


async def write_silence(bootstrap_servers: str, prefix: str, silence: Silence) -> None:
    """The notifier hears of it within a moment."""
    await _write(bootstrap_servers, Message(topic_name(prefix, SILENCES), silence.silence_id, encode(silence)))


async def write_feedback(bootstrap_servers: str, prefix: str, feedback: Feedback) -> None:
    """The same for feedback."""
    await _write(bootstrap_servers, Message(topic_name(prefix, FEEDBACK), feedback.key, encode(feedback)))


async def read_alert_ids(bootstrap_servers: str, prefix: str) -> set[str]:
    """The ids of all alerts."""
    return {record.key async for record in read_all(bootstrap_servers, topic_name(prefix, ALERTS))}


async def _read(bootstrap_servers: str, topic: str, kind: type[S]) -> list[S]:
    newest: dict[str, S] = {}
    async for record in read_all(bootstrap_servers, topic):
        if record.value is None:
            newest.pop(record.key, None)
            continue
        try:
            newest[record.key] = decode(record.value, kind)
        except DecodeError:
            continue  # the notifier names it in its log
    return list(newest.values())


async def _write(bootstrap_servers: str, message: Message) -> None:
    async with open_producer(bootstrap_servers) as producer:
        await producer.send(message)

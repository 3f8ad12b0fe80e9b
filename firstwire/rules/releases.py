"""Releases: compares the rule files with the rules in force, and publishes the difference in one Kafka transaction.

Which rules judge an article depends on when it was fetched, so a release must be on the topic before it is effective,
and a worker must know that it has read every effective release: `EFFECTIVE_AFTER`, `agents/rule_follower.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import random
from types import MappingProxyType
from typing import Any

import msgspec
import orjson

from firstwire.broker.producer import Message
from firstwire.broker.reader import read_all
from firstwire.broker.topics import RULES, topic_name
from firstwire.broker.transaction import FencedError, TransactionalProducer
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.firsts.groups import Groups
from firstwire.core.rules.history import RuleChange, RuleHistory
from firstwire.core.rules.rulebook import EventRule
from firstwire.core.watches.unknown_operators import unknown_operator_of
from firstwire.core.watches.watch import Watch
from firstwire.errors import ConfigError, FatalError, TransientError, place_of
from firstwire.files.rules import NO_GROUPS, EventRuleLine, RuleMaker, WatchLine, WrittenRule
from schemas.codec import DecodeError, RecordTooLargeError, decode, encode
from schemas.rules import RuleVersion
from schemas.times import EPOCH, parse_timestamp, shifted

EFFECTIVE_AFTER = timedelta(seconds=1.5)
"""How long after its planning a release takes effect: every worker has it by then, and two seconds are promised."""
KNOWN_BEHIND = timedelta(seconds=1)
"""A worker judges an article only if it has read the topic at most this long before the article was fetched."""
BEGUN_WITHIN = timedelta(seconds=0.4)
"""Limit between planning and the first record on the topic, less than the difference of the two above."""
NOT_JUDGING = frozenset({"version", "examples"})
"""Keys of a rule that have no say in what it matches."""
TRIES = 20
PLAN_AGAIN_SECONDS = 1.0


@dataclass(frozen=True)
class Published:
    """A release; empty if nothing differed. Rule ids are sorted."""

    release: int
    effective_at: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


async def publish(
    bootstrap_servers: str, prefix: str, written: Sequence[WrittenRule], clock: Callable[[], str]
) -> Published:
    """Publish the rules of the files as a release, if they differ. Concurrent publishers are serialized.

    Raises ConfigError for a rule that is too large for a record, TransientError if the topic cannot be written.
    """
    versions = await read_versions(bootstrap_servers, prefix)
    if versions and not planned_release(versions, written, clock()):  # the usual case at a start
        return summed_up(versions, [])
    for _ in range(TRIES):
        producer = TransactionalProducer(bootstrap_servers, topic_name(prefix, RULES))
        await producer.start()  # fences other publishers: from here on a read is complete
        try:
            versions = await read_versions(bootstrap_servers, prefix)
            planned = planned_release(versions, written, now := clock())
            found = summed_up(versions, planned)
            if not planned or await _written(producer, prefix, planned, now, clock):
                return found
        except FencedError:
            await asyncio.sleep(random() * PLAN_AGAIN_SECONDS)  # noqa: S311 - else two could fence each other forever
        finally:
            await producer.stop()
    raise TransientError("other processes keep publishing rules", place=topic_name(prefix, RULES))


async def read_versions(
    bootstrap_servers: str, prefix: str, ends: Mapping[int, int] = MappingProxyType({})
) -> list[RuleVersion]:
    """Every version on the topic, or until these ends, in the order of releases.

    Raises FatalError for an unreadable record.
    """
    found = [
        version_of(record.value, place_of(record.topic, record.partition, record.offset))
        async for record in read_all(bootstrap_servers, topic_name(prefix, RULES), ends)
    ]
    return sorted(found, key=lambda version: (version.release, version.rule_id))


def version_of(value: bytes | None, place: str) -> RuleVersion:
    """A record of the topic. Raises FatalError if unreadable: judging without a rule in force would lose alerts."""
    try:
        return decode(value, RuleVersion)
    except DecodeError as err:
        raise FatalError(f"the rules in force cannot be read: {err}", place=place) from err


def planned_release(versions: Iterable[RuleVersion], written: Iterable[WrittenRule], now: str) -> list[RuleVersion]:
    """The next release, which puts the files in force; empty if they are.

    The very first release is effective for all time: nothing fetched before it was ever judged.
    Raises ConfigError for a watch that is added or changed later with an operator that there is not; one in force or in
    the first release keeps it as words.
    """
    newest: dict[str, RuleVersion] = {}
    release = 0
    since = EPOCH
    for version in versions:
        newest[version.rule_id] = version
        release, since = max(release, version.release), max(since, version.effective_at)
    effective_at = max(since, shifted(now, EFFECTIVE_AFTER)) if release else EPOCH
    planned: list[RuleVersion] = []
    wanted = {each.line.id: each for each in written}
    for rule_id in sorted({*newest, *wanted}):
        before, each = newest.get(rule_id), wanted.get(rule_id)
        number = before.rule_version + 1 if before is not None else 1
        if each is None:
            assert before is not None
            if before.definition is None:
                continue
            kind, definition = before.kind, None
        else:
            is_raised = before is None or each.line.version > before.rule_version
            if before is not None and not is_raised and _same(before.definition, each.line):
                continue
            if release:  # a first release may be that of files that an earlier version took
                _refuse_unknown_operator(each)
            kind, definition = each.kind, definition_of(each.line)
            number = max(number, each.line.version)
            definition["version"] = number
        planned.append(
            RuleVersion(
                rule_id=rule_id,
                rule_version=number,
                kind=kind,
                release=release + 1,
                effective_at=effective_at,
                published_at=now,
                definition=definition,
            )
        )
    return planned


def _refuse_unknown_operator(written: WrittenRule) -> None:
    error = unknown_operator_of(written.rule.text) if isinstance(written.rule, Watch) else None
    if error is not None:
        place = written.place_within(error.position, "query")
        raise ConfigError(f"query of watch {written.line.id!r}: {error}", place=place)


def definition_of(line: WatchLine | EventRuleLine) -> dict[str, Any]:
    """A rule as the keys and values of its file, omitted ones with their defaults."""
    definition: dict[str, Any] = orjson.loads(orjson.dumps(msgspec.to_builtins(line)))
    return definition


def _same(before: Mapping[str, Any] | None, line: WatchLine | EventRuleLine) -> bool:
    """Whether a definition and a line match the same, whatever their examples; an omitted key has its default."""
    if before is None:
        return False
    try:
        told = msgspec.convert(before, type(line))
    except msgspec.ValidationError:
        return False
    return all(getattr(told, key) == getattr(line, key) for key in line.__struct_fields__ if key not in NOT_JUDGING)


def summed_up(versions: Sequence[RuleVersion], planned: Sequence[RuleVersion]) -> Published:
    """The changes that a planned release makes to the rules in force."""
    if not planned:
        newest = versions[-1] if versions else None
        return Published(newest.release if newest else 0, newest.effective_at if newest else EPOCH)
    in_force: dict[str, bool] = {}
    for version in versions:
        in_force[version.rule_id] = version.definition is not None
    return Published(
        release=planned[0].release,
        effective_at=planned[0].effective_at,
        added=tuple(one.rule_id for one in planned if one.definition and not in_force.get(one.rule_id)),
        changed=tuple(one.rule_id for one in planned if one.definition and in_force.get(one.rule_id)),
        removed=tuple(one.rule_id for one in planned if one.definition is None),
    )


async def _written(
    producer: TransactionalProducer, prefix: str, planned: Sequence[RuleVersion], now: str, clock: Callable[[], str]
) -> bool:
    """Write a release; False, with nothing written, if its first record came too late to hold workers back."""
    messages = [message_of(prefix, version) for version in planned]
    try:
        async with producer.transaction() as out:
            await out.send(messages[0])
            await out.flush()  # from here on readers see that a release is in progress
            if parse_timestamp(clock()) - parse_timestamp(now) > BEGUN_WITHIN and planned[0].effective_at != EPOCH:
                raise _TooLateError
            for message in messages[1:]:
                await out.send(message)
    except _TooLateError:
        return False
    return True


class _TooLateError(Exception):
    """Aborts the transaction."""


def message_of(prefix: str, version: RuleVersion) -> Message:
    key = f"{version.rule_id}:{version.rule_version}"
    try:
        return Message(topic_name(prefix, RULES), key, encode(version), partition=0)
    except RecordTooLargeError as err:
        raise ConfigError(f"rule {version.rule_id!r} is too large: {err}") from err


class Compiler:
    """Makes rules from definitions; a rule that equals one of the files is that one, so that none is held twice."""

    def __init__(self, gazetteer: Gazetteer, written: Iterable[WrittenRule] = (), groups: Groups = NO_GROUPS) -> None:
        self._maker = RuleMaker(gazetteer, groups)
        self._written = {each.line.id: each.rule for each in written}

    def change(self, version: RuleVersion) -> RuleChange:
        """The change that a version makes. Raises ConfigError for a rule that this worker cannot parse."""
        rule = None if version.definition is None else self._rule(version, version.definition)
        return RuleChange(version.rule_id, version.release, version.effective_at, rule)

    def _rule(self, version: RuleVersion, definition: dict[str, Any]) -> Watch | EventRule:
        place = f"rule {version.rule_id} v{version.rule_version}"
        line: WatchLine | EventRuleLine
        try:
            if version.kind == "watch":
                line = msgspec.convert(definition, WatchLine)
            else:
                line = msgspec.convert(definition, EventRuleLine)
        except msgspec.ValidationError as err:
            raise ConfigError(f"is of another version of firstwire: {err}", place=place) from err
        rule = self._maker.rule_of(line, lambda *keys: place)
        written = self._written.get(rule.id)
        return written if written is not None and written == rule else rule


def history_of(versions: Iterable[RuleVersion], compiler: Compiler) -> RuleHistory:
    """The history of all versions."""
    return RuleHistory(compiler.change(version) for version in versions)

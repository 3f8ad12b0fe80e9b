"""Timelines through the notifier itself: records on a real broker, real receivers, and a virtual clock, exactly."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec
import pytest
from aiohttp import web

from firstwire.broker.admin import open_admin
from firstwire.broker.producer import Message
from firstwire.broker.topics import FEEDBACK, RELOADS, SILENCES, topic_name
from firstwire.config import Configuration
from firstwire.core.routes.settings import Inhibition, Route
from firstwire.health import ProcessReporter
from firstwire.notifier.service import notify
from schemas import Alert, Feedback, ReloadRequest, Silence
from schemas.codec import encode
from schemas.times import format_timestamp
from tests.fakes.receivers import Answer, ScriptedWebhook, Seen
from tests.support.kafka import send_all
from tests.support.notifying import Notifying
from tests.support.timeline_tables import (
    AFTER_RELOAD,
    BEFORE_RELOAD,
    HELD,
    HELD_ROUTES,
    INHIBITED,
    RELOADED,
    RELOADED_AT,
    TIMELINES,
    inhibiting,
)
from tests.support.timelines import Row, happenings, moment, routes_of, rows_of
from tests.support.virtual_clock import VirtualClock
from tests.support.waiting import until

Arrival = tuple[datetime, str, tuple[str, ...]]
NO_RELOADS: Mapping[str, Sequence[Any]] = MappingProxyType({})
NO_SCRIPT: Sequence[Answer] = ()


class TimedWebhook(ScriptedWebhook):
    """Keeps of each request the virtual time at which it came, in a list that all receivers share."""

    def __init__(self, name: str, clock: VirtualClock, came: list[Arrival], script: Sequence[Answer]) -> None:
        super().__init__(script)
        self._name, self._clock, self._came = name, clock, came

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        data = seen.json["data"]
        told = [each["data"] for each in data["alerts"]] if "alerts" in data else [data]
        alerts = tuple(sorted(each["alert"]["alert_id"] for each in told))
        self._came.append((self._clock.now(), self._name, alerts))
        return await super().answer(request, seen)


class Timeline:
    """One timeline on its way through the notifier, which may be started again and told to reload."""

    def __init__(
        self, house: Notifying, at: datetime, routes: Sequence[Any], inhibitions: Sequence[Inhibition]
    ) -> None:
        self.house, self.routes, self.inhibitions = house, routes, tuple(inhibitions)
        self.clock = VirtualClock(at)
        self.came: list[Arrival] = []
        self._servers: dict[str, TimedWebhook] = {}
        self._written = {SILENCES: 0, FEEDBACK: 0}
        self._alerts = 0
        self._reloads = 0

    @asynccontextmanager
    async def receivers(self, names: Collection[str], script: Sequence[Answer]) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for name in names:
                server = TimedWebhook(name, self.clock, self.came, script)
                self._servers[name] = await stack.enter_async_context(server)
            yield

    @asynccontextmanager
    async def notifying(self) -> AsyncIterator[None]:
        """The notifier at work, once it has read everything and waits."""
        stop, self._reporter, self._alerts = asyncio.Event(), ProcessReporter(), 0
        self._task = task = asyncio.create_task(
            notify(
                self._configuration(),
                self.house.bootstrap,
                stop=stop,
                read_again=self._read_again,
                reporter=self._reporter,
                clock=self.clock,
            )
        )
        try:
            await self._settled()
            yield
            stop.set()
            await asyncio.wait_for(task, 10)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def move_to(self, at: datetime) -> None:
        """Let time pass, with a stop whenever something is due."""
        while (next_at := self.clock.next_at()) is not None and next_at < at:
            self.clock.set(next_at)
            await self._settled()
        self.clock.set(at)
        await self._settled()

    async def write(self, happened: Alert | Silence | Feedback) -> None:
        """Put it on its topic and wait until it was read and all that is due was sent."""
        if isinstance(happened, Alert):
            await self.house.raise_alerts([happened])
            self._alerts += 1
        else:
            name = SILENCES if isinstance(happened, Silence) else FEEDBACK
            key = happened.silence_id if isinstance(happened, Silence) else happened.alert_id
            await self._send(name, key, happened)
            self._written[name] += 1
            await until(lambda: self._is_read(name), f"the notifier has read {name}")
        await self._settled()

    async def reload(self, routes: Sequence[Any]) -> None:
        """Ask on the topic for other routes and wait until they are in force."""
        self.routes = routes
        wanted = self._reloads + 1
        await self._send(RELOADS, "Ada", ReloadRequest(author="Ada", asked_at=format_timestamp(self.clock.now())))

        async def is_reloaded() -> bool:
            return self._reloads == wanted

        await until(is_reloaded, "the notifier has read its settings again")
        await self._settled()

    async def _send(self, name: str, key: str, value: msgspec.Struct) -> None:
        await send_all(self.house.bootstrap, [Message(topic_name(self.house.prefix, name), key, encode(value))])

    async def _settled(self) -> None:
        """Wait until every alert was read, and every destination and what holds messages back wait for later."""

        async def is_settled() -> bool:
            if self._task.done():
                self._task.result()  # what ended it
            read = self._reporter.registry.get_sample_value("firstwire_alerts_read_total")
            return read == self._alerts and self.clock.is_still(len(_receivers_of(self.routes)) + 1)

        if not await _soon(is_settled):
            await until(is_settled, "the notifier has read everything, and nothing is due")

    async def _is_read(self, name: str) -> bool:
        topic = topic_name(self.house.prefix, name)
        async with open_admin(self.house.bootstrap, "cannot ask what was read") as admin:
            offsets = await admin.list_consumer_group_offsets(f"{self.house.prefix}-notifier")
        return sum(found.offset for place, found in offsets.items() if place.topic == topic) == self._written[name]

    def _read_again(self) -> Configuration:
        self._reloads += 1
        return self._configuration()

    def _configuration(self) -> Configuration:
        urls = {name: self._servers[name].url for name in _receivers_of(self.routes)}
        configuration = self.house.configuration(**urls)
        routes = msgspec.convert(self.routes, tuple[Route, ...])
        settings = msgspec.structs.replace(configuration.settings, routes=routes, inhibitions=self.inhibitions)
        return msgspec.structs.replace(configuration, settings=settings)


async def _soon(condition: Any) -> bool:
    """Whether it holds within some turns of the loop, so that a step without requests takes no time."""
    for _ in range(20):
        await asyncio.sleep(0)
        if await condition():
            return True
    return False


def _receivers_of(routes: Sequence[Any]) -> list[str]:
    return sorted({name for node in routes_of(routes).all_nodes() for name in node.receivers})


def _wanted(row: Row) -> list[Arrival]:
    """The messages of a row, each with its time, receiver and alerts. The order within a second is not compared."""
    told = [message.strip().split(": ") for message in row.messages.split(";") if message.strip()]
    return [(row.at, receiver, tuple(sorted(alerts.split(", ")))) for receiver, alerts in told]


async def gone_through(
    house: Notifying,
    table: str,
    routes: Sequence[Any],
    *,
    inhibitions: Sequence[Inhibition] = (),
    reloads: Mapping[str, Sequence[Any]] = NO_RELOADS,
    restarts: Collection[str] = (),
) -> None:
    """Go through a timeline; each row must bring its messages and no others, at its time.

    `restarts` are the times of rows after which the notifier is stopped and started again.
    """
    rows = rows_of(table)
    others = {moment(at): written for at, written in reloads.items()}
    ends = {moment(at) for at in restarts}
    assert others.keys() | ends <= {row.at for row in rows}
    happened = list(happenings(rows))
    timeline = Timeline(house, rows[0].at, routes, inhibitions)
    names = {name for written in (routes, *reloads.values()) for name in _receivers_of(written)}
    left = iter(rows)
    async with timeline.receivers(names, NO_SCRIPT):
        more = True
        while more:
            more = False
            async with timeline.notifying():
                for row in left:
                    before = len(timeline.came)
                    await timeline.move_to(row.at)
                    if row.at in others:
                        await timeline.reload(others[row.at])
                    for at, each in happened:
                        if at == row.at:
                            await timeline.write(each)
                    assert sorted(timeline.came[before:]) == sorted(_wanted(row)), row
                    if row.at in ends:
                        more = True
                        break


@pytest.mark.parametrize(
    "name",
    [
        "a group waits for others, then for its interval",
        "told again until somebody acknowledges it",
        "a silence mutes for good, but not what is new after it",
        "quiet hours over the change to summer time",
        "a digest each hour",
    ],
)
async def test_messages_arrive_at_the_second(house: Notifying, name: str) -> None:
    written, table = TIMELINES[name]
    await gone_through(house, table, tomllib.loads(written)["routes"])


async def test_what_is_inhibited_does_not_arrive(house: Notifying) -> None:
    await gone_through(house, INHIBITED, [{"receivers": ["desk"]}], inhibitions=[inhibiting()])


async def test_a_reload_on_its_topic_changes_what_arrives_from_that_second_on(house: Notifying) -> None:
    await gone_through(house, RELOADED, BEFORE_RELOAD, reloads={RELOADED_AT: AFTER_RELOAD})


async def test_the_same_messages_arrive_at_the_same_seconds_across_restarts(house: Notifying) -> None:
    restarts = ("10:00:10", "10:01:00", "10:06:00", "10:21:00", "11:00:00")
    await gone_through(house, HELD, HELD_ROUTES, restarts=restarts)


async def test_what_a_receiver_refuses_arrives_when_it_asked_and_by_the_schedule(house: Notifying) -> None:
    start = moment("10:00:00")
    timeline = Timeline(house, start, [{"receivers": ["desk"]}], ())
    ((_, alert),) = happenings(rows_of("10:00:00 | A |"))
    async with timeline.receivers(["desk"], [Answer(429, {"Retry-After": "20"}), Answer(500), Answer(500)]):
        async with timeline.notifying():
            await timeline.write(alert)
            await timeline.move_to(moment("10:00:20"))
        async with timeline.notifying():
            await timeline.move_to(moment("10:10:00"))
    # the schedule's second and five seconds, with the jitter of this delivery's key
    assert timeline.came == [
        (moment(at), "desk", ("A",)) for at in ("10:00:00", "10:00:20", "10:00:21.050", "10:00:26.139")
    ]

"""`firstwire run`: the broker (if embedded), poller, workers, notifier and console under one supervisor.

Each is a separate process: one that dies is restarted with backoff, and none outlives the supervisor.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import IO

import structlog

from firstwire.broker.embedded import EmbeddedBroker, broker_folder
from firstwire.broker.reach import wait_for_kafka
from firstwire.broker.topics import ARTICLES, EVENTS, MATCHES, STORIES, create_missing_topics
from firstwire.config import EMBEDDED, Configuration
from firstwire.errors import EXIT_CONFIG, EXIT_FAILED, EXIT_OK, TransientError
from firstwire.health import ProcessReporter
from firstwire.last_verify import sample_verify
from firstwire.metrics import PART_RESTARTS, Sample, free_bytes, sampled
from firstwire.nightly import due_between
from firstwire.process import ReadyPipe, start_child
from firstwire.supervised import PART_VARIABLE, expect_parts, forget_parts, reporting_as

log = structlog.get_logger()

WORKERS = {
    "work-articles": ("work", "--input", ARTICLES),
    "work-stories": ("work", "--input", STORIES, "--input", EVENTS),
    "work-matches": ("work", "--input", MATCHES),
}
"""The worker's stages, in processes of their own so that they use several cores. Events are few, and ask the same rules
as stories do, which are then only once in memory."""

PARTS = {**WORKERS, "notify": ("notify",), "web": ("web",), "poll": ("poll",)}
"""The processes that `run` supervises, and their commands, in the order of their start: consumers before producers."""

PROGRAM = (sys.executable, "-m", "firstwire.commands.cli")
VERIFY = (*PROGRAM, "verify", "--nightly")
VERIFY_EVENTS = {EXIT_OK: "verified", EXIT_FAILED: "verify_found_differences"}
"""What is logged when it has ended, by its exit code."""

DISK = "disk"
"""What the supervisor needs to be ready, beside its broker."""

SUPERVISOR = "run"
"""The supervisor's own name among the parts."""

PRODUCERS = ("poll",)
WATCHERS = ("web",)
"""Parts that nothing waits for: a console that cannot listen ends and delays nothing."""
CONSUMERS_LIMIT_SECONDS = 20.0

WATCH_SECONDS = 0.05
FIRST_RESTART_SECONDS = 0.2
LONGEST_RESTART_SECONDS = 30.0
SETTLED_SECONDS = 3.0
"""A part that ran this long has its backoff reset."""
LOOKS_PER_DISK = 40
"""Of so many looks at the processes, one is also at the space left: every two seconds."""
FULL_BYTES = 100_000_000
"""With less a disk counts as full: Kafka makes files of ten megabytes, and ends when it cannot."""
FULL_DISK_SECONDS = 0.5
"""Between two looks at a full disk while the broker waits for room."""
CHILD_STOP_LIMIT_SECONDS = 7.0
"""Parts still running this long after SIGTERM are killed: with transactions that is always safe."""


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    output: IO[bytes] | None = None
    """Where its output goes; None: to the supervisor's."""
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    backoff_seconds: float = FIRST_RESTART_SECONDS
    starts: int = 0
    pipe: ReadyPipe | None = None

    def start(self) -> None:
        if self.pipe is not None:
            self.pipe.close()
        self.pipe = ReadyPipe()
        environment = {**os.environ, ReadyPipe.VARIABLE: str(self.pipe.writer), PART_VARIABLE: self.name}
        self.process = start_child(
            self.command, environment=environment, output=self.output, pass_fds=[self.pipe.writer]
        )
        self.pipe.handed_over()
        self.started_at = time.monotonic()
        self.starts += 1
        log.info("process_started", part=self.name, pid=self.process.pid)

    def is_ready(self) -> bool:
        return self.pipe is not None and self.pipe.is_ready()

    def plan_restart(self, code: int) -> None:
        now = time.monotonic()
        if now - self.started_at > SETTLED_SECONDS:
            self.backoff_seconds = FIRST_RESTART_SECONDS
        self.start_again_at = now + self.backoff_seconds
        log.warning("process_died", part=self.name, exit_code=code, again_in_seconds=self.backoff_seconds)
        self.backoff_seconds = min(self.backoff_seconds * 2, LONGEST_RESTART_SECONDS)
        self.process = None


@dataclass
class Supervisor:
    """Runs until `stop` is set. `bootstrap_servers` is set once `start` has returned."""

    configuration: Configuration
    stop: asyncio.Event
    parts: list[Child] = field(default_factory=list)
    broker: EmbeddedBroker | None = None
    bootstrap_servers: str = ""
    commands: Mapping[str, Sequence[str]] = field(default_factory=lambda: PARTS)
    verify_command: Sequence[str] = VERIFY
    output: IO[bytes] | None = None
    reporter: ProcessReporter = field(default_factory=ProcessReporter)
    space_left: Callable[[Path], int | None] = free_bytes
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    summary: Callable[[], Mapping[str, object]] = dict
    """What is said in the log once everything runs."""
    _verifying: subprocess.Popen[bytes] | None = None
    _verify_looked_at: datetime | None = None
    _broker_restarts: int = 0
    _produce_by: float = 0.0

    def __post_init__(self) -> None:
        sampled(self.reporter.registry, PART_RESTARTS, self._restarts)
        sample_verify(self.reporter.registry, self.configuration.data_dir)

    async def run(self, on_ready: Callable[[], None] = lambda: None) -> int:
        """Run, and return the exit code: 0 after a clean stop, 78 if a part ended with it: a restart would not help."""
        try:
            await self.start()
            async with reporting_as(SUPERVISOR, self.configuration.data_dir, self.reporter):
                on_ready()
                return await self._watch()
        finally:
            await self._stop_all()

    def reload(self) -> None:
        """Have the notifier read its configuration again."""
        for part in self.parts:
            # One that is not ready has not said yet what to do with the signal, which would end it
            if part.name == "notify" and part.process is not None and part.is_ready():
                part.process.send_signal(signal.SIGHUP)

    async def start(self) -> None:
        """Start Kafka, create the topics, then start the parts. Raises ConfigError and TransientError."""
        kafka = self.configuration.settings.kafka
        if kafka.bootstrap_servers == EMBEDDED:
            self.broker = EmbeddedBroker(
                broker_folder(self.configuration.data_dir), lambda line: log.info("broker_progress", doing=line)
            )
            await self.broker.start()
            self.bootstrap_servers = self.broker.bootstrap_servers
            log.info("process_started", part="broker", pid=self.broker.pid, bootstrap_servers=self.bootstrap_servers)
        else:
            self.bootstrap_servers = kafka.bootstrap_servers
            await wait_for_kafka(self.bootstrap_servers, self.stop)
        created = await create_missing_topics(self.bootstrap_servers, kafka)
        if created:
            log.info("topics_created", count=len(created), prefix=kafka.topic_prefix)
        names = [name for name in self.commands if name != "web" or self.configuration.settings.web.listen]
        expect_parts(self.configuration.data_dir, (SUPERVISOR, *names))
        self.parts = [Child(name, self._command(name), self.output) for name in names]
        for part in self.parts:
            if part.name not in PRODUCERS:
                part.start()
        self._produce_by = time.monotonic() + CONSUMERS_LIMIT_SECONDS

    def _may_start(self, part: Child) -> bool:
        """Whether a part may start: producers first wait for all consumers, so that the first article is not late."""
        if part.starts or part.name not in PRODUCERS:
            return time.monotonic() >= part.start_again_at
        consumers = [other for other in self.parts if other.name not in PRODUCERS + WATCHERS]
        return time.monotonic() >= self._produce_by or all(other.is_ready() for other in consumers)

    def _works(self) -> bool:
        """Whether every part runs; the console may wait for its port."""
        return all(
            part.process is not None and (part.name in PRODUCERS + WATCHERS or part.is_ready()) for part in self.parts
        )

    def _command(self, name: str) -> list[str]:
        options = ["--bootstrap-servers", self.bootstrap_servers, *self._config_option()]
        return [*PROGRAM, *self.commands[name], *options]

    def _config_option(self) -> list[str]:
        return [] if self.configuration.file is None else ["--config", str(self.configuration.file)]

    def _restarts(self) -> list[Sample]:
        found: list[Sample] = [((part.name,), max(0, part.starts - 1)) for part in self.parts]
        return found if self.broker is None else [*found, (("broker",), self._broker_restarts)]

    async def _watch(self) -> int:
        looks, is_told = count(), False
        while not self.stop.is_set():
            if next(looks) % LOOKS_PER_DISK == 0:
                self.look_at_disk()
                self.look_at_verify()
            await self._look_at_broker()
            if not is_told and self._works():
                is_told = True
                log.info("ready", **await asyncio.to_thread(self.summary))
            for part in self.parts:
                if part.process is None:
                    if self._may_start(part):
                        part.start()
                    continue
                code = part.process.poll()
                if code == EXIT_CONFIG:
                    log.error("process_cannot_run", part=part.name, exit_code=code)
                    return code
                if code is not None:
                    part.plan_restart(code)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), WATCH_SECONDS)
        return EXIT_OK

    def look_at_disk(self) -> bool:
        """Whether the disk is full: said once, and once that it has room again. Meanwhile nothing is lost or told."""
        folder = self.configuration.data_dir
        free, was_full = self.space_left(folder), DISK in self.reporter.readiness.lacking
        is_full = free is not None and free < FULL_BYTES
        if is_full:
            self.reporter.readiness.lacks(DISK, f"is full: {free:,} bytes are left where {folder} is")
        else:
            self.reporter.readiness.has(DISK)
        if is_full and not was_full:
            log.error("disk_full", folder=str(folder), free_bytes=free, wanted_bytes=FULL_BYTES)
        elif was_full and not is_full:
            log.info("disk_has_room", folder=str(folder), free_bytes=free)
        return is_full

    def look_at_verify(self) -> None:
        """Start the nightly `verify` when it is time, and say what came of it. It is no part: nothing waits for it."""
        now = self.clock()
        before, self._verify_looked_at = self._verify_looked_at or now, now
        if self._verifying is not None:
            code = self._verifying.poll()
            if code is not None:
                self._verifying = None
                level = {EXIT_OK: log.info, EXIT_FAILED: log.error}.get(code, log.warning)
                level(VERIFY_EVENTS.get(code, "verify_failed"), exit_code=code)
        elif due_between(self.configuration.settings.verify.at, before, now):
            self._verifying = start_child([*self.verify_command, *self._config_option()], output=self.output)
            log.info("verify_started", pid=self._verifying.pid)

    async def _look_at_broker(self) -> None:
        if self.broker is None or self.broker.exit_code() is None:
            return
        log.warning("process_died", part="broker", exit_code=self.broker.exit_code())
        self.reporter.readiness.lacks("broker", "it has ended and is being started again")
        backoff = FIRST_RESTART_SECONDS
        before = self.bootstrap_servers
        while not self.stop.is_set():
            if self.look_at_disk():  # the start would fail, and ever longer waits be too long once there is room
                await asyncio.sleep(FULL_DISK_SECONDS)
                continue
            try:
                await self.broker.start()
            except TransientError as err:
                log.error("broker_start_failed", reason=str(err), again_in_seconds=backoff)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stop.wait(), backoff)
                backoff = min(backoff * 2, LONGEST_RESTART_SECONDS)
                continue
            log.info(
                "process_started", part="broker", pid=self.broker.pid, bootstrap_servers=self.broker.bootstrap_servers
            )
            self._broker_restarts += 1
            self.reporter.readiness.has("broker")
            break
        if self.broker.bootstrap_servers != before:  # its port was taken: all parts need the new one
            self.bootstrap_servers = self.broker.bootstrap_servers
            for part in self.parts:
                part.command = self._command(part.name)
                if part.process is not None:
                    part.process.terminate()

    async def _stop_all(self) -> None:
        processes = [self._verifying, *(part.process for part in self.parts)]
        living = [process for process in processes if process is not None and process.poll() is None]
        for process in reversed(living):
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + CHILD_STOP_LIMIT_SECONDS
        for process in living:
            try:
                await asyncio.to_thread(process.wait, max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("process_killed", pid=process.pid, reason=f"did not stop in {CHILD_STOP_LIMIT_SECONDS} s")
                process.kill()
                await asyncio.to_thread(process.wait)
        for part in self.parts:
            if part.pipe is not None:
                part.pipe.close()
        if self.parts:
            forget_parts(self.configuration.data_dir)
        if self.broker is not None:
            await self.broker.stop()
        log.info("supervisor_stopped")

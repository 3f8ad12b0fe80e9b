"""Reads stories in several processes at once. They are handed out in turn and come back in order, so nothing shows it.

The processes are forked: they share what is known with this one, begin at once, and end when it does.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

import msgspec

from firstwire.errors import FatalError
from firstwire.process import die_with_parent
from firstwire.replay.readings import (
    MatchedStory,
    Readers,
    ReadHere,
    Reading,
    ReadingTask,
    StoryReading,
    Unread,
    reading_of,
)

TOGETHER = 32
"""Handed over at once: so much reading that the passing on costs nothing."""
AHEAD_EACH = 3
"""Lots for each process: one is read, one waits for it, one waits to be judged."""
STOPPING_SECONDS = 5.0
HEARD_SECONDS = 0.5
"""How long the loop may sleep: a Ctrl-C that another thread of this process got is heard when it wakes."""

_STORIES = msgspec.msgpack.Decoder(list[Unread])
_READINGS = msgspec.msgpack.Decoder(list[StoryReading])


@contextmanager
def open_readers(task: ReadingTask, processes: int, *, from_articles: bool) -> Iterator[Readers]:
    """This process if it is to be one, else so many others. Enter it in the main thread, before other threads begin.

    `from_articles`: whether models are needed, which are then loaded once for all.
    """
    if processes == 1:
        yield ReadHere(task)
        return
    with ReadByProcesses(task, processes, from_articles=from_articles) as readers:
        yield readers


class ReadByProcesses:
    """So many processes that read for this one. Enter it in the main thread, before other threads begin."""

    together = TOGETHER

    def __init__(self, task: ReadingTask, count: int, *, from_articles: bool) -> None:
        """`from_articles`: whether models are needed, which are then loaded once for all."""
        self.ahead = AHEAD_EACH * count
        self._task = task
        self._count = count
        self._from_articles = from_articles
        self._workers: list[_ReadingWorker] = []
        self._turns = cycle(self._workers)

    def __enter__(self) -> Self:
        if self._from_articles:
            self._task.knowledge.reading.load()
        for _ in range(self._count):
            self._workers.append(_ReadingWorker(self._task, [older.pipe for older in self._workers]))
        for worker in self._workers:  # threads begin when everything is forked
            worker.begin()
        self._turns = cycle(self._workers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop(at_once=error is not None)
        self._workers.clear()

    @property
    def pids(self) -> list[int]:
        """The processes, by their numbers."""
        return [worker.pid for worker in self._workers]

    def submit(self, stories: Sequence[Unread]) -> Reading:
        """Hand stories to the next process. Raises FatalError, when they are asked for, if it has died."""
        worker = next(self._turns) if stories else None
        if worker is not None:
            worker.send(msgspec.msgpack.encode(stories))

        async def read() -> list[MatchedStory]:
            readings = _READINGS.decode(await worker.received()) if worker is not None else []
            return [self._task.restored(*pair) for pair in zip(stories, readings, strict=True)]

        return read


class _ReadingWorker:
    """A process, and a thread for each direction: nobody waits for the process but who asks for what it has read."""

    def __init__(self, task: ReadingTask, older: Sequence[Connection]) -> None:
        context = get_context("fork")
        self.pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(task, theirs, (*older, self.pipe), os.getpid()), daemon=True
        )
        with warnings.catch_warnings():  # libraries of numbers have threads of their own, which mind a fork
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        theirs.close()
        self._leaving: SimpleQueue[bytes | None] = SimpleQueue()
        self._arrived: SimpleQueue[bytes | None] = SimpleQueue()
        self._not_sent: Exception | None = None
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._send_all, self._listen)]

    @property
    def pid(self) -> int:
        assert self._process.pid is not None  # it was started
        return self._process.pid

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def send(self, data: bytes) -> None:
        self._leaving.put(data)

    async def received(self) -> bytes:
        """The oldest answer that was not asked for yet. Raises FatalError, whenever asked, if the process has died."""
        data = await self._arrival()
        if data is None:
            self._arrived.put(None)  # for whoever asks next
            raise self._died() from self._not_sent
        return data

    async def _arrival(self) -> bytes | None:
        """The next answer; None when the process has ended."""
        with suppress(Empty):
            return self._arrived.get_nowait()
        while True:
            with suppress(Empty):
                return await asyncio.to_thread(self._arrived.get, timeout=HEARD_SECONDS)

    def stop(self, *, at_once: bool) -> None:
        if at_once:
            self._process.kill()
        else:
            self._leaving.put(b"")
        self._leaving.put(None)
        self._process.join(STOPPING_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        for thread in self._threads:
            thread.join(STOPPING_SECONDS)
        self.pipe.close()
        self._process.close()

    def _send_all(self) -> None:
        try:
            while (data := self._leaving.get()) is not None:
                self.pipe.send_bytes(data)
        except (BrokenPipeError, ConnectionResetError):
            return  # it has died, as the other thread sees
        except Exception as err:
            self._not_sent = err
            self._process.kill()  # so that the other thread sees it

    def _listen(self) -> None:
        try:
            while True:
                self._arrived.put(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self._arrived.put(None)

    def _died(self) -> FatalError:
        if self._not_sent is not None:
            return FatalError(f"articles could not be handed to a process that reads them: {self._not_sent!r}")
        self._process.join(STOPPING_SECONDS)
        code = self._process.exitcode
        how = f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        asked = "its error stands above" if code == 1 else "was there too little memory?"
        return FatalError(f"a process that reads articles has ended ({how}): {asked}")


def _serve(task: ReadingTask, pipe: Connection, inherited: Sequence[Connection], parent: int) -> None:
    """Read what comes until an empty message, or the end of the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the parent, which ends this process
    die_with_parent()
    if os.getppid() != parent:
        return
    for each in inherited:
        each.close()
    gc.freeze()  # the collector would touch, and so copy, what is shared
    try:
        while data := pipe.recv_bytes():
            readings = [reading_of(task.matched(each), each) for each in _STORIES.decode(data)]
            pipe.send_bytes(msgspec.msgpack.encode(readings))
    except (EOFError, OSError):
        return

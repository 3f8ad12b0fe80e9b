"""Worker processes that read documents. A document that takes too long or too much is given up, alone.

The event loop never parses: 200 real feeds took up to 1.7 s each, and 200,000 nested elements take minutes.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.parse_worker import ReadJob, ReadResult, prepare_worker, read_within

FAST_SECONDS = 0.5
"""Processor time for a document: of 200 real feeds all but the largest took less than 0.35 s."""

SLOW_SECONDS = 4.0
"""The same in the slow lane."""

WALL_FACTOR = 4
"""A worker that is not done after so many times its budget does not react to the timer and is killed."""

SLOWEST_SECONDS = 4.5
"""However busy the machine is: a document is read or refused within 5 s."""

ATTEMPTS = 2
"""A worker that somebody killed while it was idle breaks the next job, which is tried again."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document, or why there is none. `was_slow`: it belongs into the slow lane."""

    document: FeedDocument | UnreadableFeed
    was_slow: bool = False


class Parser:
    """`async with Parser(workers=2) as parser:` then `await parser.read(job)`, any number concurrently.

    There are `workers` processes for documents that are read quickly, as nearly all are, and one for the others.
    """

    def __init__(self, *, workers: int, fast_seconds: float = FAST_SECONDS, slow_seconds: float = SLOW_SECONDS) -> None:
        self._fast = _Lane(workers, fast_seconds)
        self._slow = _Lane(1, slow_seconds)

    async def read(self, job: ReadJob, *, is_slow: bool = False) -> Parsed:
        """The document of a body, or why there is none. `is_slow`: in the slow lane, with more time."""
        result = await (self._slow if is_slow else self._fast).run(job)
        return Parsed(result.document, result.out_of_time or result.used_seconds > self._fast.seconds)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._fast.end()
        await self._slow.end()


class _Lane:
    """Workers with one budget. Each is a pool of one process, so that only the guilty one is killed."""

    def __init__(self, workers: int, seconds: float) -> None:
        self.seconds = seconds
        self._workers = [_new_worker() for _ in range(workers)]
        self._idle: asyncio.Queue[int] = asyncio.Queue()
        for number in range(workers):
            self._idle.put_nowait(number)

    async def run(self, job: ReadJob) -> ReadResult:
        number = await self._idle.get()
        try:
            for _ in range(ATTEMPTS):
                try:
                    async with asyncio.timeout(min(SLOWEST_SECONDS, self.seconds * WALL_FACTOR)):
                        result: ReadResult = await asyncio.get_running_loop().run_in_executor(
                            self._workers[number], read_within, job, self.seconds
                        )
                except TimeoutError:
                    await self._replace(number)
                    reason = f"reading it took more than {self.seconds:g} s"
                    return ReadResult(UnreadableFeed(reason), self.seconds, out_of_time=True)
                except asyncio.CancelledError:
                    await self._replace(number)
                    raise
                # A worker that died, or whose pool is closing its pipes
                except (BrokenProcessPool, OSError):
                    await self._replace(number)
                else:
                    if result.is_bloated:
                        await self._replace(number)
                    return result
            return ReadResult(UnreadableFeed("reading it ended the worker process"), self.seconds, out_of_time=True)
        finally:
            self._idle.put_nowait(number)

    async def end(self) -> None:
        for worker in self._workers:
            await _end(worker)

    async def _replace(self, number: int) -> None:
        old, self._workers[number] = self._workers[number], _new_worker()
        await _end(old)


def _new_worker() -> ProcessPoolExecutor:
    # Forked from a server that has the libraries loaded, in hundredths of a second: the loop's process has threads and
    # sockets that a child must not inherit
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["firstwire.poller.preloaded"])
    return ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=prepare_worker)


async def _end(worker: ProcessPoolExecutor) -> None:
    """Kill a worker; its job raises BrokenProcessPool."""
    for process in list((worker._processes or {}).values()):
        process.kill()
    await asyncio.to_thread(worker.shutdown, wait=True, cancel_futures=True)

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
from firstwire.poller.parse_worker import Budget, ReadJob, ReadResult, prepare_worker, read_within

FAST = Budget(seconds=0.5, memory_bytes=64 * 1024**2)
"""For a document: of 200 real feeds all but the largest took less than 0.35 s."""

SLOW = Budget(seconds=4.0, memory_bytes=160 * 1024**2)
"""The same in the slow lane: feeds of 14 MB of plain text need 96 MB."""

SMALL_BYTES = 512 * 1024
"""Documents up to this size have a worker of which larger ones keep away."""

WALL_FACTOR, LEAST_WALL_SECONDS = 4, 2.0
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

    def __init__(self, *, workers: int, fast: Budget = FAST, slow: Budget = SLOW) -> None:
        self._fast = _Lane(workers, fast)
        self._slow = _Lane(1, slow)

    async def read(self, job: ReadJob, *, is_slow: bool = False) -> Parsed:
        """The document of a body, or why there is none. `is_slow`: in the slow lane, with more time."""
        result = await (self._slow if is_slow else self._fast).run(job)
        return Parsed(result.document, result.is_over_budget or result.used_seconds > self._fast.budget.seconds)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._fast.end()
        await self._slow.end()


class _Lane:
    """Workers with one budget. Each is a pool of one process, so that only the guilty one is killed."""

    def __init__(self, workers: int, budget: Budget) -> None:
        self.budget = budget
        self._workers = [_new_worker() for _ in range(workers)]
        self._idle: asyncio.Queue[int] = asyncio.Queue()
        for number in range(workers):
            self._idle.put_nowait(number)
        self._large = asyncio.Semaphore(max(1, workers - 1))

    @property
    def budget_on_the_wall(self) -> float:
        """Seconds after which a worker is killed."""
        return min(SLOWEST_SECONDS, max(LEAST_WALL_SECONDS, self.budget.seconds * WALL_FACTOR))

    async def run(self, job: ReadJob) -> ReadResult:
        """Read a document. One worker is kept free of large ones."""
        if len(job.body) <= SMALL_BYTES:
            return await self._run(job)
        async with self._large:
            return await self._run(job)

    async def _run(self, job: ReadJob) -> ReadResult:
        number = await self._idle.get()
        try:
            for _ in range(ATTEMPTS):
                try:
                    async with asyncio.timeout(self.budget_on_the_wall):
                        result: ReadResult = await asyncio.get_running_loop().run_in_executor(
                            self._workers[number], read_within, job, self.budget
                        )
                except TimeoutError:
                    await self._replace(number)
                    reason = f"reading it took more than {self.budget.seconds:g} s"
                    return ReadResult(UnreadableFeed(reason), self.budget.seconds, is_over_budget=True)
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
            reason = "reading it ended the worker process"
            return ReadResult(UnreadableFeed(reason), self.budget.seconds, is_over_budget=True)
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

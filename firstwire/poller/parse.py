"""Worker processes that read documents. A document that takes too long or too much is given up, alone.

The event loop never parses: 200 real feeds took up to 1.7 s each, and 200,000 nested elements take minutes.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.page_text import PageText, RobotsAnswer
from firstwire.poller.parse_worker import Budget, Job, PageJob, ReadJob, ReadResult, RobotsJob, serve

P = ParamSpec("P")
T = TypeVar("T")

FAST = Budget(seconds=0.5, memory_bytes=48 * 1024**2)
"""For a document: of 200 real feeds all but the largest took less than 0.35 s."""

SLOW = Budget(seconds=4.0, memory_bytes=128 * 1024**2)
"""The same in the slow lane: feeds of 14 MB need 96 MB, with characters beyond the basic plane more."""

PAGES = Budget(seconds=2.0, memory_bytes=96 * 1024**2)
"""The same for pages of articles: of 200 real ones the mean was 14 ms."""

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

    There are `workers` processes for documents that are read quickly, as nearly all are, and one for the others. That
    for pages of articles is started when there is the first.
    """

    def __init__(self, *, workers: int, fast: Budget = FAST, slow: Budget = SLOW) -> None:
        self._fast = _Lane(workers, fast)
        self._slow = _Lane(1, slow)
        self._pages = _Lane(1, PAGES)

    async def read(self, job: ReadJob, *, is_slow: bool = False) -> Parsed:
        """The document of a body, or why there is none. `is_slow`: in the slow lane, with more time."""
        result = await (self._slow if is_slow else self._fast).run(job)
        assert isinstance(result.document, FeedDocument | UnreadableFeed)
        return Parsed(result.document, result.is_over_budget or result.used_seconds > self._fast.budget.seconds)

    async def read_page(self, job: PageJob) -> PageText | UnreadableFeed:
        """The text of an article's page, or why there is none."""
        document = (await self._pages.run(job)).document
        assert isinstance(document, PageText | UnreadableFeed)
        return document

    async def read_robots(self, job: RobotsJob) -> RobotsAnswer | UnreadableFeed:
        """What a robots.txt says, or why that is unknown."""
        document = (await self._pages.run(job)).document
        assert isinstance(document, RobotsAnswer | UnreadableFeed)
        return document

    async def __aenter__(self) -> Self:
        # The server that forks them loads libraries and models first, which is no document's fault
        await self._fast.start()
        await self._slow.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._fast.end()
        await self._slow.end()
        await self._pages.end()


class _Lane:
    """Workers with one budget. Each has one document at a time, so that only the guilty one is killed."""

    def __init__(self, workers: int, budget: Budget) -> None:
        self.budget = budget
        self._workers: list[_Worker] = []
        self._count = workers
        self._idle: asyncio.Queue[int] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="parse")
        self._large = asyncio.Semaphore(max(1, workers - 1))
        self._starting = asyncio.Lock()

    @property
    def budget_on_the_wall(self) -> float:
        """Seconds after which a worker is killed."""
        return min(SLOWEST_SECONDS, max(LEAST_WALL_SECONDS, self.budget.seconds * WALL_FACTOR))

    async def start(self) -> None:
        """Start the workers, and wait until they are ready."""
        self._workers = [await self._in_thread(_Worker) for _ in range(self._count)]
        for number in range(self._count):
            self._idle.put_nowait(number)

    async def run(self, job: Job) -> ReadResult:
        """Read a document. One worker is kept free of large ones."""
        async with self._starting:
            if not self._workers:
                await self.start()
        if len(job.body) <= SMALL_BYTES:
            return await self._run(job)
        async with self._large:
            return await self._run(job)

    async def end(self) -> None:
        for worker in self._workers:
            worker.kill()
        await asyncio.to_thread(self._threads.shutdown)

    async def _run(self, job: Job) -> ReadResult:
        number = await self._idle.get()
        try:
            for _ in range(ATTEMPTS):
                try:
                    async with asyncio.timeout(self.budget_on_the_wall):
                        result = await self._in_thread(self._workers[number].read, job, self.budget)
                except TimeoutError:
                    await self._replace(number)
                    reason = f"reading it took more than {self.budget.seconds:g} s"
                    return ReadResult(UnreadableFeed(reason), self.budget.seconds, is_over_budget=True)
                except asyncio.CancelledError:
                    # The thread that waits for it is set free
                    self._workers[number].kill()
                    raise
                except (EOFError, OSError):
                    await self._replace(number)
                else:
                    if result.is_bloated:
                        await self._replace(number)
                    return result
            reason = "reading it ended the worker process"
            return ReadResult(UnreadableFeed(reason), self.budget.seconds, is_over_budget=True)
        finally:
            self._idle.put_nowait(number)

    async def _replace(self, number: int) -> None:
        self._workers[number].kill()
        self._workers[number] = await self._in_thread(_Worker)

    async def _in_thread(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(call, *arguments, **named))


class _Worker:
    """A worker process and the pipe to it.

    Not a ProcessPoolExecutor: one that reads a result of which a killed worker wrote the half waits for ever (3.11).
    """

    def __init__(self) -> None:
        # Forked from a server that has the libraries loaded, in hundredths of a second: the loop's process has threads
        # and sockets that a child must not inherit
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["firstwire.poller.preloaded"])
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        # Only the worker may hold its end, so that its death ends what is read or written here
        theirs.close()
        self._pipe.recv()

    def read(self, job: Job, budget: Budget) -> ReadResult:
        """Let the worker read a document. Raises EOFError or OSError if it dies."""
        self._pipe.send((job, budget))
        result: ReadResult = self._pipe.recv()
        return result

    def kill(self) -> None:
        """End the worker; a thread that waits for it is set free."""
        self._process.kill()
        self._process.join()

"""Worker processes that read documents. One that hangs or grows too large is killed; the other jobs are retried.

The event loop never parses: 200 real feeds took up to 1.7 s each, and 200,000 nested elements take minutes.
"""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import resource
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import Self

from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.feed_reader import read_document

PARSE_SECONDS = 20.0
"""The slowest of 200 real feeds took 1.7 s; starting a worker takes about 1 s."""

MEMORY_LIMIT_BYTES = 2 * 1024**3
"""Address space of a worker: a body of 15 MiB needs well under 1 GiB."""

ATTEMPTS = 3
"""A job may be lost to another one's document: one that breaks this many pools in a row is the culprit itself."""


class Parser:
    """`async with Parser(workers=2) as parser:` then `await parser.read(…)`, any number concurrently."""

    def __init__(self, *, workers: int, timeout_seconds: float = PARSE_SECONDS) -> None:
        self._workers = workers
        self._timeout_seconds = timeout_seconds
        self._slots = asyncio.Semaphore(workers)
        self._pool = self._new_pool()

    async def read(
        self, body: bytes, *, url: str, content_type: str, entry_limit: int, detect: bool = False
    ) -> FeedDocument | UnreadableFeed:
        """The document in a body, or why there is none. See `read_document`."""
        job = partial(_read_in_worker, body, url=url, content_type=content_type, entry_limit=entry_limit, detect=detect)
        # As many jobs as workers, so that the timeout does not include time in the queue
        async with self._slots:
            for _ in range(ATTEMPTS):
                pool = self._pool
                try:
                    async with asyncio.timeout(self._timeout_seconds):
                        return await asyncio.get_running_loop().run_in_executor(pool, job)
                except TimeoutError:
                    self._replace(pool)
                    return UnreadableFeed(f"reading it took more than {self._timeout_seconds:g} s")
                # A job handed over while the pool notices that a worker was killed meets its closed pipes: OSError
                except (BrokenProcessPool, OSError):
                    self._replace(pool)
            return UnreadableFeed("reading it ended the worker process each time")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _end(self._pool)

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            max_workers=self._workers,
            # Not fork: the loop's process has threads and sockets that a child must not inherit
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare_worker,
            initargs=(os.getpid(), MEMORY_LIMIT_BYTES),
        )

    def _replace(self, pool: ProcessPoolExecutor) -> None:
        if self._pool is pool:
            self._pool = self._new_pool()
            _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    """Kill the pool's workers; their jobs raise BrokenProcessPool."""
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


def _read_in_worker(
    body: bytes, *, url: str, content_type: str, entry_limit: int, detect: bool
) -> FeedDocument | UnreadableFeed:
    try:
        return read_document(body, url=url, content_type=content_type, entry_limit=entry_limit, detect=detect)
    except MemoryError:
        return UnreadableFeed(f"reading it took more than {MEMORY_LIMIT_BYTES:,} bytes of memory")
    # A panic of Rust code is a BaseException, and any error that a document causes is only that document's failure
    except BaseException as err:
        return UnreadableFeed(f"the parser failed: {type(err).__name__}: {str(err)[:200]}")


def _prepare_worker(parent: int, memory_limit_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_limit_bytes, memory_limit_bytes))
    # A Ctrl-C in the terminal is for the parent, which ends the workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # PR_SET_PDEATHSIG of linux/prctl.h: the kernel kills this process when the parent dies, however it dies
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

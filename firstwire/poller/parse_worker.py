"""What runs in a parser's worker process: one document at a time, within a budget of processor time and memory."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from firstwire.poller.compression import unpacked
from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.feed_reader import read_document
from firstwire.poller.page_text import PageText, RobotsAnswer, load_extractor, read_page, read_robots
from firstwire.process import die_with_parent, keep_memory_whole

KEPT_BYTES = 12 * 1024**2
"""A worker that a document made larger by more is replaced: freed memory is rarely returned to the system."""

UNKNOWN_SIZE_BYTES = 1024**3
"""What a worker is taken to need itself on a system that does not tell."""

_STATM = Path("/proc/self/statm")
_fresh_bytes = 0
"""What was resident when this worker began."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What reading one document may cost: processor time, and address space beside what the worker has already."""

    seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class ReadJob:
    """One document to read; see `read_document`."""

    body: bytes
    url: str
    content_type: str
    entry_limit: int
    body_limit_bytes: int
    """Of the body once it is unpacked."""

    def prepare(self) -> None:
        """Nothing: the server that forks workers has loaded everything."""

    def read(self) -> FeedDocument | UnreadableFeed:
        """The document."""
        body = unpacked(self.body, self.body_limit_bytes)
        if isinstance(body, UnreadableFeed):
            return body
        return read_document(body, url=self.url, content_type=self.content_type, entry_limit=self.entry_limit)


@dataclass(frozen=True, slots=True)
class PageJob:
    """The page of an article; see `read_page`."""

    body: bytes
    content_type: str
    title: str
    teaser: str
    """What the feed has of the article."""
    body_limit_bytes: int

    def prepare(self) -> None:
        """Load what reads pages, which most pollers never need."""
        load_extractor()

    def read(self) -> PageText | UnreadableFeed:
        """The text."""
        body = unpacked(self.body, self.body_limit_bytes)
        if isinstance(body, UnreadableFeed):
            return body
        return read_page(body, content_type=self.content_type, title=self.title, teaser=self.teaser)


@dataclass(frozen=True, slots=True)
class RobotsJob:
    """What a robots.txt says of addresses; see `read_robots`."""

    body: bytes
    urls: tuple[str, ...]
    product: str

    def prepare(self) -> None:
        """Nothing."""

    def read(self) -> RobotsAnswer:
        """The answer."""
        return read_robots(self.body, urls=self.urls, product=self.product)


Job = ReadJob | PageJob | RobotsJob
JobDocument = FeedDocument | PageText | RobotsAnswer | UnreadableFeed


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A document, or why there is none. `used_seconds` is processor time."""

    document: JobDocument
    used_seconds: float
    is_over_budget: bool = False
    is_bloated: bool = False
    """The worker has grown and is to be replaced."""


class OutOfTimeError(BaseException):
    """Raised by the timer. No `except Exception` of a library may catch it."""


def read_within(job: Job, budget: Budget) -> ReadResult:
    """Read a document within a budget. Raises nothing."""
    _load(job)
    began = time.process_time()
    is_over_budget = False
    try:
        _limit_memory(budget.memory_bytes)
        try:
            signal.setitimer(signal.ITIMER_PROF, budget.seconds)
            document = _read(job)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except OutOfTimeError:
        document = UnreadableFeed(f"reading it took more than {budget.seconds:g} s")
        is_over_budget = True
    except MemoryError:
        document = UnreadableFeed(f"reading it took more than {budget.memory_bytes:,} bytes of memory")
        is_over_budget = True
    is_bloated = _size_bytes(1) > _fresh_bytes + KEPT_BYTES
    return ReadResult(document, time.process_time() - began, is_over_budget, is_bloated)


def serve(pipe: Connection) -> None:
    """Read documents until the other side closes. The first message says that the worker is ready."""
    _prepare()
    try:
        pipe.send(None)
        while True:
            job, budget = pipe.recv()
            pipe.send(read_within(job, budget))
    except (EOFError, OSError):
        return


def _prepare() -> None:
    global _fresh_bytes
    keep_memory_whole(one_arena=True)
    _fresh_bytes = _size_bytes(1)
    signal.signal(signal.SIGPROF, _out_of_time)
    # A Ctrl-C in the terminal is for the parent, which ends the workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # The parent is the server that forks workers, and that one ends when the poller does
        die_with_parent()
        if os.getppid() == 1:
            os._exit(1)


def _load(job: Job) -> None:
    """Load what a job needs, once: it is no document's fault that the worker grows by that."""
    global _fresh_bytes
    before = len(sys.modules)
    job.prepare()
    if len(sys.modules) > before:
        _fresh_bytes = _size_bytes(1)


def _read(job: Job) -> JobDocument:
    try:
        return job.read()
    except (MemoryError, OutOfTimeError):
        raise
    # A panic of Rust code is a BaseException, and any error that a document causes is only that document's failure
    except BaseException as err:
        return UnreadableFeed(f"the parser failed: {type(err).__name__}: {str(err)[:200]}")


def _out_of_time(number: int, frame: FrameType | None) -> None:
    raise OutOfTimeError


def _limit_memory(memory_bytes: int) -> None:
    """Let the address space grow by so much from where it is: libraries and models are not the document's."""
    size = _size_bytes(0)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = size + memory_bytes if size else UNKNOWN_SIZE_BYTES + memory_bytes
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    with suppress(ValueError, OSError):  # a system that knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _size_bytes(field: int) -> int:
    """A field of proc_pid_statm(5) in bytes: 0 is the address space, 1 what is resident. 0 where there is none."""
    try:
        return int(_STATM.read_text().split()[field]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0

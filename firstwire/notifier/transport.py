"""One attempt by whatever way the request's address names: HTTP, SMTP, a file on this host, Apprise."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiohttp

from firstwire.config import Network, NotifierSection, networks
from firstwire.core.text.durations import seconds
from firstwire.notifier.apprise_process import send_by_apprise
from firstwire.notifier.posting import ask, open_session, post
from firstwire.notifier.replies import Reply, ReplyVerdict, Request
from firstwire.notifier.smtp import send_mail, smtp_server_answers

DISK_THREADS = 64
"""Of receivers that are files. Threads are made as they are needed: one on a disk that hangs holds up no other."""


@dataclass(frozen=True)
class Transport:
    """All ways of sending, with the guard of addresses and the time limit of the settings."""

    session: aiohttp.ClientSession
    allow: tuple[Network, ...]
    timeout_seconds: float
    now: Callable[[], datetime]
    disk: Executor | None = None
    """Of receivers that are files; None: the default."""

    async def send(self, request: Request) -> Reply | ReplyVerdict:
        """The reply, or what its absence means."""
        scheme = urlsplit(request.url).scheme
        if scheme == "file":
            return await asyncio.get_running_loop().run_in_executor(self.disk, _appended, request, self.now)
        if scheme in ("smtp", "smtps"):
            return await send_mail(request, self.allow, self.timeout_seconds, self.now)
        if scheme == "apprise":
            return await send_by_apprise(request, self.allow, self.timeout_seconds, self.now)
        return await post(self.session, request, self.now)

    async def ask(self, url: str) -> Reply | ReplyVerdict:
        """Whether somebody is there, without a message."""
        scheme = urlsplit(url).scheme
        if scheme == "file":
            folder = _path_of(url).parent
            is_writable = os.access(folder, os.W_OK)
            return Reply(200, "", self.now()) if is_writable else ReplyVerdict("retry", f"cannot write in {folder}")
        if scheme in ("smtp", "smtps"):
            return await smtp_server_answers(url, self.allow, self.timeout_seconds, self.now)
        return await ask(self.session, url, self.now)


@asynccontextmanager
async def open_transport(section: NotifierSection, now: Callable[[], datetime]) -> AsyncIterator[Transport]:
    """The ways of sending that the settings ask for."""
    allow, limit = networks(section.allow_private_addresses), seconds(section.timeout)
    disk = ThreadPoolExecutor(DISK_THREADS, "firstwire-disk")
    try:
        async with open_session(allow, limit) as session:
            yield Transport(session, allow, limit, now, disk)
    finally:
        disk.shutdown(wait=False, cancel_futures=True)


def _appended(request: Request, now: Callable[[], datetime]) -> Reply:
    """Written whole and to the disk: 200; else 500 and why. A line that a crash cut off is ended first."""
    try:
        descriptor = os.open(_path_of(request.url), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(descriptor, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(size - 1)
            file.write((b"" if not size or file.read(1) == b"\n" else b"\n") + request.body)
            file.flush()
            os.fsync(file.fileno())
    except OSError as err:
        return Reply(500, f"cannot write: {err.strerror}", now())
    return Reply(200, "", now())


def _path_of(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))

"""Real firstwire processes for a test: started with a death signal, ended by their id whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from firstwire.process import start_child
from tests.support.waiting import PATIENCE_SECONDS

FIRSTWIRE = (sys.executable, "-m", "firstwire.commands.cli")


@contextmanager
def started(
    command: Sequence[str], *, log: Path, folder: Path | None = None, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process, its output in `log`; killed at the end if it is still there."""
    with log.open("ab") as output:
        process = start_child(command, environment={**os.environ, **environment}, output=output, folder=folder)
    try:
        yield process
    finally:
        kill(process)


def firstwire(
    *arguments: str, log: Path, folder: Path | None = None, **environment: str
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """`firstwire ARGUMENTS` as a process, as `started` has it; in a folder, if one is given."""
    return started([*FIRSTWIRE, *arguments], log=log, folder=folder, **environment)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process at once, also one that was paused, and wait until it is gone."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
    process.wait()


async def exit_code(process: subprocess.Popen[bytes], patience: float = PATIENCE_SECONDS) -> int:
    """The exit code, once the process has ended. TimeoutExpired if it does not."""
    return await asyncio.to_thread(process.wait, patience)

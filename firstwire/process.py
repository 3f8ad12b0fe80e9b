"""Child processes that never outlive their parent: started with a death signal if the system supports it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start_child(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    folder: Path | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process that the kernel kills when this one dies, however it dies.

    Call it from the main thread: the signal is tied to the thread that forks. The child has its own process group,
    so that a Ctrl-C in the terminal only reaches the parent, which stops its children in order.
    """
    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=None if environment is None else dict(environment),
        cwd=folder,
        process_group=0,
        pass_fds=pass_fds,
        preexec_fn=_die_with(os.getpid()) if _LIBC is not None else None,
    )


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent dies, however it dies. Without Linux this does nothing.

    Whoever calls it must look whether the parent died before.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _die_with(parent: int):  # type: ignore[no-untyped-def]
    def ask_for_death_signal() -> None:
        die_with_parent()
        if os.getppid() != parent:  # the parent died before the request
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_for_death_signal


class ReadyPipe:
    """Signals that a child is ready: it writes one byte into a pipe that it inherits."""

    VARIABLE = "FIRSTWIRE_READY_FD"

    def __init__(self) -> None:
        self._reader, self.writer = os.pipe()
        os.set_blocking(self._reader, False)
        self._is_ready = False

    def handed_over(self) -> None:
        """Close this process's copy of the child's end, once the child has it."""
        os.close(self.writer)

    def is_ready(self) -> bool:
        if not self._is_ready:
            try:
                self._is_ready = bool(os.read(self._reader, 1))
            except BlockingIOError:
                return False
        return self._is_ready

    def close(self) -> None:
        os.close(self._reader)


def report_ready() -> None:
    """In the child: signal the parent, if it passed a pipe."""
    number = os.environ.pop(ReadyPipe.VARIABLE, "")
    if number.isdigit():
        os.write(int(number), b"1")
        os.close(int(number))


LARGE_BYTES = 256 * 1024
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
"""Parameters of mallopt(3) in glibc's malloc.h."""


def keep_memory_whole(*, one_arena: bool = False) -> None:
    """Give every large array its own pages, which are returned to the system when it is freed.

    glibc raises the threshold by itself when large blocks are freed; merged indexes then fragment the heap, by a tenth
    of all memory with 300,000 articles remembered. Without glibc this does nothing.

    `one_arena`: for all threads, each of which would else keep a heap of its own. Beside hostile feeds a poller had
    200 MB of nothing.
    """
    if _LIBC is not None and hasattr(_LIBC, "mallopt"):
        _LIBC.mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
        if one_arena:
            _LIBC.mallopt(_M_ARENA_MAX, 1)

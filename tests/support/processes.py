"""Real firstwire processes for a test: started with a death signal, ended by their id whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from firstwire.process import start_child

PATIENCE_SECONDS = 60.0


@contextmanager
def firstwire(*arguments: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`firstwire ARGUMENTS` as a process, its output in `log`; killed at the end if it is still there."""
    with log.open("ab") as output:
        process = start_child(
            [sys.executable, "-m", "firstwire.commands.cli", *arguments],
            environment={**os.environ, **environment},
            output=output,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait()


async def exit_code(process: subprocess.Popen[bytes], patience: float = PATIENCE_SECONDS) -> int:
    """The exit code, once the process has ended. TimeoutExpired if it does not."""
    return await asyncio.to_thread(process.wait, patience)


def write_config(folder: Path, bootstrap: str, prefix: str, rest: str = "") -> Path:
    """A configuration on a given Kafka."""
    file = folder / "firstwire.toml"
    file.write_text(
        f'[kafka]\nbootstrap_servers = "{bootstrap}"\ntopic_prefix = "{prefix}"\npartitions = 2\n{rest}',
        encoding="utf-8",
    )
    return file

"""What befalls machines beside processes that end: a clock that is set back, a disk that is full."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLOCK = Path(__file__).parent / "clock.c"
ROOM_BYTES = 2 << 30
"""Of a small disk. Kafka's files are sparse: those of three brokers take a tenth of it."""
WRITTEN_BYTES = 1 << 20


class MovableClocks:
    """Wall clocks of processes, each of which can be moved while its process runs. Monotonic clocks go on."""

    def __init__(self, folder: Path) -> None:
        """Raises CalledProcessError or FileNotFoundError without a C compiler, `cc`."""
        self._folder = folder
        self._library = folder / "clock.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(self._library), str(CLOCK)], check=True)

    def environment(self, name: str) -> dict[str, str]:
        """With which to start the process of that name."""
        if not self._file(name).exists():
            self.move(name, 0)
        return {"LD_PRELOAD": str(self._library), "FIRSTWIRE_TEST_CLOCK": str(self._file(name))}

    def move(self, name: str, seconds: int) -> None:
        """From now on the process of that name sees a time so much later than it is; 0 sets it right."""
        file = os.open(self._file(name), os.O_WRONLY | os.O_CREAT)
        try:
            os.pwrite(file, struct.pack("=q", seconds), 0)
        finally:
            os.close(file)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.clock"


class SmallDisk:
    """A file system in memory that can be full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filling = folder / "filling"

    def fill(self) -> None:
        """Leave no room."""
        with self._filling.open("ab", buffering=0) as file:
            size = WRITTEN_BYTES
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def make_room(self) -> None:
        self._filling.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A small disk mounted at a new folder, unmounted at the end. Raises CalledProcessError for all but root."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM_BYTES}", "firstwire", str(folder)], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)

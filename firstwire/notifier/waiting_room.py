"""Where deliveries wait: a few in memory, the rest in a file that SQLite keeps and forgets with the process.

Nothing here must survive: what waits is read from `deliveries` again after a restart.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator

import msgspec
import structlog

from schemas import Delivery

KEPT_IN_MEMORY = 1_000
"""More than one message about many holds, and about 10 MB."""

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Delivery)


class WaitingRoom:
    """Deliveries by their key, each in its newest state. More than a thousand take no more memory than their keys."""

    def __init__(self, kept_in_memory: int = KEPT_IN_MEMORY) -> None:
        self._kept_in_memory = kept_in_memory
        self._kept: dict[str, Delivery] = {}
        self._filed: dict[str, int] = {}
        """The number in the file, by key."""
        self._file: sqlite3.Connection | None = None

    def __len__(self) -> int:
        return len(self._kept) + len(self._filed)

    def __iter__(self) -> Iterator[Delivery]:
        """All that wait; which may change meanwhile."""
        for key in (*self._kept, *self._filed):
            if key in self._kept or key in self._filed:
                yield self[key]

    def __getitem__(self, key: str) -> Delivery:
        if (kept := self._kept.get(key)) is not None:
            return kept
        number = self._filed[key]
        assert self._file is not None, "what is filed is in the file"
        (record,) = self._file.execute("SELECT record FROM waiting WHERE number = ?", (number,)).fetchone()
        return _DECODER.decode(zlib.decompress(record))

    def put(self, key: str, delivery: Delivery) -> None:
        """Let a delivery wait, in place of its state before."""
        self.discard(key)
        if len(self._kept) < self._kept_in_memory or not self._is_filed(key, delivery):
            self._kept[key] = delivery

    def discard(self, key: str) -> None:
        """Forget a delivery, if it waits."""
        self._kept.pop(key, None)
        number = self._filed.pop(key, None)
        if number is not None and self._file is not None:
            self._file.execute("DELETE FROM waiting WHERE number = ?", (number,))

    def _is_filed(self, key: str, delivery: Delivery) -> bool:
        record = zlib.compress(_ENCODER.encode(delivery), 1)
        try:
            if self._file is None:
                self._file = _temporary_file()
            number = self._file.execute("INSERT INTO waiting (record) VALUES (?)", (record,)).lastrowid
        except sqlite3.Error as err:
            structlog.get_logger("firstwire.notifier").warning("waiting_in_memory", error=str(err))
            return False
        assert number is not None, "an insert numbers its row"
        self._filed[key] = number
        return True


def _temporary_file() -> sqlite3.Connection:
    """A file of SQLite's without a name, in TMPDIR, of which two megabytes at most are in memory."""
    file = sqlite3.connect("", isolation_level=None)
    # It need not survive anything: one transaction that never ends, and no journal
    for pragma in ("journal_mode = OFF", "synchronous = OFF"):
        file.execute(f"PRAGMA {pragma}")
    file.execute("BEGIN")
    file.execute("CREATE TABLE waiting (number INTEGER PRIMARY KEY, record BLOB NOT NULL)")
    return file

"""Writes the results of a replay: one JSON Lines file per kind, byte-identical for the same input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec
import orjson

from firstwire.errors import ConfigError
from firstwire.replay.run import Replayed
from schemas.record import Record

NAMES = ("stories", "events", "matches", "alerts", "outcomes", "verdicts")


class ResultFiles:
    """The six files. Until `finish` they have other names, and what is there already stays. Enter it.

    They are begun with the first result: by then nobody else replays into the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        """How many records of each kind were written."""
        self._folder = folder
        self._open: dict[str, BinaryIO] = {}
        self._stack = ExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what was not written for want of room is not written now either
            self._stack.close()
        for name in self._open:
            self._unfinished(name).unlink(missing_ok=True)

    async def take(self, found: Replayed, at: str) -> None:
        """Write what was found, and forget it: all but the alerts, whose state is not final yet. Raises ConfigError if
        the folder cannot be written, or there is no room.
        """
        self._begin()
        for name, records in records_of(found).items():
            self._write(name, records)
        found.forget_articles()

    async def finish(self, found: Replayed, at: str) -> None:
        """Write the rest and the alerts, and give the files their names. Raises ConfigError if there is no room."""
        await self.take(found, at)
        self._write("alerts", [*found.alerts.values()])
        with self._said():
            self._stack.close()
            for name in NAMES:
                self._unfinished(name).replace(self._folder / f"{name}.jsonl")
        self._open.clear()

    def _begin(self) -> None:
        if self._open:
            return
        with self._said():
            self._folder.mkdir(parents=True, exist_ok=True)
            for name in NAMES:
                self._open[name] = self._stack.enter_context(self._unfinished(name).open("wb"))

    def _write(self, name: str, records: Sequence[Record]) -> None:
        if not records:
            return
        lines = [line_of(record) + b"\n" for record in records]
        self.counts[name] += len(lines)
        with self._said():
            self._open[name].writelines(lines)

    def _unfinished(self, name: str) -> Path:
        return self._folder / f".{name}.jsonl.part"

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as err:
            raise ConfigError(f"cannot write there: {err.strerror}", place=str(self._folder)) from err


def records_of(found: Replayed) -> dict[str, Sequence[Record]]:
    """The results by kind, but the alerts, whose state may change."""
    return {
        "stories": found.stories,
        "events": found.events,
        "matches": found.matches,
        "outcomes": found.outcomes,
        "verdicts": found.verdicts,
    }


def line_of(record: Record) -> bytes:
    """A record as it is written, without the line's end."""
    return orjson.dumps(msgspec.to_builtins(record))

"""Between batch and judgment, one for all agents: only records that were judged or dead-lettered are acknowledged.

transient failure   retry in place, with backoff
poison              dead letter and the record's outcome, in the batch's own transaction
fenced              exit 70: another process owns the partition
any other error     abort, note the record in the commit metadata, exit 70; poison at the third time
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import NoReturn

import structlog

from agents.batch import Batch, Out
from agents.stage import Judged, Stage, Writer
from firstwire.broker.commit_notes import Suspect, Tally
from firstwire.broker.dead_letters import dead_letter
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import DEAD_LETTERS
from firstwire.broker.transaction import UnsettledError
from firstwire.errors import EXIT_FATAL, FatalError, FirstwireError, PoisonError, TransientError, place_of
from schemas.codec import DecodeError, RecordTooLargeError
from schemas.outcome import Place

log = structlog.get_logger()

ATTEMPTS_LIMIT = 3
"""A record that made its agent raise this often is poison."""

BATCH_SECONDS = 0.5
"""How long one batch is judged before the results so far are written: keeps latency and transactions short."""

YIELD_SECONDS = 0.02
"""How long judgment may block the loop before heartbeats and fetches get their turn."""

FIRST_BACKOFF_SECONDS = 0.05
LONGEST_BACKOFF_SECONDS = 5.0

POISON = (PoisonError, DecodeError, RecordTooLargeError)
NEVER_COUNTED = (MemoryError, OSError)
"""Running out of memory or disk is not the record's fault."""


def leave(code: int) -> NoReturn:
    """End the process at once. This is always safe with transactions: only committed ones were written."""
    os._exit(code)


@dataclass
class Counts:
    """Counts since the start: records judged, records dead-lettered, failed attempts that were retried."""

    judged: int = 0
    poison: int = 0
    retried: int = 0


@dataclass
class Guard:
    """`clock` gives the wall-clock timestamp for receipts; `leave` ends the process."""

    clock: Callable[[], str]
    leave: Callable[[int], NoReturn] = leave

    def __post_init__(self) -> None:
        self.counts: dict[str, Counts] = {}

    async def run(self, stage: Stage, writer: Writer, batches: AsyncIterator[Batch]) -> None:
        """Judge batches forever. Any exit from a batch other than its commit ends the process."""
        counts = self.counts.setdefault(stage.name, Counts())
        async for batch in batches:
            try:
                await self._commit(stage, writer, batch, counts)
            except asyncio.CancelledError:
                raise
            except FatalError as err:
                log.error("process_leaving", stage=stage.name, reason=str(err), exit_code=EXIT_FATAL)
                self._give_up(batch, err)
            except BaseException as err:
                log.error(
                    "process_leaving",
                    stage=stage.name,
                    reason=repr(err),
                    trace=traceback.format_exc(),
                    exit_code=EXIT_FATAL,
                )
                self._give_up(batch, err)

    async def _commit(self, stage: Stage, writer: Writer, batch: Batch, counts: Counts) -> None:
        backoff = FIRST_BACKOFF_SECONDS
        refused: str | None = None
        while True:
            try:
                async with batch as out:
                    await self._judge_all(stage, writer, batch, out, counts, refused)
                return
            except PoisonError as err:
                # The broker refuses an output of one of the records: find it by trying one at a time
                if len(batch.records) == 1 and refused is not None:
                    raise FatalError(f"not even the dead letter is accepted: {err}") from err
                refused = str(err) if len(batch.records) == 1 else None
                batch.records = batch.records[:1]
                await batch.renew()
            except (TransientError, UnsettledError) as err:
                # Renewed, it goes on only if nothing of this batch was committed
                counts.retried += 1
                log.warning("retrying", stage=stage.name, reason=str(err), in_seconds=backoff)
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
                with contextlib.suppress(TransientError):  # the next attempt will raise it again
                    await batch.renew()

    async def _judge_all(
        self, stage: Stage, writer: Writer, batch: Batch, out: Out, counts: Counts, refused: str | None
    ) -> None:
        loop = asyncio.get_running_loop()
        began = yielded = loop.time()
        for record in batch.records:
            if refused is not None:
                counts.poison += 1
                judged = self._poison(stage, writer, record, refused, 1)
            else:
                judged = await self._judge(stage, writer, batch, record, counts)
            out.add(record, judged.messages, judged.changes, judged.tally)
            counts.judged += 1
            now = loop.time()
            if now - began > BATCH_SECONDS:
                return
            if now - yielded > YIELD_SECONDS:
                await asyncio.sleep(0)
                yielded = loop.time()

    async def _judge(self, stage: Stage, writer: Writer, batch: Batch, record: Received, counts: Counts) -> Judged:
        suspect = batch.partition.suspect
        attempts = suspect.attempts if suspect is not None and suspect.offset == record.offset else 0
        if attempts >= ATTEMPTS_LIMIT:
            counts.poison += 1
            return self._poison(stage, writer, record, f"the agent raised {attempts} times on it", attempts)
        try:
            judged = stage.judge(batch.partition.state, record, self.clock())
            partition = batch.partition.tp.partition
            judged.messages += [writer.state_message(change, partition) for change in judged.changes]
            return judged
        except POISON as err:
            counts.poison += 1
            return self._poison(stage, writer, record, str(err), attempts + 1)
        except FirstwireError:
            raise
        except NEVER_COUNTED:
            raise
        except Exception as err:
            await batch.blame(Suspect(record.offset, attempts + 1))
            place = place_of(record.topic, record.partition, record.offset)
            raise FatalError(
                f"{err!r} (attempt {attempts + 1} of {ATTEMPTS_LIMIT})\n{traceback.format_exc()}", place=place
            ) from err

    def _poison(self, stage: Stage, writer: Writer, record: Received, reason: str, attempts: int) -> Judged:
        place = place_of(record.topic, record.partition, record.offset)
        log.warning("dead_letter", stage=stage.name, place=place, reason=reason)
        outcomes = stage.rejected(record, reason)
        letter = self._dead_letter(stage, writer, record, reason, attempts)
        return Judged([letter, *outcomes], tally=Tally(outcomes={"rejected": len(outcomes)}))

    def _dead_letter(self, stage: Stage, writer: Writer, record: Received, reason: str, attempts: int) -> Message:
        letter = dead_letter(
            stage=stage.name,
            place=Place(topic=record.topic, partition=record.partition, offset=record.offset),
            error=reason[:4000],
            key=record.key[:1000],
            value=record.value,
            happened_at=self.clock(),
            attempts=attempts,
        )
        return writer.message(DEAD_LETTERS, f"{record.topic}:{record.partition}:{record.offset}", letter)

    def _give_up(self, batch: Batch, error: BaseException) -> None:
        if not batch.done.done():
            batch.done.set_exception(error)
            batch.done.exception()
        self.leave(EXIT_FATAL)

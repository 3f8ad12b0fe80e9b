"""The index for a command: brought up to the present, or as the running console has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import click

from firstwire import config
from firstwire.commands.options import now, on_kafka_with_data
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.index.reading import IndexReader
from firstwire.index.service import IndexFiller

T = TypeVar("T")

WAIT_LIMIT_SECONDS = 10.0
LOOK_SECONDS = 0.1


def load_gazetteer(configuration: config.Configuration) -> Gazetteer:
    """The names that are found in texts. Raises ConfigError for a wrong file."""
    from firstwire.files.entities import load_entities

    return load_entities([configuration.path(path) for path in configuration.settings.entities.paths])


def on_index(
    configuration: config.Configuration, ask: Callable[[IndexReader], T], gazetteer: Gazetteer | None = None
) -> T | None:
    """The result of `ask`; None, with a message, if there is only an embedded broker, and it never ran.

    `gazetteer`: if it is loaded already.
    """

    async def asking(address: str) -> T:
        filler = IndexFiller(configuration, address, lambda: gazetteer or load_gazetteer(configuration))
        reader = IndexReader(filler.place)
        if not await filler.catch_up():
            await _wait(reader)
        return ask(reader)

    return on_kafka_with_data(configuration, asking)


async def _wait(reader: IndexReader) -> None:
    """Wait until the process that fills the index has all that is on the topics now; or say how much it lacks."""
    asked_at, deadline = now(), asyncio.get_running_loop().time() + WAIT_LIMIT_SECONDS
    while True:
        state = reader.state()
        if state.behind == 0 and (state.seen_at or "") >= asked_at:
            return
        if asyncio.get_running_loop().time() > deadline:
            click.echo(f"the index is still being filled: {state.behind or 0:,} records are not in it yet", err=True)
            return
        await asyncio.sleep(LOOK_SECONDS)

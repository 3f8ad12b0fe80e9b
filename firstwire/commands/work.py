"""`firstwire work`."""

from __future__ import annotations

import asyncio

import click

from firstwire import config
from firstwire.commands.process import kafka_of, process, serve_until_stopped


@click.command("work")
@process
def run_worker(configuration: config.Configuration, bootstrap_servers: str | None) -> int:
    """Run a worker: deduplicate, analyze, alert.

    Several may run, each with its own worker.id.
    """
    from agents.app import work
    from firstwire.files.knowledge import load_written
    from firstwire.process import keep_memory_whole, report_ready

    keep_memory_whole()

    async def working(stop: asyncio.Event) -> int:
        knowledge, written, seeds = load_written(**configuration.knowledge_settings())
        address = await kafka_of(configuration, bootstrap_servers, stop)
        await work(configuration, address, knowledge, written, seeds, stop=stop, on_ready=report_ready)
        return 0

    return serve_until_stopped("work", configuration, working)

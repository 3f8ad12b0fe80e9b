"""`firstwire work`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.broker.topics import JUDGED, JUDGED_BY_RULES
from firstwire.commands.process import kafka_of, process, serve_until_stopped

if TYPE_CHECKING:
    from firstwire.health import ProcessReporter


@click.command("work")
@click.option(
    "--input",
    "inputs",
    type=click.Choice(JUDGED),
    multiple=True,
    help="Only judge records of this topic; may be given several times. Default: all.",
)
@process
def run_worker(configuration: config.Configuration, bootstrap_servers: str | None, inputs: tuple[str, ...]) -> int:
    """Run a worker: deduplicate, analyze, alert.

    Several may run, each with its own worker.id.
    """
    from agents.app import KNOWLEDGE, Known, work
    from firstwire.files.knowledge import load_written
    from firstwire.process import keep_memory_whole, report_ready

    keep_memory_whole()
    judged = inputs or JUDGED

    async def working(stop: asyncio.Event, reporter: ProcessReporter) -> int:
        reporter.readiness.lacks(KNOWLEDGE, "is being read")
        needs_rules = not JUDGED_BY_RULES.isdisjoint(judged)
        known = Known(*load_written(**configuration.knowledge_settings())) if needs_rules else None
        address = await kafka_of(configuration, bootstrap_servers, stop)
        await work(configuration, address, judged, known, stop=stop, on_ready=report_ready, reporter=reporter)
        return 0

    return serve_until_stopped("work", configuration, working)

"""`firstwire topics …`."""

from __future__ import annotations

import click

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured, on_kafka


@click.group(cls=CommandGroup)
def topics() -> None:
    """Manage Kafka's topics."""


@topics.command("init")
@configured
def init_topics(configuration: config.Configuration) -> None:
    """Create missing topics."""
    from firstwire.broker.topics import create_missing_topics

    kafka = configuration.settings.kafka
    created = on_kafka(configuration, lambda address: create_missing_topics(address, kafka), makes_data=True)
    click.echo(f"created {', '.join(created)}" if created else "nothing is missing")

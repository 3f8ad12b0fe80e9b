"""`firstwire reload`."""

from __future__ import annotations

import getpass

import click

from firstwire import config
from firstwire.commands.options import configured, now, on_kafka


@click.command()
@configured
def reload(configuration: config.Configuration) -> None:
    """Put changed routes, inhibitions and receivers in force, without a restart.

    The configuration is checked here first. If the notifier finds its file wrong, it keeps what is in force.
    """
    from firstwire.broker.producer import Message, open_producer
    from firstwire.broker.topics import RELOADS, topic_name
    from firstwire.core.text.wording import counted
    from firstwire.notifier.plan import plan_of
    from schemas import ReloadRequest
    from schemas.codec import encode

    plan = plan_of(configuration)
    request = ReloadRequest(author=getpass.getuser(), asked_at=now())
    topic = topic_name(configuration.settings.kafka.topic_prefix, RELOADS)

    async def asking(address: str) -> None:
        async with open_producer(address) as producer:
            await producer.send(Message(topic, request.author, encode(request)))

    on_kafka(configuration, asking)
    routes = counted(len(configuration.settings.routes), "route")
    receivers = counted(len(plan.receivers), "receiver")
    click.echo(f"asked for: {routes} to {receivers}; see the log of the notifier")

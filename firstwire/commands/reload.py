"""`firstwire reload`."""

from __future__ import annotations

import getpass
from collections.abc import Iterator

import click

from firstwire import config
from firstwire.commands.options import configured, now, on_kafka


@click.command()
@configured
def reload(configuration: config.Configuration) -> None:
    """Put changed routes, inhibitions and receivers in force, without a restart.

    The configuration is checked here first, and its routes are compared with the rules. If the notifier finds its file
    wrong, it keeps what is in force.
    """
    from firstwire.broker.producer import Message, open_producer
    from firstwire.broker.topics import RELOADS, topic_name
    from firstwire.core.text.wording import counted
    from firstwire.notifier.plan import plan_of
    from schemas import ReloadRequest
    from schemas.codec import encode

    plan = plan_of(configuration)
    for fault in _routing_faults(configuration):
        click.echo(fault, err=True)
    request = ReloadRequest(author=getpass.getuser(), asked_at=now())
    topic = topic_name(configuration.settings.kafka.topic_prefix, RELOADS)

    async def asking(address: str) -> None:
        async with open_producer(address) as producer:
            await producer.send(Message(topic, request.author, encode(request)))

    on_kafka(configuration, asking)
    routes = counted(len(configuration.settings.routes), "route")
    receivers = counted(len(plan.receivers), "receiver")
    click.echo(f"asked for: {routes} to {receivers}; see the log of the notifier")


def _routing_faults(configuration: config.Configuration) -> Iterator[str]:
    """What `firstwire check` has against the routes. A broken rule file holds up no receiver that was mended."""
    from firstwire.errors import FirstwireError
    from firstwire.files.rules import rulebook_of, written_rules
    from firstwire.files.seeds import load_seeds
    from firstwire.notifier.routing_check import routing_faults

    paths = configuration.knowledge_settings()
    rules = paths.pop("rules")
    try:
        gazetteer, seeds = load_seeds(**paths)
        rulebook = rulebook_of(written_rules(rules, gazetteer, seeds.groups))
    except FirstwireError as err:
        yield f"warning: the routes could not be compared with the rules: {err}"
        return
    for fault in routing_faults(configuration.settings, rulebook, [entity.id for entity in gazetteer]):
        yield f"{fault.level}: {fault.message}"

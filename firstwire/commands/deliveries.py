"""`firstwire deliveries`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click
import orjson

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured, moment, on_kafka
from firstwire.errors import EXIT_FAILED, EXIT_OK
from schemas.delivery import DeliveryState

if TYPE_CHECKING:
    from firstwire.notifier.delivery_log import LoggedDelivery

T = TypeVar("T")


@click.group(cls=CommandGroup)
def deliveries() -> None:
    """See what was delivered to whom, and make deliveries again."""


def selecting(command: Callable[..., T]) -> Callable[..., T]:
    """The options by which deliveries are selected."""
    for option in (
        click.option("--until", help="Before this time, RFC 3339."),
        click.option("--since", help="At this time or later, RFC 3339: of the last attempt, else of the decision."),
        click.option("--state", "states", multiple=True, type=click.Choice(get_args(DeliveryState)), help="State."),
        click.option("--receiver", help="Name of the receiver."),
        click.option("--alert", help="Id of the alert, or its beginning."),
    ):
        command = option(command)
    return command


@deliveries.command("list")
@selecting
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Maximum number listed.")
@click.option("--json", "wants_json", is_flag=True, help="All of them as a JSON array.")
@configured
def list_deliveries(configuration: config.Configuration, limit: int, wants_json: bool, **selected: Any) -> None:
    """List deliveries, the latest first."""
    from rich.console import Console

    from firstwire.commands.deliveries_text import as_json, table

    found = _selected(_known(configuration), **selected)
    if wants_json:
        click.echo(orjson.dumps([as_json(entry) for entry in found]))
        return
    Console(highlight=False, markup=False, emoji=False).print(table(found[:limit]))
    click.echo(f"{min(limit, len(found))} of {len(found)} deliveries shown; {_counts(found)}")


@deliveries.command()
@click.argument("delivery")
@configured
def show(configuration: config.Configuration, delivery: str) -> None:
    """Show deliveries with their messages: DELIVERY is the id of one or of an alert, or its beginning."""
    from firstwire.commands.deliveries_text import details
    from firstwire.notifier.delivery_history import of_one_alert

    for entry in of_one_alert(_known(configuration), delivery):
        for line in details(entry):
            click.echo(line)


@deliveries.command()
@click.argument("wanted", metavar="[DELIVERY]...", nargs=-1)
@click.option("--all", "wants_all", is_flag=True, help="All that did not arrive.")
@selecting
@configured
def redrive(configuration: config.Configuration, wanted: tuple[str, ...], wants_all: bool, **selected: Any) -> int:
    """Make deliveries again that failed, and try at once those that wait.

    DELIVERY is the id of one or of an alert, or its beginning. What arrived is never sent again.
    """
    from firstwire.notifier.delivery_history import asked_again, read_deliveries, request_redrives

    if not wanted and not wants_all and not any(selected.values()):
        raise click.UsageError("give deliveries, or --all, or an option that selects some")
    if selected["receiver"] is not None:
        configuration.receiver(selected["receiver"])  # an unknown name would silently select nothing
    prefix = configuration.settings.kafka.topic_prefix

    async def asking(address: str) -> tuple[list[LoggedDelivery], list[LoggedDelivery]]:
        meant = _selected(asked_again(await read_deliveries(address, prefix), wanted), **selected)
        again = [entry for entry in meant if entry.holds_message]
        await request_redrives(address, prefix, again)
        return again, [entry for entry in meant if not entry.holds_message]

    again, empty = on_kafka(configuration, asking)
    for entry in again:
        click.echo(f"{entry.key}  {entry.delivery.state}, {entry.delivery.result or 'not attempted yet'}")
    for entry in empty:
        click.echo(f"{entry.key} cannot be made again: its record holds no alert", err=True)
    click.echo(f"{len(again)} asked for: made at once, or when the notifier starts", err=True)
    return EXIT_FAILED if empty else EXIT_OK


def _known(configuration: config.Configuration) -> list[LoggedDelivery]:
    from firstwire.notifier.delivery_history import read_deliveries

    prefix = configuration.settings.kafka.topic_prefix
    return on_kafka(configuration, lambda address: read_deliveries(address, prefix))


def _selected(
    found: Sequence[LoggedDelivery],
    *,
    alert: str | None,
    receiver: str | None,
    states: tuple[DeliveryState, ...],
    since: str | None,
    until: str | None,
) -> list[LoggedDelivery]:
    from firstwire.notifier.delivery_history import Selection

    selection = Selection(alert, receiver, states, since and moment(since), until and moment(until))
    return [entry for entry in found if selection.includes(entry)]


def _counts(found: Sequence[LoggedDelivery]) -> str:
    states = [entry.delivery.state for entry in found]
    counts = [f"{states.count(state)} {state}" for state in get_args(DeliveryState) if state in states]
    return ", ".join(counts) or "none"

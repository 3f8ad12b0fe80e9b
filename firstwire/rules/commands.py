"""`firstwire rules …`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands import configured, on_kafka
from schemas.times import format_timestamp

if TYPE_CHECKING:
    from firstwire.rules.releases import Published

SHOWN_AT_MOST = 20


@click.group()
def rules() -> None:
    """Look after the rules: what is in force, and how it changes."""


@rules.command("list")
@configured
def list_rules(configuration: config.Configuration) -> None:
    """List the rules in force, with version, state and since when."""
    from rich.console import Console

    from firstwire.rules.releases import read_versions
    from firstwire.rules.table import table

    prefix = configuration.settings.kafka.topic_prefix
    versions = on_kafka(configuration, lambda address: read_versions(address, prefix))
    if not versions:
        click.echo("none yet: a worker publishes the rules of its files when it starts")
        return
    Console(highlight=False).print(table(versions, _now()))


@rules.command()
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@configured
def apply(configuration: config.Configuration, dry_run: bool) -> None:
    """Put the rules of the files in force, in every worker within two seconds."""
    from firstwire.knowledge import load_written
    from firstwire.rules.releases import planned_release, publish, read_versions, summed_up

    _, written, _ = load_written(configuration)
    prefix = configuration.settings.kafka.topic_prefix

    async def plan(address: str) -> Published:
        versions = await read_versions(address, prefix)
        return summed_up(versions, planned_release(versions, written, _now()))

    if dry_run:
        _tell(on_kafka(configuration, plan), "would be")
    else:
        _tell(on_kafka(configuration, lambda address: publish(address, prefix, written, _now)), "is")


@rules.command()
@click.argument("rule_ids", metavar="ID...", nargs=-1, required=True)
@configured
def promote(configuration: config.Configuration, rule_ids: tuple[str, ...]) -> None:
    """Let rules in shadow go live: change their files, then apply them."""
    from firstwire.knowledge import load_written
    from firstwire.rules.promotion import promote as change
    from firstwire.rules.releases import publish

    paths = [configuration.path(path) for path in configuration.settings.rules.paths]
    _, written, _ = load_written(configuration)
    for place in change(written, rule_ids, paths):
        click.echo(f"{place}: live")
    _, written, _ = load_written(configuration)
    prefix = configuration.settings.kafka.topic_prefix
    _tell(on_kafka(configuration, lambda address: publish(address, prefix, written, _now)), "is")


def _tell(published: Published, verb: str) -> None:
    if published.is_empty:
        click.echo(f"nothing to change: release {published.release} says what the files say")
        return
    click.echo(f"release {published.release} {verb} effective for what is fetched from {published.effective_at} on")
    for what in ("added", "changed", "removed"):
        ids: tuple[str, ...] = getattr(published, what)
        if ids:
            more = f" and {len(ids) - SHOWN_AT_MOST:,} more" if len(ids) > SHOWN_AT_MOST else ""
            click.echo(f"  {what}  {', '.join(ids[:SHOWN_AT_MOST])}{more}")


def _now() -> str:
    return format_timestamp(datetime.now(UTC))

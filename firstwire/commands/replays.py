"""`firstwire replays …`."""

from __future__ import annotations

import click

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured, now, on_kafka
from firstwire.errors import ConfigError


@click.group(cls=CommandGroup)
def replays() -> None:
    """List and remove the topics of replays."""


@replays.command("list")
@configured
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def list_replays(configuration: config.Configuration, as_json: bool) -> None:
    """What `firstwire replay --to-topics` has written, and until when it is kept."""
    import msgspec

    from firstwire.core.text.wording import counted
    from firstwire.replay.run_topics import RunTopics

    found = on_kafka(configuration, lambda address: RunTopics(address).runs())
    if as_json:
        click.echo(msgspec.json.encode([*found.values()]).decode())
        return
    if not found:
        click.echo("no replay has written to topics")
    for name, run in found.items():
        state = counted(run.alerts, "alert") if run.is_done else "not done"
        click.echo(f"{name}  {state}, begun {run.began_at[:16]}, kept until {run.keep_until[:16]}, of {run.source}")


@replays.command("remove")
@click.argument("runs", metavar="RUN", nargs=-1)
@click.option("--expired", is_flag=True, help="Those whose time is over, as `firstwire run` does every night.")
@configured
def remove_replays(configuration: config.Configuration, runs: tuple[str, ...], expired: bool) -> None:
    """Delete the topics of replays. No other topic can be named."""
    from firstwire.replay.run_topics import RunTopics

    if bool(runs) == expired:
        raise click.UsageError("give names of runs, or --expired")

    async def remove(address: str) -> list[str]:
        topics = RunTopics(address)
        return await (topics.remove_expired(now()) if expired else topics.remove(runs))

    removed = on_kafka(configuration, remove)
    if missing := sorted(set(runs) - set(removed)):
        raise ConfigError(f"no run {', '.join(missing)}; firstwire replays list shows those that there are")
    click.echo(f"removed {', '.join(removed)}" if removed else "none has expired")

"""`firstwire silences`."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec
import orjson

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured, meant_id, moment, now, on_kafka
from firstwire.errors import ConfigError
from schemas.times import parse_timestamp

if TYPE_CHECKING:
    from schemas import Silence

T = TypeVar("T")


@click.group(cls=CommandGroup)
def silences() -> None:
    """Say who is not told of what, until when."""


def timed(command: Callable[..., T]) -> Callable[..., T]:
    """The options that every silence has."""
    for option in (
        click.option("--comment", default="", help="Why."),
        click.option("--author", default=getpass.getuser, show_default="your login name", help="Who says so."),
        click.option("--until", help="Its end, RFC 3339."),
        click.option("--for", "lasts", help="How long it lasts: 2h, 3d."),
    ):
        command = option(command)
    return command


@silences.command()
@click.argument("matchers", nargs=-1, required=True)
@click.option("--start", help="Its beginning, RFC 3339; default: now.")
@timed
@configured
def add(configuration: config.Configuration, matchers: tuple[str, ...], start: str | None, **given: Any) -> None:
    """Tell nobody of alerts that fit all MATCHERS, such as tag=cricket, until an end.

    They are not told later either; what is new about them after the end is.
    """
    from firstwire.core.routes.silences import unknown_rules
    from firstwire.notifier.said import write_silence
    from firstwire.rules.releases import read_versions

    prefix = configuration.settings.kafka.topic_prefix
    silence = _silence(matchers, start, "silence", **given)

    async def silencing(address: str) -> str:
        versions = await read_versions(address, prefix)  # first: once the silence is made, nothing may fail
        await write_silence(address, prefix, silence)
        return unknown_rules(silence, {version.rule_id for version in versions})

    unknown = on_kafka(configuration, silencing)
    click.echo(_described(silence))
    if unknown:
        click.echo(f"warning: {unknown}", err=True)


@silences.command()
@click.argument("alert")
@timed
@configured
def snooze(configuration: config.Configuration, alert: str, **given: Any) -> None:
    """Put off ALERT, an id or its beginning: what is new about it, and reminders, are told at the end."""
    from firstwire.notifier.said import read_alert_ids, write_silence

    prefix = configuration.settings.kafka.topic_prefix

    async def snoozing(address: str) -> Silence:
        alert_id = meant_id(alert, await read_alert_ids(address, prefix), "alert")
        snoozed = _silence((f"alert={alert_id}",), None, "snooze", **given)
        await write_silence(address, prefix, snoozed)
        return snoozed

    click.echo(_described(on_kafka(configuration, snoozing)))


@silences.command("list")
@click.option("--all", "wants_all", is_flag=True, help="Also those that have ended.")
@click.option("--json", "wants_json", is_flag=True, help="As a JSON array.")
@configured
def list_silences(configuration: config.Configuration, wants_all: bool, wants_json: bool) -> None:
    """List the silences that are in force or will be, the one that ends last first."""
    from firstwire.notifier.said import read_silences

    prefix = configuration.settings.kafka.topic_prefix
    found = on_kafka(configuration, lambda address: read_silences(address, prefix))
    found = [each for each in found if wants_all or each.ends_at > now()]
    if wants_json:
        click.echo(orjson.dumps([msgspec.to_builtins(each) for each in found]))
        return
    for each in found:
        click.echo(_described(each))
    click.echo(f"{len(found)} silences")


@silences.command()
@click.argument("silence")
@configured
def expire(configuration: config.Configuration, silence: str) -> None:
    """End SILENCE now, an id or its beginning."""
    from firstwire.notifier.said import read_silences, write_silence

    prefix = configuration.settings.kafka.topic_prefix

    async def expiring(address: str) -> Silence:
        found = {each.silence_id: each for each in await read_silences(address, prefix)}
        meant = found[meant_id(silence, found, "silence")]
        ended = msgspec.structs.replace(meant, ends_at=min(now(), meant.ends_at))
        await write_silence(address, prefix, ended)
        return ended

    click.echo(_described(on_kafka(configuration, expiring)))


def _silence(
    matchers: tuple[str, ...],
    start: str | None,
    kind: Any,
    *,
    lasts: str | None,
    until: str | None,
    author: str,
    comment: str,
) -> Silence:
    from firstwire.core.text.durations import seconds
    from firstwire.notifier.said import new_silence

    if (lasts is None) == (until is None):
        raise click.UsageError("give either --for or --until")
    made_at = datetime.now(UTC)
    starts_at = made_at if start is None else parse_timestamp(moment(start))
    if lasts is None:
        ends_at = parse_timestamp(moment(until))
    else:
        try:
            ends_at = starts_at + timedelta(seconds=seconds(lasts))
        except ValueError as err:
            raise ConfigError(f"--for: {err}") from err
    return new_silence(matchers, starts_at, ends_at, author, comment, made_at, kind=kind)


def _described(silence: Silence) -> str:
    """`4f2a91c03b7d  silence  tag="cricket"`, then when, by whom and why."""
    from firstwire.core.text.wording import one_line

    matchers = ", ".join(map(one_line, silence.matchers))
    said = f"by {one_line(silence.author)}" + (f": {one_line(silence.comment)}" if silence.comment else "")
    return f"{silence.silence_id}  {silence.kind}  {matchers}\n  {silence.starts_at} to {silence.ends_at} {said}"

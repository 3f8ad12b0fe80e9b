"""`firstwire feedback`."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click
import msgspec
import orjson

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured, meant_id, now, on_kafka

if TYPE_CHECKING:
    from schemas import Feedback

VERDICTS = ("acknowledged", "false-alarm", "right")


@click.group(cls=CommandGroup)
def feedback() -> None:
    """Acknowledge alerts, and say whether they were right."""


@feedback.command()
@click.argument("alert")
@click.argument("verdict", type=click.Choice(VERDICTS))
@click.option("--author", default=getpass.getuser, show_default="your login name", help="Who says so.")
@click.option("--comment", default="", help="Why.")
@configured
def give(configuration: config.Configuration, alert: str, verdict: str, author: str, comment: str) -> None:
    """Say of ALERT, an id or its beginning, that somebody takes care of it, or whether it was right.

    Nobody is reminded of an acknowledged alert or a false alarm; of a false alarm nothing more is told, unless it is
    corrected or retracted. The last word of each author counts.
    """
    from firstwire.notifier.said import read_alert_ids, write_feedback
    from schemas import Feedback

    prefix = configuration.settings.kafka.topic_prefix

    async def giving(address: str) -> Feedback:
        said = Feedback(
            alert_id=meant_id(alert, await read_alert_ids(address, prefix), "alert"),
            author=author,
            verdict=verdict.replace("-", "_"),  # type: ignore[arg-type]  # click has checked it
            comment=comment,
            made_at=now(),
        )
        await write_feedback(address, prefix, said)
        return said

    click.echo(_described(on_kafka(configuration, giving)))


@feedback.command("list")
@click.option("--json", "wants_json", is_flag=True, help="As a JSON array.")
@configured
def list_feedback(configuration: config.Configuration, wants_json: bool) -> None:
    """List what people said, the newest first."""
    from firstwire.notifier.said import read_feedback

    prefix = configuration.settings.kafka.topic_prefix
    found = on_kafka(configuration, lambda address: read_feedback(address, prefix))
    if wants_json:
        click.echo(orjson.dumps([msgspec.to_builtins(each) for each in found]))
        return
    for each in found:
        click.echo(_described(each))


def _described(said: Feedback) -> str:
    from firstwire.core.text.wording import one_line

    comment = f": {one_line(said.comment)}" if said.comment else ""
    verdict = said.verdict.replace("_", " ")
    return f"{said.made_at}  {said.alert_id[:12]}  {verdict}, by {one_line(said.author)}{comment}"

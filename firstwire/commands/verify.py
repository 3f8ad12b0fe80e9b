"""`firstwire verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.options import configured, milliseconds, moment, now, on_kafka
from firstwire.errors import EXIT_FAILED, EXIT_OK, ConfigError

if TYPE_CHECKING:
    from firstwire.replay.verify import Verified


@click.command("verify")
@click.option("--from", "from_text", help="Alerts whose first article was fetched at or after this time, RFC 3339.")
@click.option("--to", "to_text", help="Alerts whose first article was fetched before this time, RFC 3339.")
@click.option(
    "--from-stage",
    type=click.Choice(["articles", "stories"]),
    default="stories",
    show_default=True,
    help="Articles: read them again too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array of the differences.")
@configured
def verify_alerts(
    configuration: config.Configuration, from_text: str | None, to_text: str | None, from_stage: str, as_json: bool
) -> int:
    """Judge what was fetched again, and compare with what was raised live.

    The console's System page shows the last result. Exits with code 1 if there is a difference that nothing explains.
    """
    from firstwire.commands.verify_text import difference_lines, json_of
    from firstwire.files.knowledge import load_written
    from firstwire.replay.last_verify import keep_result
    from firstwire.replay.reading import StartStage
    from firstwire.replay.rule_choice import rules_on_record
    from firstwire.replay.span import ReplaySpan
    from firstwire.replay.topic import TopicSource
    from firstwire.replay.verify import verify

    knowledge, written, seeds = load_written(**configuration.knowledge_settings())
    window = config.story_window(configuration.settings)
    span = ReplaySpan(milliseconds(from_text), milliseconds(to_text), warm_up=window)
    prefix = configuration.settings.kafka.topic_prefix

    async def run(address: str) -> Verified:
        source = TopicSource(address, prefix, knowledge.lemmas)
        rules = await rules_on_record(source, knowledge, written, seeds.groups)
        if rules is None:
            raise ConfigError("no rules are on record, so that nothing was judged", place=source.name)
        return await verify(source, span, StartStage(from_stage), knowledge, rules, seeds, window)

    found = on_kafka(configuration, run)
    since, until = (None if text is None else moment(text) for text in (from_text, to_text))
    try:
        keep_result(configuration.data_dir, found, now(), since, until)
    except ConfigError as err:
        click.echo(f"the result is not kept for the console: {err}", err=True)
    if as_json:
        click.echo(json_of(found))
    else:
        for line in difference_lines(found):
            click.echo(line)
    return EXIT_FAILED if found.unexplained else EXIT_OK

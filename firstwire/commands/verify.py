"""`firstwire verify`."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.options import configured, milliseconds, now, on_kafka
from firstwire.errors import EXIT_FAILED, EXIT_OK, ConfigError, FirstwireError

if TYPE_CHECKING:
    from firstwire.last_verify import LastVerify
    from firstwire.replay.span import ReplaySpan
    from firstwire.replay.verify import Verified

LOWEST_PRIORITY = 19


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
@click.option(
    "--nightly",
    is_flag=True,
    help="As `firstwire run` does every night: the last 36 hours, yielding to all others; the result becomes metrics.",
)
@configured
def verify_alerts(
    configuration: config.Configuration,
    from_text: str | None,
    to_text: str | None,
    from_stage: str,
    as_json: bool,
    nightly: bool,
) -> int:
    """Judge what was fetched again, and compare with what was raised live.

    The console's System page shows the last result. Exits with code 1 if there is a difference that nothing explains.
    """
    began_at = time.time()
    if nightly:
        if from_text or to_text:
            raise click.UsageError("--nightly has a span of its own: leave out --from and --to")
        os.nice(LOWEST_PRIORITY)
    from firstwire.commands.verify_text import difference_lines, json_of
    from firstwire.files.knowledge import load_written
    from firstwire.last_verify import keep_result
    from firstwire.nightly import SPAN
    from firstwire.replay.reading import StartStage
    from firstwire.replay.rule_choice import rules_on_record
    from firstwire.replay.span import ReplaySpan
    from firstwire.replay.topic import TopicSource
    from firstwire.replay.verify import verify

    knowledge, written, seeds = load_written(**configuration.knowledge_settings())
    window = config.story_window(configuration.settings)
    since = int((began_at - SPAN.total_seconds()) * 1000) if nightly else milliseconds(from_text)
    span = ReplaySpan(since, milliseconds(to_text), warm_up=window)
    prefix = configuration.settings.kafka.topic_prefix

    async def run(address: str) -> Verified:
        source = TopicSource(address, prefix, knowledge.lemmas, with_taken_down=True)
        rules = await rules_on_record(source, knowledge, written, seeds.groups)
        if rules is None:
            raise ConfigError("no rules are on record, so that nothing was judged", place=source.name)
        if nightly:
            await remove_expired_replays(address)
        return await verify(source, span, StartStage(from_stage), knowledge, rules, seeds, window)

    found = on_kafka(configuration, run)
    if as_json:
        click.echo(json_of(found))
    else:
        for line in difference_lines(found):
            click.echo(line)
    try:
        keep_result(configuration.data_dir, _result(found, span, time.time() - began_at, nightly=nightly))
    except ConfigError as err:
        if nightly:
            raise
        click.echo(f"the result is not kept for the console: {err}", err=True)
    return EXIT_FAILED if found.unexplained else EXIT_OK


async def remove_expired_replays(address: str) -> None:
    """Delete the topics of the replays whose time is over. What prevents it is logged: it is no matter of verifying."""
    import structlog

    from firstwire.replay.run_topics import RunTopics

    try:
        for name in await RunTopics(address).remove_expired(now()):
            click.echo(f"removed the topics of the replay {name}, whose time is over", err=True)
    except FirstwireError as err:
        structlog.get_logger().error("expired_replays_not_removed", reason=str(err))


def _result(found: Verified, span: ReplaySpan, seconds: float, *, nightly: bool) -> LastVerify:
    from firstwire.last_verify import LastVerify

    return LastVerify(
        ended_at=now(),
        seconds=seconds,
        nightly=nightly,
        stage=found.stage.value,
        since=span.since_time,
        until=span.until_time,
        articles=found.articles,
        alerts=found.alerts,
        differences=found.by_cause,
        unexplained=found.unexplained,
    )

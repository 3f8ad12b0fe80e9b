"""`firstwire stories`."""

from __future__ import annotations

import click

from firstwire import config
from firstwire.commands.json_lists import echo_json, json_option
from firstwire.commands.options import configured, moment, on_kafka


@click.command()
@click.argument("story", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Maximum number listed.")
@click.option("--at", "at_time", help="As of this time, RFC 3339; default: now.")
@json_option
@configured
def stories(
    configuration: config.Configuration, story: str | None, limit: int, at_time: str | None, wants_json: bool
) -> None:
    """List the active stories, or show one with its articles."""
    from rich.console import Console

    from firstwire.commands.active_stories import as_json, details, one_story, read_stories, table

    at = moment(at_time)
    window = config.story_window(configuration.settings)
    prefix = configuration.settings.kafka.topic_prefix
    found = on_kafka(configuration, lambda address: read_stories(address, prefix, at, window))
    if wants_json:
        echo_json(map(as_json, found[:limit] if story is None else [one_story(found, story)]))
        return
    console = Console(highlight=False, markup=False, emoji=False)
    if story is not None:
        console.print(details(one_story(found, story), at))
        return
    console.print(table(found[:limit], at))
    several = sum(1 for one in found if len(one.articles) > 1)
    console.print(f"{min(limit, len(found))} of {len(found)} stories shown; {several} have more than one article")

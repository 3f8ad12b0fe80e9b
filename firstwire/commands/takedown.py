"""`firstwire takedown`."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from firstwire import config
from firstwire.commands.options import configured, now, on_kafka
from firstwire.errors import ConfigError


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--author", default=getpass.getuser, show_default="your login name", help="Who takes it down.")
@click.option("--reason", default="", help="Why; it is kept and shown.")
@click.option(
    "--archive",
    "archives",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An archive from which it is removed too; may be repeated.",
)
@configured
def takedown(
    configuration: config.Configuration, article: str, author: str, reason: str, archives: tuple[Path, ...]
) -> None:
    """Take down ARTICLE, an id, its beginning or a URL: it is never shown, found or exported again.

    Recorded is who did it, when and why, nothing of the text.
    """
    from firstwire.broker.takedowns import write_takedown
    from firstwire.broker.topics import create_missing_topics
    from firstwire.explain.trail import find_trail
    from firstwire.replay.archive_takedown import take_down
    from schemas.takedown import Takedown

    kafka = configuration.settings.kafka

    async def taking_down(address: str) -> str:
        await create_missing_topics(address, kafka)
        trail = await find_trail(address, kafka.topic_prefix, article)
        if trail.alert is not None:
            raise ConfigError("is an alert; take down its articles, which `firstwire explain` lists", place=article)
        (article_id,) = {story.article_id for story in trail.stories} | {each.article_id for each in trail.outcomes}
        if trail.taken_down is None:
            made = Takedown(article_id=article_id, author=author, reason=reason, made_at=now())
            await write_takedown(address, kafka.topic_prefix, made)
        return article_id

    article_id = on_kafka(configuration, taking_down)
    click.echo(f"taken down: {article_id}")
    for folder in archives:
        click.echo(f"{take_down(folder, {article_id}):,} records removed from {folder}")

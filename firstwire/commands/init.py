"""`firstwire init`."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from firstwire import config
from firstwire.errors import EXIT_OK, ConfigError


@click.command()
@click.option("--watch", "watches", multiple=True, metavar="QUERY", help="What to be alerted to; may be repeated.")
@click.option("--feed", "feeds", multiple=True, metavar="URL", help="A feed or OPML file; may be repeated.")
@click.option("--tell", metavar="URL", help="The webhook of Slack, Discord or your own; '' for none.")
@click.option("--no-test", is_flag=True, help="Send no test message.")
def init(watches: tuple[str, ...], feeds: tuple[str, ...], tell: str | None, no_test: bool) -> int:
    """Write a first configuration into this folder; asks for what the options do not say.

    Overwrites nothing. Sends a test message to whom is told.
    """
    from firstwire.commands.first_files import RECEIVER, first_files

    _refuse_to_overwrite()
    watches = watches or _asked(
        "What do you want to be alerted to? One query a line, such as @taliban AND embass*; an empty line ends.\nWatch"
    )
    for query in watches:
        _check_query(query)
    feeds = feeds or _asked("Which feeds? One address or OPML file a line; none: those that are shipped.\nFeed")
    if tell is None:
        tell = "".join(_asked("Where are alerts sent? A webhook of Slack, Discord or your own; none: nowhere.\nURL"))
    files = first_files(Path.cwd(), watches, feeds, tell)
    _write(files.texts, files.private)
    configuration = config.load(Path("firstwire.toml"), os.environ)
    code = EXIT_OK
    if tell and not no_test:
        from firstwire.notifier.reach import sent_test

        reach = asyncio.run(sent_test(configuration, RECEIVER, lambda: datetime.now(UTC)))
        click.echo(f"test message: {reach.message}")
        code = reach.exit_code
    click.echo("Next: firstwire check, then firstwire run")
    return code


def _asked(question: str) -> tuple[str, ...]:
    """Answers until there is an empty one."""
    text, _, prompt = question.partition("\n")
    click.echo(text)
    answers: list[str] = []
    while answer := click.prompt(f"  {prompt}", default="", show_default=False).strip():
        answers.append(answer)
        if prompt == "URL":
            break
    return tuple(answers)


def _check_query(query: str) -> None:
    from firstwire.core.watches.parser import parse
    from firstwire.core.watches.refusal import QueryError
    from firstwire.files.entities import load_entities

    entities = {entity.id for entity in load_entities([config.SHIPPED / "seeds" / "entities.yaml"])}
    try:
        parse(query, entities)
    except QueryError as err:
        raise ConfigError(str(err), place=f"watch {query!r}") from err


def _refuse_to_overwrite() -> None:
    from firstwire.commands.first_files import ADDRESS, CONFIGURATION, SECRET, WATCHES

    for name in (CONFIGURATION, WATCHES, ADDRESS, SECRET):
        if Path(name).exists():
            raise ConfigError("is there already, and is not overwritten; choose another folder", place=name)


def _write(texts: dict[str, str], private: dict[str, str]) -> None:
    from firstwire.files.atomic import write_whole

    for name, text in private.items():
        with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        click.echo(f"wrote {name}, readable by you alone")
    for name, text in texts.items():
        write_whole(Path(name), text)
        click.echo(f"wrote {name}")

"""`firstwire init`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
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
    for answers, check in ((watches, _check_query), (feeds, _check_feed), ((tell or "",), _check_tell)):
        for answer in answers:
            check(answer)
    watches = watches or _asked(
        "What do you want to be alerted to? One query a line, such as @taliban AND embass*; an empty line ends.",
        "Watch",
        _check_query,
    )
    feeds = feeds or _asked(
        "Which feeds? One address or OPML file a line; none: those that are shipped.", "Feed", _check_feed
    )
    if tell is None:
        question = "Where are alerts sent? A webhook of Slack, Discord or your own; none: nowhere."
        tell = "".join(_asked(question, "URL", _check_tell, at_most=1))
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


def _asked(question: str, prompt: str, check: Callable[[str], None], at_most: int | None = None) -> tuple[str, ...]:
    """Answers until there is an empty one, or `at_most` so many; a wrong one is asked for again, with the reason."""
    click.echo(question)
    answers: list[str] = []
    while answer := click.prompt(f"  {prompt}", default="", show_default=False).strip():
        try:
            check(answer)
        except ConfigError as err:
            click.echo(f"  {err}")
            continue
        answers.append(answer)
        if len(answers) == at_most:
            break
    return tuple(answers)


def _check_feed(feed: str) -> None:
    """Raises ConfigError unless it is a web address, or a list of feeds that can be read."""
    from firstwire.poller.links import web_address_fault
    from firstwire.poller.subscriptions import feed_address, listed_subscriptions

    address = feed_address(feed)
    if "://" not in address:
        for _ in listed_subscriptions(Path(feed), feed):
            pass
    elif fault := web_address_fault(address):
        raise ConfigError(fault, place=f"feed {feed!r}")


def _check_tell(address: str) -> None:
    """Raises ConfigError, which does not show it, unless it is empty or the address of a webhook."""
    from firstwire.commands.first_files import RECEIVER, receiver_type
    from firstwire.config import ReceiverSettings
    from firstwire.notifier.receiver_types import checked_address

    if address:
        checked_address(ReceiverSettings(name=RECEIVER, type=receiver_type(address), url=address))


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

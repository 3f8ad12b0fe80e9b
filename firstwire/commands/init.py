"""`firstwire init`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from firstwire import config
from firstwire.commands.first_files import ADDRESS, CONFIGURATION, RECEIVER, SECRET, WATCHES, told_by
from firstwire.core.text.wording import one_line
from firstwire.errors import EXIT_OK, ConfigError

WATCH_QUESTION = """\
What do you want to be alerted to? One query a line; an empty line ends.
Of plain words an article must have every one, "on" and "in" too. OR: one of them is enough; "in quotes": words
in a row; strik*: any ending; NEAR/5: at most five words between; @taliban: an entity under any of its names."""
VISITED_AT_MOST = 50
"""Feeds of lists that are visited at once; of more a check of its own is better."""


@click.command()
@click.option("--watch", "watches", multiple=True, metavar="QUERY", help="What to be alerted to; may be repeated.")
@click.option("--feed", "feeds", multiple=True, metavar="URL", help="A feed or OPML file; may be repeated.")
@click.option(
    "--tell",
    metavar="[TYPE:]URL",
    help="The webhook of Slack, Discord or your own; slack:URL for what takes Slack's messages; '' for none.",
)
@click.option("--no-test", is_flag=True, help="Send no test message, visit no feed.")
def init(watches: tuple[str, ...], feeds: tuple[str, ...], tell: str | None, no_test: bool) -> int:
    """Write a first configuration into this folder; asks for what the options do not say.

    Overwrites nothing. Visits the feeds, and sends a test message to whom is told.
    """
    from firstwire.commands.first_files import first_files

    _refuse_to_overwrite()
    for answers, check in ((watches, _check_query), (feeds, _check_feed), ((tell or "",), _check_tell)):
        for answer in answers:
            check(answer)
    for query in watches:
        _say_reading(query)
    watches = watches or _asked(WATCH_QUESTION, "Watch", _check_query, say=_say_reading)
    feeds = feeds or _asked(
        "Which feeds? One address or OPML file a line; none: those that are shipped.", "Feed", _check_feed
    )
    if tell is None:
        question = "Where are alerts sent? A webhook of Slack, Discord or your own; none: nowhere."
        tell = "".join(_asked(question, "URL", _check_tell, at_most=1))
    files = first_files(Path.cwd(), watches, feeds, tell)
    if tell:
        click.echo(f"the address is taken for one of the type {told_by(tell).type}; TYPE:URL says another one")
    _write(files.texts, files.private)
    configuration = config.load(Path(CONFIGURATION), os.environ)
    code = EXIT_OK
    if not no_test:
        asyncio.run(_visit(configuration, is_given=bool(feeds)))
        if tell:
            code = asyncio.run(_send_test(configuration))
    click.echo("Next: firstwire check, then firstwire run")
    return code


async def _visit(configuration: config.Configuration, *, is_given: bool) -> None:
    """Say what is at the addresses that were given; those of the shipped list are only counted."""
    from firstwire.commands.feed_check import visited_feeds
    from firstwire.poller.feed_accounts import summary
    from firstwire.poller.links import redacted
    from firstwire.poller.subscriptions import read_subscriptions

    subscriptions, _ = read_subscriptions(configuration)
    if not is_given or len(subscriptions) > VISITED_AT_MOST:
        click.echo(f"feeds: {len(subscriptions)}, not visited: firstwire check --feeds visits them")
        return
    failed = 0
    async for one, found in visited_feeds(configuration, subscriptions):
        failed += isinstance(found, str)
        click.echo(f"feed {redacted(one.url)}: {one_line(found if isinstance(found, str) else summary(found))}")
    if failed:
        click.echo(f"  To change a feed: subscriptions in {CONFIGURATION}; firstwire check --feeds visits them again")


async def _send_test(configuration: config.Configuration) -> int:
    """Send a test message, and say what came of it. Returns the exit code."""
    from firstwire.notifier.reach import sent_test

    reach = await sent_test(configuration, RECEIVER, lambda: datetime.now(UTC))
    click.echo(f"test message: {reach.message}")
    if reach.exit_code != EXIT_OK:
        click.echo(f"  Its address is in {ADDRESS}, its type in {CONFIGURATION}; firstwire receivers test {RECEIVER}")
        click.echo("  sends the message again")
    return reach.exit_code


def _say_reading(query: str) -> None:
    """Say how a query is understood, and which of its words look like operators."""
    from firstwire.core.watches.lint import lower_case_operators
    from firstwire.core.watches.parser import ANY_ENTITY, parse
    from firstwire.core.watches.reading import reading_of

    parsed = parse(query, ANY_ENTITY)
    click.echo(f"  understood as {reading_of(parsed.root)}")
    for flaw in lower_case_operators(parsed):
        click.echo(f"  hint: {flaw.message}")


def _asked(
    question: str,
    prompt: str,
    check: Callable[[str], None],
    at_most: int | None = None,
    say: Callable[[str], None] = lambda answer: None,
) -> tuple[str, ...]:
    """Answers until there is an empty one, or `at_most` so many; a wrong one is asked for again, with the reason."""
    click.echo(question)
    answers: list[str] = []
    while answer := _answer(prompt):
        try:
            check(answer)
        except ConfigError as err:
            click.echo(f"  {err}")
            continue
        say(answer)
        answers.append(answer)
        if len(answers) == at_most:
            break
    return tuple(answers)


def _answer(prompt: str) -> str:
    """Raises UsageError where the input ends and nobody is there to type."""
    try:
        return str(click.prompt(f"  {prompt}", default="", show_default=False)).strip()
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo()
        missing = "the input ends before all is answered: give --watch, --feed and --tell, or an empty line for each"
        raise click.UsageError(missing) from None


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
    from firstwire.config import ReceiverSettings
    from firstwire.notifier.receiver_types import checked_address

    if address:
        told = told_by(address)
        checked_address(ReceiverSettings(name=RECEIVER, type=told.type, url=told.url))


def _check_query(query: str) -> None:
    from firstwire.core.watches.refusal import QueryError
    from firstwire.core.watches.unknown_operators import parse_new
    from firstwire.files.entities import load_entities

    try:
        parse_new(query, load_entities([config.SHIPPED / "seeds" / "entities.yaml"]))
    except QueryError as err:
        raise ConfigError(str(err), place=f"watch {query!r}") from err


def _refuse_to_overwrite() -> None:
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

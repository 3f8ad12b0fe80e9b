"""`firstwire feeds`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import orjson

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured, now, on_kafka_with_data
from firstwire.core.text.wording import counted
from firstwire.errors import EXIT_FAILED, EXIT_OK, EXIT_UNAVAILABLE, ConfigError

if TYPE_CHECKING:
    from firstwire.poller.feed_additions import Addition
    from firstwire.poller.feed_choice import ChosenFeed
    from firstwire.poller.feed_list import FeedList
    from firstwire.poller.inspection import Inspection
    from firstwire.poller.subscriptions import Subscription
    from schemas.subscription import SubscriptionChange

T = TypeVar("T")

SETTINGS_OF_A_FEED = (
    "name",
    "tag",
    "language",
    "interval",
    "longest-interval",
    "ignore-http-cache",
    "full-text",
    "header",
    "login",
)
"""What `--unset` takes. Written out, so that help loads no poller."""


@click.group(cls=CommandGroup)
def feeds() -> None:
    """See which feeds are polled, check one, and add or remove feeds while the poller runs."""


@feeds.command("list")
@click.argument("words", nargs=-1)
@click.option("--health", help="Only those of this health, or `paused`, or `removed`.")
@click.option("--json", "wants_json", is_flag=True, help="As a JSON array.")
@configured
def list_feeds(
    configuration: config.Configuration, words: tuple[str, ...], health: str | None, wants_json: bool
) -> None:
    """List the subscribed feeds: how they are, their settings, and where each is listed.

    Feeds of files that were removed by hand are listed too: `resume` polls them again.
    With WORDS only those whose name, address or tags contain all of them.
    """
    from rich.console import Console

    from firstwire.commands.feeds_text import table
    from firstwire.poller.feed_accounts import as_json, counts, is_wanted

    if health is not None:
        _check_health(health)
    known = _known(configuration)
    listed = [(each, known.state_of(each)) for each in known.listed.values()]
    found = [pair for pair in listed if is_wanted(*pair, words=words, health=health)]
    if wants_json:
        click.echo(orjson.dumps([as_json(*pair) for pair in found]))
        return
    if found:
        Console(highlight=False, markup=False, emoji=False).print(table(found, now()))
    elif listed:
        click.echo("no such feed")
    click.echo(counts(listed))


@feeds.command()
@click.option("--json", "wants_json", is_flag=True, help="The feeds that are not well as a JSON array.")
@configured
def status(configuration: config.Configuration, wants_json: bool) -> None:
    """Show which feeds are not as they should be, and why, the worst first."""
    from rich.console import Console

    from firstwire.commands.feeds_text import status_table
    from firstwire.poller.feed_accounts import as_json, counts, told_of, worst_first

    known = _known(configuration)
    found = [(each, known.state_of(each)) for each in known.subscribed.values()]
    unwell = worst_first(found)
    at = now()
    if wants_json:
        shown = [as_json(each, state) | {"meaning": told_of(each, state, at)} for each, state in unwell]
        click.echo(orjson.dumps(shown))
        return
    if unwell:
        Console(highlight=False, markup=False, emoji=False).print(status_table(unwell, at))
    click.echo(counts(found))


@feeds.command()
@click.argument("url")
@click.option("--login", metavar="VARIABLE", help="Environment variable that holds name:password.")
@click.option("--secret-header", "secret_headers", multiple=True, metavar="NAME=VARIABLE", help="As for `add`.")
@click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="A header to send.")
@click.option("--json", "wants_json", is_flag=True, help="As a JSON array of one object.")
@configured
def check(configuration: config.Configuration, url: str, wants_json: bool, **given: Any) -> int:
    """Visit the feed URL once, and show what the poller would read of it. Nothing is remembered."""
    from firstwire.poller.answers import Failed
    from firstwire.poller.document import FeedDocument
    from firstwire.poller.feed_accounts import inspection_json, inspection_lines
    from firstwire.poller.feed_list import added
    from firstwire.poller.feed_options import options_of_change
    from firstwire.poller.inspection import open_inspector
    from firstwire.poller.links import redacted

    address = _address(url)
    subscribed = _subscribed_in_files(configuration, address)
    options = options_of_change(added(address, now(), None, **_settings(**given)))
    if subscribed is not None:
        options = options.over(subscribed.options)

    async def looking() -> Inspection:
        async with open_inspector(configuration) as inspector:
            looked = await inspector.inspect(address, options)
            if "://" in url or not isinstance(looked.answer, Failed) or not looked.answer.is_silent:
                return looked
            click.echo(f"{redacted(address)}: {looked.found}; trying http", err=True)
            # Without what may be secret, which is sent only where somebody has asked for that
            return await inspector.inspect(address.replace("https:", "http:", 1))

    looked = asyncio.run(looking())
    if wants_json:
        click.echo(orjson.dumps([inspection_json(looked)]))
    else:
        for line in inspection_lines(looked, now()):
            click.echo(line)
    return EXIT_OK if isinstance(looked.found, FeedDocument) else EXIT_UNAVAILABLE


def settings_of_a_feed(command: Callable[..., T]) -> Callable[..., T]:
    """The options that set how one feed is polled."""
    for option in (
        click.option(
            "--login", metavar="VARIABLE", help="Environment variable of the poller that holds name:password."
        ),
        click.option(
            "--secret-header",
            "secret_headers",
            multiple=True,
            metavar="NAME=VARIABLE",
            help="A header to send, its value in an environment variable of the poller.",
        ),
        click.option("--header", "headers", multiple=True, metavar="NAME=VALUE", help="A header to send."),
        click.option(
            "--ignore-http-cache/--use-http-cache",
            "ignores_cache",
            default=None,
            help="Ask for the whole document each time.",
        ),
        click.option(
            "--full-text/--no-full-text",
            default=None,
            help="Read the whole text of its articles from their pages.",
        ),
        click.option("--longest-interval", help="The longest wait that its publisher may ask for."),
        click.option("--interval", help="How often it is visited: 5m, 1h."),
        click.option("--language", help="Its language: en, pt-br."),
        click.option("--tag", "tags", multiple=True, help="Tag of all its articles; commas part several."),
        click.option("--name", help="Name of the outlet, instead of the feed's title."),
    ):
        command = option(command)
    return command


@feeds.command()
@click.argument("url")
@settings_of_a_feed
@click.option(
    "--unset",
    multiple=True,
    type=click.Choice(SETTINGS_OF_A_FEED),
    help="A setting that is to be as if nobody had set it by a command.",
)
@click.option("--no-check", is_flag=True, help="Add it without visiting it first.")
@configured
def add(configuration: config.Configuration, url: str, no_check: bool, unset: tuple[str, ...], **given: Any) -> int:
    """Poll the feed URL from now on, or with other settings.

    URL may also be a page that names its feed. Settings that are not given stay as they are. Visits it at once.
    """
    from firstwire.poller.feed_additions import addition
    from firstwire.poller.feed_choice import ChosenFeed

    settings = _settings(**given)
    address = _address(url)
    chosen = ChosenFeed(address, "") if no_check else asyncio.run(_checked(configuration, address, settings))
    if chosen is None:
        return EXIT_UNAVAILABLE
    found, note = chosen.is_found, chosen.note
    return _said(
        configuration,
        lambda known: addition(known, chosen.address, now(), settings, unset=unset, is_found=found, note=note),
    )


@feeds.command()
@click.argument("url")
@configured
def remove(configuration: config.Configuration, url: str) -> int:
    """Poll the feed URL no more. A feed of a file stays removed until it is added again."""
    from firstwire.poller.feed_list import removed
    from firstwire.poller.links import redacted

    wanted = _address(url)
    (change,) = _decide(configuration, lambda known: [removed(known.meant(wanted).url, now())])
    click.echo(f"removed {redacted(change.url)}")
    return EXIT_OK


@feeds.command()
@click.argument("url")
@configured
def pause(configuration: config.Configuration, url: str) -> int:
    """Visit the feed URL no more until it is resumed. It stays in the list, with its settings."""
    from firstwire.poller.feed_additions import pause as pausing

    wanted = _address(url)
    return _said(configuration, lambda known: pausing(known, known.meant(wanted), now()))


@feeds.command()
@click.argument("url")
@configured
def resume(configuration: config.Configuration, url: str) -> int:
    """Visit the paused feed URL again, with the settings of before, and at once.

    Also one of a file that was removed, as files and the feed itself say.
    """
    from firstwire.poller.feed_additions import resumption

    wanted = _address(url)
    return _said(configuration, lambda known: resumption(known, known.resumable(wanted), now()))


@feeds.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@configured
def import_feeds(configuration: config.Configuration, file: Path) -> int:
    """Poll all feeds of the OPML list FILE from now on. Folders become tags.

    Feeds that are subscribed keep their names, and are paused if they were.
    """
    from firstwire.poller.feed_additions import ImportedFeeds, imported
    from firstwire.poller.subscriptions import Refused, Subscription, listed_subscriptions

    found = list(listed_subscriptions(file, str(file)))
    listed = [each for each in found if isinstance(each, Subscription)]
    refused = [each for each in found if isinstance(each, Refused)]
    results: list[ImportedFeeds] = []

    def importing(known: FeedList) -> list[SubscriptionChange]:
        results.append(imported(known, listed, now()))
        return list(results[-1].changes)

    _decide(configuration, importing)
    for entry in refused:
        click.echo(f"{entry.place}: skipped {entry.url}: {entry.reason}", err=True)
    for line in results[-1].changed:
        click.echo(f"changed {line}")
    for line in results[-1].left_paused:
        click.echo(f"still paused: {line}")
    click.echo(f"{results[-1].counts}, {len(refused)} skipped")
    return EXIT_FAILED if refused else EXIT_OK


@feeds.command()
@click.option("--output", type=click.Path(path_type=Path), help="File to write; default: standard output.")
@configured
def export(configuration: config.Configuration, output: Path | None) -> None:
    """Write the subscribed feeds as an OPML list, which `import` reads back."""
    from firstwire.poller.opml import write_opml
    from firstwire.poller.subscriptions import listed

    known = _known(configuration)
    subscribed = list(known.subscribed.values())
    text = write_opml([listed(each, known.state_of(each)) for each in subscribed])
    with_secrets = sum(each.options.headers is not None or each.options.login is not None for each in subscribed)
    if with_secrets:
        click.echo(f"headers and logins of {counted(with_secrets, 'feed')} are not written", err=True)
    if output is None:
        click.echo(text, nl=False)
        return
    from firstwire.files.atomic import write_whole

    write_whole(output, text)
    click.echo(f"{counted(len(subscribed), 'feed')} written to {output}")


def _known(configuration: config.Configuration) -> FeedList:
    """The list; that of the files alone where Kafka holds no data yet."""
    from firstwire.poller.feed_list import FeedList, read_feed_list
    from firstwire.poller.subscriptions import read_subscriptions

    of_files, _ = read_subscriptions(configuration)
    kafka = configuration.settings.kafka
    found = on_kafka_with_data(configuration, lambda address: read_feed_list(address, kafka, of_files))
    return FeedList(of_files) if found is None else found


def _said(configuration: config.Configuration, decide: Callable[[FeedList], Addition]) -> int:
    """Record a decision, if there is one, and say what it means."""
    from firstwire.poller.feed_additions import visited_every

    found: list[Addition] = []

    def deciding(known: FeedList) -> list[SubscriptionChange]:
        found.append(decide(known))
        return [] if found[-1].change is None else [found[-1].change]

    _decide(configuration, deciding)
    click.echo(found[-1].told)
    if (after := found[-1].after) is not None:
        click.echo(visited_every(after, configuration.settings.poller.interval))
    return EXIT_OK


def _check_health(health: str) -> None:
    """Raises UsageError, with the nearest one, for a health that there is not."""
    from typing import get_args

    from firstwire.core.text.nearest import nearest
    from firstwire.poller.feed_accounts import NOT_VISITED
    from schemas.feed import Health

    names = (*get_args(Health), *NOT_VISITED)
    if health not in names:
        raise click.UsageError(f"no feed has the health {health!r}{nearest(health, names)}")


def _decide(
    configuration: config.Configuration, decide: Callable[[FeedList], list[SubscriptionChange]]
) -> list[SubscriptionChange]:
    """Record decisions, made with the list as it is now, and return them."""
    from firstwire.poller.feed_list import publish_changes, read_feed_list
    from firstwire.poller.subscriptions import read_subscriptions

    of_files, _ = read_subscriptions(configuration)
    kafka = configuration.settings.kafka

    async def deciding(bootstrap_servers: str) -> list[SubscriptionChange]:
        changes = decide(await read_feed_list(bootstrap_servers, kafka, of_files))
        await publish_changes(bootstrap_servers, kafka.topic_prefix, changes)
        return changes

    decided = on_kafka_with_data(configuration, deciding)
    if decided is None:
        raise ConfigError("nothing was recorded: start `firstwire run` first, or list the feed in poller.subscriptions")
    return decided


def _address(url: str) -> str:
    from firstwire.poller.feed_choice import given_address

    try:
        return given_address(url)
    except ConfigError as err:
        raise click.UsageError(err.message) from err


def _settings(**given: Any) -> dict[str, Any]:
    from firstwire.poller.feed_choice import given_settings

    try:
        return given_settings(**given)
    except ConfigError as err:
        raise click.UsageError(err.message) from err


async def _checked(configuration: config.Configuration, address: str, settings: dict[str, Any]) -> ChosenFeed | None:
    """The feed that is meant; None, with a message, if it is not clear."""
    from firstwire.poller.feed_accounts import found_lines
    from firstwire.poller.feed_choice import ChosenFeed, chosen_feed
    from firstwire.poller.links import redacted

    chosen = await chosen_feed(configuration, address, settings, now())
    if isinstance(chosen, ChosenFeed):
        return chosen
    click.echo(f"not added: {redacted(address)}: {chosen.reason}", err=True)
    if chosen.hint:
        click.echo(f"{chosen.hint[0].upper()}{chosen.hint[1:]}", err=True)
        for line in found_lines(chosen.named or chosen.guessed):
            click.echo(line, err=True)
    else:
        click.echo("--no-check adds it all the same.", err=True)
    return None


def _subscribed_in_files(configuration: config.Configuration, address: str) -> Subscription | None:
    from firstwire.poller.links import same_feed_key
    from firstwire.poller.subscriptions import read_subscriptions

    of_files, _ = read_subscriptions(configuration)
    return next((each for each in of_files if same_feed_key(each.url) == same_feed_key(address)), None)

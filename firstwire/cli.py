"""The command line. Every error is one clear line on stderr, and an exit code that docs/operations.md explains."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from firstwire import __version__, config
from firstwire.commands import configured, milliseconds, moment, on_kafka
from firstwire.errors import EXIT_USAGE, FirstwireError
from firstwire.ledger.commands import ledger as ledger_commands
from firstwire.rules.commands import rules

T = TypeVar("T")


def main() -> None:
    """Run a command and leave with its exit code."""
    try:
        code = cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as err:
        err.show()
        sys.exit(EXIT_USAGE)
    except FirstwireError as err:
        print(f"firstwire: {err}", file=sys.stderr)  # noqa: T201
        sys.exit(err.exit_code)
    sys.exit(code if isinstance(code, int) else 0)


def part(command: Callable[..., T]) -> Callable[..., T]:
    """A process of the daemon: configuration, and the address of Kafka if the supervisor says it."""
    return configured(
        click.option("--bootstrap-servers", help="Kafka's address; else the setting kafka.bootstrap_servers.")(command)
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="firstwire")
def cli() -> None:
    """Reads news feeds and tells, with proof, that something you care about has happened."""


@cli.command()
@configured
def run(configuration: config.Configuration) -> int:
    """Run everything: broker (if embedded), poller, worker, notifier."""
    from firstwire.daemon import Supervisor

    async def supervised(stop: asyncio.Event) -> int:
        return await Supervisor(configuration, stop).run()

    return _process("run", configuration, supervised)


@cli.command()
@part
def poll(configuration: config.Configuration, bootstrap_servers: str | None) -> int:
    """Run the poller: feeds to articles."""
    from firstwire.poller.service import poll as serve

    async def polling(stop: asyncio.Event) -> int:
        await serve(configuration, await _kafka(configuration, bootstrap_servers, stop), stop=stop)
        return 0

    return _process("poll", configuration, polling)


@cli.command()
@part
def work(configuration: config.Configuration, bootstrap_servers: str | None) -> int:
    """Run a worker: deduplicate, analyze, alert. Several may run, each with its own worker.id."""
    from agents.app import work as serve
    from firstwire.knowledge import load_written
    from firstwire.process import keep_memory_whole, say_ready

    keep_memory_whole()

    async def working(stop: asyncio.Event) -> int:
        gazetteer, written, seeds = load_written(configuration)
        await serve(
            configuration,
            await _kafka(configuration, bootstrap_servers, stop),
            gazetteer,
            written,
            seeds,
            stop=stop,
            on_ready=say_ready,
        )
        return 0

    return _process("work", configuration, working)


@cli.command()
@part
def notify(configuration: config.Configuration, bootstrap_servers: str | None) -> int:
    """Run the notifier: alerts to Slack and webhooks."""
    from firstwire.notifier.service import notify as serve
    from firstwire.process import say_ready

    async def notifying(stop: asyncio.Event) -> int:
        await serve(configuration, await _kafka(configuration, bootstrap_servers, stop), stop=stop, on_ready=say_ready)
        return 0

    return _process("notify", configuration, notifying)


@cli.command()
@configured
def check(configuration: config.Configuration) -> int:
    """Validate configuration, rules and subscriptions, and see whether Kafka can be reached."""
    from firstwire.check import check as look

    async def looking() -> int:
        worst = 0
        async for finding in look(configuration):
            mark = "ok    " if finding.exit_code == 0 else "WRONG "
            click.echo(f"{mark} {finding.subject}: {finding.says}")
            worst = max(worst, finding.exit_code)
        return worst

    return asyncio.run(looking())


@cli.command("config")
@configured
def show_config(configuration: config.Configuration) -> None:
    """Print every setting with where it comes from; secrets are hidden."""
    for key, value, origin in config.described(configuration):
        click.echo(f"{key} = {value}  ({origin})")


cli.add_command(rules)
cli.add_command(ledger_commands)


@cli.group()
def topics() -> None:
    """Look after Kafka's topics."""


@topics.command("init")
@configured
def init_topics(configuration: config.Configuration) -> None:
    """Create the topics that are missing."""
    from firstwire.broker.topics import create_missing_topics

    created = on_kafka(configuration, lambda address: create_missing_topics(address, configuration.settings.kafka))
    click.echo(f"created {', '.join(created)}" if created else "nothing is missing")


@cli.command()
@click.argument("wanted", metavar="[ALERT|ARTICLE|URL]", required=False)
@click.option("--text", help="Explain a text instead: entities, events, cues, what the rules make of it.")
@click.option("--language", help="With --text: its language; else it is detected.")
@click.option("--at", "at_time", help="With --text: when it was published, RFC 3339; else now.")
@configured
def explain(
    configuration: config.Configuration,
    wanted: str | None,
    text: str | None,
    language: str | None,
    at_time: str | None,
) -> None:
    """Show the trail of an alert or an article: what was decided, where, and why."""
    if (wanted is None) == (text is None):
        raise click.UsageError("give either an alert, article or URL, or --text TEXT")
    if text is not None:
        _explain_text(configuration, text, language, at_time)
    elif language or at_time:
        raise click.UsageError("--language and --at go with --text")
    else:
        _explain_trail(configuration, str(wanted))


def _explain_text(configuration: config.Configuration, text: str, language: str | None, at_time: str | None) -> None:
    from firstwire.core.text.language import detect_language
    from firstwire.explain_text import told_text, wrapped
    from firstwire.knowledge import load_knowledge
    from firstwire.notifier.wording import harmless

    if not text.strip():
        raise click.UsageError("the text is empty")
    knowledge, seeds = load_knowledge(configuration)
    lines = told_text(text, knowledge, seeds, language=language or detect_language(text), at=moment(at_time))
    lines = [harmless(line) for line in lines]
    if sys.stdout.isatty():  # in a pipe a line stays one
        width = shutil.get_terminal_size().columns
        lines = [row for line in lines for row in wrapped(line, width)]
    click.echo("\n".join(lines))


def _explain_trail(configuration: config.Configuration, wanted: str) -> None:
    from firstwire.explain import find_trail, told, told_deliveries
    from firstwire.notifier.rendering import parts_of, plain_lines
    from firstwire.notifier.wording import harmless
    from schemas.delivery import Receipt

    prefix = configuration.settings.kafka.topic_prefix
    trail = on_kafka(configuration, lambda address: find_trail(address, prefix, wanted))
    if trail.alert is not None:
        times = trail.alert.times
        receipt = Receipt(published_at=times.published_at, fetched_at=times.fetched_at)
        told_with = trail.deliveries[0].receipt if trail.deliveries else receipt
        lines = [*plain_lines(parts_of(trail.alert, told_with)), *told_deliveries(trail.deliveries)]
        lines += [f"article  {article_id}" for article_id in trail.alert.articles]
    else:
        lines = []
    # Titles and reasons come from feeds: nothing in them may steer the terminal
    click.echo("\n".join(harmless(line) for line in [*lines, *told(trail)]))


@cli.command()
@click.argument("story", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many are listed.")
@click.option("--at", "at_time", help="As of this time, RFC 3339; else now.")
@configured
def stories(configuration: config.Configuration, story: str | None, limit: int, at_time: str | None) -> None:
    """List the stories told now with outlets, origins and age; or one of them with its articles."""
    from rich.console import Console

    from firstwire.stories import details, one_story, read_stories, table

    at = moment(at_time)
    window = timedelta(seconds=config.seconds(configuration.settings.stories.window))
    prefix = configuration.settings.kafka.topic_prefix
    told = on_kafka(configuration, lambda address: read_stories(address, prefix, at, window))
    console = Console(highlight=False)
    if story is not None:
        console.print(details(one_story(told, story), at))
        return
    console.print(table(told[:limit], at))
    several = sum(1 for one in told if len(one.articles) > 1)
    console.print(f"{min(limit, len(told))} of {len(told)} stories shown; {several} have more than one article")


@cli.command()
@click.option("--articles", type=click.Path(path_type=Path), help="JSON Lines file of articles.")
@click.option("--from-topic", is_flag=True, help="Read the articles topic instead of a file.")
@click.option("--from", "from_time", help="With --from-topic: fetched at or after this time, RFC 3339.")
@click.option("--to", "to_time", help="With --from-topic: fetched before this time, RFC 3339.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@click.option(
    "--rules", "rule_files", type=click.Path(path_type=Path), help="Rule file or folder, in place of those in force."
)
@click.option("--ledger", help="Ledger file in place of the configured ones; `none` starts empty.")
@configured
def replay(
    configuration: config.Configuration,
    articles: Path | None,
    from_topic: bool,
    from_time: str | None,
    to_time: str | None,
    output: Path,
    rule_files: Path | None,
    ledger: str | None,
) -> None:
    """Run the core over old articles. Nothing is sent, nothing is committed; the result is files."""
    from firstwire.core.firsts import Seeds
    from firstwire.core.pipeline import Knowledge
    from firstwire.knowledge import load_written
    from firstwire.ledger.pages import corrections_of, read_pages
    from firstwire.replay.articles import Unreadable, read_articles
    from firstwire.replay.files import write_replayed
    from firstwire.replay.run import replay as judge
    from firstwire.replay.topic import read_topic
    from firstwire.rule_files import rulebook_of
    from firstwire.rules.releases import Compiler, history_of, read_versions
    from schemas.article import Article
    from schemas.ledger import LedgerPage
    from schemas.rules import RuleVersion
    from schemas.times import from_milliseconds

    if (articles is None) == (not from_topic):
        raise click.UsageError("give either --articles FILE or --from-topic")
    if articles is not None and (from_time or to_time):
        raise click.UsageError("--from and --to go with --from-topic")
    ledger_file = Path(ledger) if ledger is not None and ledger != "none" else None
    gazetteer, written, seeds = load_written(configuration, rules=rule_files, ledger=ledger_file)
    knowledge = Knowledge(gazetteer=gazetteer, rules=rulebook_of(written))
    if ledger == "none":
        seeds = Seeds(eras=seeds.eras, groups=seeds.groups)
    window = timedelta(seconds=config.seconds(configuration.settings.stories.window))
    if articles is not None:
        found = judge(read_articles(articles), knowledge, seeds, window)
    else:
        prefix = configuration.settings.kafka.topic_prefix
        bounds = milliseconds(from_time), milliseconds(to_time)

        async def read(address: str) -> tuple[list[Article | Unreadable], list[RuleVersion], list[LedgerPage]]:
            records = await read_topic(address, prefix, *bounds)
            # The rules as they were in force when each article was fetched, and what was corrected by hand
            versions = await read_versions(address, prefix) if rule_files is None else []
            pages = await read_pages(address, prefix) if ledger is None else {}
            return records, versions, list(pages.values())

        records, versions, pages = on_kafka(configuration, read)
        if versions:
            knowledge = Knowledge(gazetteer=gazetteer, rules=history_of(versions, Compiler(gazetteer, written)))
        before = from_milliseconds(bounds[1]) if bounds[1] is not None else None
        found = judge(records, knowledge, seeds, window, list(corrections_of(pages, before)))
    write_replayed(found, output)
    for line in found.unreadable:
        click.echo(f"line {line.line}: {line.reason}", err=True)
    click.echo(
        f"{len(found.outcomes)} articles, {len(found.events)} events, {len(found.matches)} matches, "
        f"{len(found.alerts)} alerts → {output}",
        err=True,
    )


@cli.group()
def bench() -> None:
    """Measure on this machine, with data of your own."""


@bench.command("watches")
@click.option("--articles", required=True, type=click.Path(path_type=Path), help="JSON Lines file, as for replay.")
@click.option(
    "--rules", "rule_files", type=click.Path(path_type=Path), help="Rule file or folder, in place of the configured."
)
@configured
def bench_watches(configuration: config.Configuration, articles: Path, rule_files: Path | None) -> None:
    """Ask all watches about every article: articles/s, matches, build time, memory."""
    import time

    from firstwire.bench import measure_watches, told
    from firstwire.knowledge import load_written
    from firstwire.replay.articles import read_articles
    from firstwire.rule_files import rulebook_of

    began = time.process_time()
    _, written, _ = load_written(configuration, rules=rule_files)
    loaded = time.process_time() - began
    measured = measure_watches(rulebook_of(written).watches, read_articles(articles))
    for line in measured.unreadable:
        click.echo(f"line {line.line}: {line.reason}", err=True)
    for text in told(measured, loaded):
        click.echo(text)


@cli.command()
@click.option("--keep", is_flag=True, help="Keep the demonstration's folder afterwards.")
def demo(keep: bool) -> int:
    """Show the whole chain on sample feeds of this machine: real Kafka, real receivers, one first."""
    from firstwire.demo.run import demonstrate

    return demonstrate(keep=keep)


@cli.command()
def setup() -> None:
    """Fetch what the embedded broker needs, and say what is missing."""
    from firstwire.broker.jars import ensure_jars, find_java

    java = find_java()
    click.echo(f"java: {java}")
    click.echo(f"kafka: {ensure_jars(click.echo)}")


def _process(name: str, configuration: config.Configuration, serve: Callable[[asyncio.Event], Awaitable[int]]) -> int:
    """Run a process of the daemon: logs, signals, loop."""
    from firstwire.broker.transaction import quiet_fencing
    from firstwire.logs import configure_logs

    configure_logs(configuration.settings.log.level, name)

    async def until_stopped() -> int:
        loop = asyncio.get_running_loop()
        quiet_fencing(loop)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        return await serve(stop)

    return _run(until_stopped())


def _run(main: Coroutine[Any, Any, T]) -> T:
    """On uvloop where there is one: a quarter more records a second for nothing."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


async def _kafka(configuration: config.Configuration, bootstrap_servers: str | None, stop: asyncio.Event) -> str:
    """Kafka's address for a process of the daemon, once it answers: a broker that is still coming up is waited for."""
    from firstwire.broker.reach import find_kafka, wait_for_kafka

    address = bootstrap_servers or configuration.settings.kafka.bootstrap_servers
    if address == config.EMBEDDED:
        return await find_kafka(configuration)
    await wait_for_kafka(address, stop)
    return address


if __name__ == "__main__":
    main()

"""The command line, assembled. Every error is one clear line on stderr and an exit code of docs/operations.md."""

from __future__ import annotations

import sys

import click

from firstwire import __version__
from firstwire.commands.alerts import alerts
from firstwire.commands.archive import archive
from firstwire.commands.backtest import backtest
from firstwire.commands.backup import backup, restore_backup
from firstwire.commands.bench import bench
from firstwire.commands.check import check
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.config import show_config
from firstwire.commands.deliveries import deliveries
from firstwire.commands.demo import demo
from firstwire.commands.explain import explain
from firstwire.commands.feedback import feedback
from firstwire.commands.feeds import feeds
from firstwire.commands.ingest import ingest
from firstwire.commands.init import init
from firstwire.commands.ledger import ledger
from firstwire.commands.notify import run_notifier
from firstwire.commands.poll import run_poller
from firstwire.commands.receivers import receivers
from firstwire.commands.reload import reload
from firstwire.commands.replay import replay
from firstwire.commands.replays import replays
from firstwire.commands.routes import routes
from firstwire.commands.rules import rules
from firstwire.commands.run import run
from firstwire.commands.search import search
from firstwire.commands.setup import setup
from firstwire.commands.silences import silences
from firstwire.commands.stories import stories
from firstwire.commands.takedown import takedown
from firstwire.commands.templates import templates
from firstwire.commands.topics import topics
from firstwire.commands.verify import verify_alerts
from firstwire.commands.web import run_console
from firstwire.commands.work import run_worker
from firstwire.errors import EXIT_USAGE, FirstwireError


def main() -> None:
    """Run a command and exit with its code."""
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


SHORT_HELP = {
    "Start": {
        init: "Write a first configuration; asks what to watch.",
        check: "Validate everything; try to reach receivers and Kafka.",
        run: "Run everything, under one supervisor, until Ctrl-C.",
        demo: "Show all stages on local sample feeds; ends by itself.",
        setup: "Fetch what the embedded broker needs.",
    },
    "Look": {
        alerts: "List what was raised, and show one alert.",
        search: "Find articles by a query, as a watch would.",
        explain: "Say why there was an alert, or none.",
        stories: "List the active stories, or show one.",
        deliveries: "See who was told what; deliver again.",
        verify_alerts: "Judge again what was fetched, and compare.",
    },
    "Change what is told": {
        feeds: "See, check, add and remove feeds.",
        rules: "List, test, check, import and apply rules.",
        ledger: "Show, export and correct the ledger of firsts.",
        routes: "Try out who is told what.",
        receivers: "Send receivers a test message.",
        templates: "Try out templates of messages.",
        silences: "Say who is not told of what, until when.",
        feedback: "Acknowledge alerts; say whether they were right.",
        reload: "Put changed routes and receivers in force.",
    },
    "Try on old articles": {
        replay: "Process old articles again, into files or topics.",
        replays: "List and remove the topics of replays.",
        backtest: "Compare what new rules and old ones tell.",
        bench: "Measure throughput with your own data.",
    },
    "Operate": {
        show_config: "Print every setting and where it comes from.",
        topics: "Manage Kafka's topics.",
        archive: "Keep articles, events and rules in files for years.",
        backup: "Write all topics to a folder, as of one moment.",
        restore_backup: "Put a backup onto empty topics.",
        takedown: "Take an article down, everywhere.",
        ingest: "Publish articles from standard input.",
    },
    "Run one process of several": {
        run_poller: "Read feeds and publish articles.",
        run_worker: "Deduplicate, analyze, alert.",
        run_notifier: "Deliver alerts to receivers.",
        run_console: "Serve the console and the JSON API.",
    },
}
"""What `firstwire --help` lists, each line within 80 columns."""


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="firstwire")
def cli() -> None:
    """Watch news feeds and be alerted, with evidence, when something you care about happens."""


for _commands in SHORT_HELP.values():
    for _command, _line in _commands.items():
        _command.short_help = _line
        cli.add_command(_command)
cli.sections = {heading: [str(each.name) for each in listed] for heading, listed in SHORT_HELP.items()}


if __name__ == "__main__":
    main()

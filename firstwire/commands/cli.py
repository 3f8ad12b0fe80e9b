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


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="firstwire")
def cli() -> None:
    """Watch news feeds and be alerted, with evidence, when something you care about happens."""


for _command in (
    *(run, run_poller, run_worker, run_notifier, run_console),
    *(init, setup, check, show_config, topics, demo, feeds, ingest),
    *(rules, ledger, routes, receivers, templates, deliveries, silences, feedback, reload),
    *(alerts, stories, search, explain),
    *(replay, replays, backtest, verify_alerts, archive, backup, restore_backup, takedown, bench),
):
    cli.add_command(_command)


if __name__ == "__main__":
    main()

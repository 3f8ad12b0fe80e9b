"""`firstwire alerts`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.json_lists import echo_json, json_option
from firstwire.commands.options import configured, moment
from firstwire.core.text.wording import counted
from firstwire.errors import ConfigError
from schemas.alert import AlertKind, AlertLife, Severity
from schemas.record import Certainty

if TYPE_CHECKING:
    from firstwire.core.routes.labels import Label

T = TypeVar("T")

BY_LABEL: tuple[tuple[Label, tuple[str, ...], str], ...] = (
    ("rule", (), "Id of the rule."),
    ("kind", get_args(AlertKind), "Kind."),
    ("severity", get_args(Severity), "Severity."),
    ("certainty", get_args(Certainty), "Certainty."),
    ("entity", (), "Id of who acts, or on whom; of a watch any of its tags."),
    ("tag", (), "Id of an entity in one of its articles, or a tag of the rule."),
    ("language", (), "Of one of its articles: en also means en-US."),
    ("source", (), "An outlet of one of its articles."),
)
"""The labels that alerts are selected by, the values they may have, if these are few, and their help."""


@click.group(cls=CommandGroup)
def alerts() -> None:
    """See what was raised."""


def selecting(command: Callable[..., T]) -> Callable[..., T]:
    """The options by which alerts are selected; of one that is given several times any value may hold."""
    command = click.option("--until", help="Raised before this time, RFC 3339.")(command)
    command = click.option("--since", help="Raised at this time or later, RFC 3339.")(command)
    command = click.option("--shadow", is_flag=True, help="Those of shadow rules, which nobody is told, instead.")(
        command
    )
    command = click.option("--state", "lives", multiple=True, type=click.Choice(get_args(AlertLife)), help="State.")(
        command
    )
    for label, values, text in reversed(BY_LABEL):
        kind = click.Choice(values) if values else None
        command = click.option(f"--{label}", label, multiple=True, type=kind, help=text)(command)
    return command


@alerts.command("list")
@selecting
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Maximum number listed.")
@json_option
@configured
def list_alerts(
    configuration: config.Configuration,
    limit: int,
    wants_json: bool,
    lives: tuple[AlertLife, ...],
    shadow: bool,
    since: str | None,
    until: str | None,
    **labels: Any,
) -> None:
    """List the alerts, those raised last first."""
    from rich.console import Console

    from firstwire.commands.alerts_text import as_json, table
    from firstwire.commands.indexed import on_index
    from firstwire.index.results import AlertFilter

    wanted = AlertFilter(
        labels={label: labels[label] for label, _, _ in BY_LABEL if labels[label]},
        lives=lives,
        shadow=shadow,
        since=since and moment(since),
        until=until and moment(until),
    )
    page = on_index(configuration, lambda reader: reader.alerts(wanted, limit=limit))
    if wants_json:
        echo_json([] if page is None else map(as_json, page.alerts))
    elif page is not None:
        if page.alerts:
            Console(highlight=False, markup=False, emoji=False).print(table(page.alerts))
        click.echo(f"{len(page.alerts)} of {counted(page.total, 'alert')} shown")


@alerts.command()
@click.argument("alert")
@json_option
@configured
def show(configuration: config.Configuration, alert: str, wants_json: bool) -> None:
    """Show ALERT, an id or its beginning: what was told, to whom, and what people said."""
    from firstwire.commands.alerts_text import as_json, details
    from firstwire.commands.indexed import on_index
    from firstwire.index.reading import IndexReader
    from firstwire.index.results import AlertTrail, IndexedAlert

    def find(reader: IndexReader) -> tuple[IndexedAlert, AlertTrail]:
        found = reader.alert(alert)
        if found is None:
            raise ConfigError(f"no alert {alert!r}")
        return found, reader.alert_trail(found.alert.alert_id)

    answer = on_index(configuration, find)
    if wants_json:
        echo_json([] if answer is None else [as_json(*answer)])
    elif answer is not None:
        for line in details(*answer):
            click.echo(line)

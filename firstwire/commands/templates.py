"""`firstwire templates`."""

from __future__ import annotations

from pathlib import Path

import click

from firstwire import config
from firstwire.commands.asked_alert import asked_alert, with_file_of_alerts
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured
from firstwire.errors import ConfigError


@click.group(cls=CommandGroup)
def templates() -> None:
    """Try out templates of messages."""


@templates.command("preview")
@click.argument("name")
@click.argument("alert")
@with_file_of_alerts
@configured
def preview_template(configuration: config.Configuration, name: str, alert: str, file: Path | None) -> int:
    """Show what the template NAME makes of ALERT, an id or its beginning, as its first message."""
    from firstwire.core.text.nearest import nearest
    from firstwire.notifier.rendering import parts_of
    from firstwire.notifier.template_book import template_book
    from firstwire.notifier.templates import TemplateFailure
    from firstwire.notifier.view import View
    from schemas import Receipt

    settings = configuration.settings
    book = template_book(settings)
    if name not in book.templates:
        raise ConfigError(f"no template {name!r}{nearest(name, book.templates)}")
    found, _, _ = asked_alert(configuration, file, alert)
    receipt = Receipt(published_at=found.times.published_at, fetched_at=found.times.fetched_at)
    parts = parts_of(found, receipt, None, View(console=settings.web.console))
    try:
        lines = book.templates[name].lines(found, parts)
    except TemplateFailure as err:
        click.echo(f"it fails, and the usual message would be sent: {err}", err=True)
        return 1
    click.echo("\n".join(lines))
    return 0

"""`firstwire config`."""

from __future__ import annotations

import click

from firstwire import config
from firstwire.commands.options import configured


@click.command("config")
@configured
def show_config(configuration: config.Configuration) -> None:
    """Print every setting and where it comes from; secrets are hidden."""
    for key, value, origin in config.described(configuration):
        click.echo(f"{key} = {value}  ({origin})")

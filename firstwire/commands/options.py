"""Shared by commands: the configuration option, access to Kafka, times and ids on the command line."""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from firstwire import config
from firstwire.errors import ConfigError
from schemas.times import format_timestamp, from_milliseconds

T = TypeVar("T")

DEFAULT_CONFIG = Path("firstwire.toml")
SAYS_WHICH = frozenset({"kafka.bootstrap_servers", "kafka.data_dir"})
"""Settings that name an installation, if the environment has one of them."""


def configured(command: Callable[..., T]) -> Callable[..., T]:
    """Give a command its `configuration`: from --config, else ./firstwire.toml if it exists, else the defaults."""

    @click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        help="TOML file; default: ./firstwire.toml if it exists.",
    )
    @functools.wraps(command)
    def with_configuration(config_file: Path | None, **arguments: Any) -> T:
        if config_file is None and DEFAULT_CONFIG.exists():
            config_file = DEFAULT_CONFIG
        return command(configuration=config.load(config_file, os.environ), **arguments)

    return with_configuration


def require_configuration(configuration: config.Configuration) -> None:
    """Raise ConfigError where neither a file nor the environment says which installation is meant.

    A mistyped folder is no reason to start one in it. Without a file it is Kafka, or where its data is, that says so.
    """
    if configuration.file is None and not configuration.origins.keys() & SAYS_WHICH:
        raise ConfigError(
            f"there is no {DEFAULT_CONFIG} in this folder: go to the folder of your configuration, "
            "give --config FILE, or write a first one with `firstwire init`"
        )


def on_kafka(configuration: config.Configuration, ask: Callable[[str], Awaitable[T]], *, makes_data: bool = False) -> T:
    """The result of `ask`, called with the address of a Kafka.

    Raises ConfigError if there is only an embedded broker, and it never ran, unless the command is the one that
    `makes_data`: what was never there cannot be asked for, and a mistyped folder is no reason to start a broker in it.
    """
    require_configuration(configuration)
    if not makes_data and not _has_data(configuration):
        raise ConfigError(_no_data(configuration))
    return _asked(configuration, ask)


def _asked(configuration: config.Configuration, ask: Callable[[str], Awaitable[T]]) -> T:
    from firstwire.broker.reach import kafka_for_a_command
    from firstwire.logs import configure_logs

    configure_logs("error", "command")

    async def asking() -> T:
        async with kafka_for_a_command(configuration, lambda line: click.echo(line, err=True)) as address:
            return await ask(address)

    return asyncio.run(asking())


def on_kafka_with_data(configuration: config.Configuration, ask: Callable[[str], Awaitable[T]]) -> T | None:
    """The result of `ask`; None, with a message, if there is only an embedded broker, and it never ran.

    Raises ConfigError where nothing is configured.
    """
    require_configuration(configuration)
    if not _has_data(configuration):
        click.echo(_no_data(configuration), err=True)
        return None
    return _asked(configuration, ask)


def _has_data(configuration: config.Configuration) -> bool:
    from firstwire.broker.embedded import broker_folder, holds_data

    embedded = configuration.settings.kafka.bootstrap_servers == config.EMBEDDED
    return not embedded or holds_data(broker_folder(configuration.data_dir))


def _no_data(configuration: config.Configuration) -> str:
    """Why there is nothing to be asked, and what to do."""
    return f"no data in {configuration.data_dir} yet: `firstwire run` makes it"


def meant_id(wanted: str, known: Iterable[str], what: str) -> str:
    """The id that is `wanted`, or else the only one that begins with it. Raises ConfigError if there is none."""
    meant = sorted(each for each in known if each.startswith(wanted))
    if wanted in meant:
        return wanted
    if len(meant) != 1:
        raise ConfigError(f"{wanted!r} is ambiguous: {', '.join(meant[:6])}" if meant else f"no {what} {wanted!r}")
    return meant[0]


def milliseconds(text: str | None) -> int | None:
    """Milliseconds since 1970 of a time given on the command line. Raises ConfigError if it is malformed."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise ConfigError(f"{text!r} is not a time; write it like 2025-07-03T14:02:11Z") from err
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def moment(text: str | None) -> str:
    """The timestamp of a time given on the command line, by default now. Raises ConfigError if it is malformed."""
    given = milliseconds(text)
    return now() if given is None else from_milliseconds(given)


def now() -> str:
    """The current timestamp."""
    return format_timestamp(datetime.now(UTC))

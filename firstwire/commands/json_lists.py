"""Lists as JSON: one array on standard output and nothing else, the same option for every list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
import orjson

T = TypeVar("T")


def json_option(command: Callable[..., T]) -> Callable[..., T]:
    """The option --json of a list, as the argument `wants_json`."""
    return click.option("--json", "wants_json", is_flag=True, help="As a JSON array.")(command)


def echo_json(values: Iterable[Any]) -> None:
    """Print values of plain types as one array."""
    click.echo(orjson.dumps(list(values)))

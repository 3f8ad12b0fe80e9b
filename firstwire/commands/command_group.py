"""A group of commands: listed under headings, each with a whole sentence, and the one that a wrong name means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from firstwire.core.text.nearest import meant_by


class CommandGroup(click.Group):
    """`sections`: the names of commands under headings; without them all are under one, by the alphabet."""

    sections: Mapping[str, Sequence[str]] = {}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with the first sentence of its help, or its short help, whole."""
        names = self.list_commands(ctx)
        width = max(map(len, names), default=0)
        for heading, listed in (self.sections or {"Commands": names}).items():
            rows = [
                (name.ljust(width), _sentence(command)) for name in listed if (command := self.get_command(ctx, name))
            ]
            with formatter.section(heading):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first argument; of a wrong name an error says which one is meant."""
        name = args[0]
        is_unknown = self.get_command(ctx, name) is None and not name.startswith("-") and not ctx.resilient_parsing
        meant = meant_by(name, self.list_commands(ctx)) if is_unknown else None
        if meant is not None:
            ctx.fail(f"No such command {name!r}; did you mean {meant!r}?")
        found: Any = super().resolve_command(ctx, args)
        return found  # type: ignore[no-any-return]


def _sentence(command: click.Command) -> str:
    text = command.short_help or " ".join((command.help or "").split("\n\n")[0].split())
    return text.partition(". ")[0].rstrip(".") + "."

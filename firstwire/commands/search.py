"""`firstwire search`."""

from __future__ import annotations

import click

from firstwire import config
from firstwire.commands.json_lists import echo_json, json_option
from firstwire.commands.options import configured, moment


@click.command()
@click.argument("query")
@click.option("--since", help="Fetched at this time or later, RFC 3339.")
@click.option("--until", help="Fetched before this time, RFC 3339.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Maximum number listed.")
@json_option
@configured
def search(
    configuration: config.Configuration,
    query: str,
    since: str | None,
    until: str | None,
    limit: int,
    wants_json: bool,
) -> None:
    """Search the articles of the last days with QUERY, written as a watch has it: it finds what the watch would."""
    from rich.console import Console

    from firstwire.commands.indexed import load_gazetteer, on_index
    from firstwire.commands.search_text import as_json, counts, table
    from firstwire.core.watches.refusal import QueryError
    from firstwire.core.watches.unknown_operators import parse_new_search
    from firstwire.index.search import search as find

    gazetteer = load_gazetteer(configuration)
    try:
        parse_new_search(query, gazetteer)
    except QueryError as err:
        raise click.UsageError(f"the query is wrong: {err}") from err
    first, end = since and moment(since), until and moment(until)
    page = on_index(
        configuration,
        lambda reader: find(reader, gazetteer, query, since=first, until=end, limit=limit),
        gazetteer,
    )
    if wants_json:
        echo_json([] if page is None else map(as_json, page.hits))
    elif page is not None:
        console = Console(highlight=False, markup=False, emoji=False)
        if page.hits:
            console.print(table(page.hits))
        for line in counts(page):
            console.print(line)
    for hint in () if page is None else page.hints:
        click.echo(f"hint: {hint}", err=True)

"""`firstwire explain`."""

from __future__ import annotations

import shutil
import sys

import click

from firstwire import config
from firstwire.commands.options import configured, moment, on_kafka


@click.command()
@click.argument("wanted", metavar="[ALERT|ARTICLE|URL]", required=False)
@click.option("--text", help="Explain a text instead: entities, events, cues, verdicts of the rules.")
@click.option("--language", help="With --text: its language; detected by default.")
@click.option("--at", "at_time", help="With --text: its time of publication, RFC 3339; default: now.")
@configured
def explain(
    configuration: config.Configuration,
    wanted: str | None,
    text: str | None,
    language: str | None,
    at_time: str | None,
) -> None:
    """Show what was decided on an alert or an article, and why."""
    if (wanted is None) == (text is None):
        raise click.UsageError("give either an alert, article or URL, or --text TEXT")
    if text is not None:
        _explain_text(configuration, text, language, at_time)
    elif language or at_time:
        raise click.UsageError("--language and --at require --text")
    else:
        _explain_trail(configuration, str(wanted))


def _explain_text(configuration: config.Configuration, text: str, language: str | None, at_time: str | None) -> None:
    from firstwire.core.text.wording import harmless
    from firstwire.explain.text import text_lines, wrapped
    from firstwire.files.knowledge import load_knowledge
    from firstwire.files.language_model import detect_language

    if not text.strip():
        raise click.UsageError("the text is empty")
    knowledge, seeds = load_knowledge(**configuration.knowledge_settings())
    lines = text_lines(text, knowledge, seeds, language=language or detect_language(text), at=moment(at_time))
    lines = [harmless(line) for line in lines]
    if sys.stdout.isatty():  # lines are not wrapped in a pipe
        width = shutil.get_terminal_size().columns
        lines = [row for line in lines for row in wrapped(line, width)]
    click.echo("\n".join(lines))


def _explain_trail(configuration: config.Configuration, wanted: str) -> None:
    from firstwire.commands.indexed import load_gazetteer
    from firstwire.core.routes.receipts import receipt_of, receipt_of_raise
    from firstwire.core.text.wording import harmless
    from firstwire.explain.trail import delivery_lines, find_trail, trail_lines
    from firstwire.notifier.rendering import parts_of, plain_lines

    prefix = configuration.settings.kafka.topic_prefix
    trail = on_kafka(configuration, lambda address: find_trail(address, prefix, wanted))
    if trail.alert is not None:
        shown = receipt_of_raise(receipt_of(trail.alert, ()), trail.deliveries)
        lines = [*plain_lines(parts_of(trail.alert, shown)), *delivery_lines(trail.deliveries)]
        lines += [f"article  {article_id}" for article_id in trail.alert.articles]
    else:
        lines = []
    gazetteer = load_gazetteer(configuration) if trail.stories and trail.watches else None
    # Titles and reasons come from feeds: they must not control the terminal
    click.echo("\n".join(harmless(line) for line in [*lines, *trail_lines(trail, gazetteer)]))
